//! The bucket around zero: two histograms are added with the wider one of theirs.

use super::sum::{Counts, HistogramSum};
use crate::KahanSum;

impl HistogramSum {
    /// How many observations a zero bucket would hold that is at least so wide, and how wide it
    /// would be: it does not end within a bucket that has a count.
    pub(super) fn zero_bucket_of(&self, threshold: f64) -> (KahanSum, f64) {
        if threshold == self.zero_threshold {
            return (self.zero_count, threshold);
        }
        let mut threshold = threshold;
        loop {
            let mut count = self.zero_count;
            // A wider zero bucket may reach into buckets of the positive side that were left out.
            let reached = self.swallow(&self.positive, threshold, &mut count);
            let reached_both = self.swallow(&self.negative, reached, &mut count);
            threshold = reached_both;
            if reached_both == reached {
                return (count, threshold);
            }
        }
    }

    /// Counts the buckets of one side that begin within the threshold; gives the end of the last
    /// one that has a count, if that is beyond the threshold.
    fn swallow(&self, side: &Counts, threshold: f64, count: &mut KahanSum) -> f64 {
        for (index, bucket) in side {
            if self.scheme.bound(index - 1) >= threshold {
                break;
            }
            count.add(bucket.sum);
            count.add(bucket.error);
            let end = self.scheme.bound(*index);
            if end > threshold {
                return if bucket.sum != 0.0 { end } else { threshold };
            }
        }
        threshold
    }

    /// Widens the zero bucket, which takes over what the buckets it covers hold.
    pub(super) fn widen_zero_bucket(&mut self, threshold: f64) {
        (self.zero_count, self.zero_threshold) = self.zero_bucket_of(threshold);
        let scheme = self.scheme.clone();
        let reached = self.zero_threshold;
        for side in [&mut self.positive, &mut self.negative] {
            side.retain(|(index, count)| {
                scheme.bound(index - 1) >= reached && (count.sum != 0.0 || count.error != 0.0)
            });
        }
    }

    /// Gives both zero buckets the same width; gives the count of the other one, which itself is
    /// not changed.
    pub(super) fn reconcile_zero_buckets(&mut self, other: &HistogramSum) -> KahanSum {
        let (mut count, mut threshold) = (other.zero_count, other.zero_threshold);
        while threshold != self.zero_threshold {
            if self.zero_threshold > threshold {
                (count, threshold) = other.zero_bucket_of(self.zero_threshold);
            }
            if threshold > self.zero_threshold {
                self.widen_zero_bucket(threshold);
            }
        }
        count
    }
}
