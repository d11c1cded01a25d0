//! Whether a counter began anew between two samples.

use super::custom::{add_coarser, common};
use super::sum::{Counts, HistogramSum, reduced};
use super::{Histogram, ResetHint, Scheme};
use crate::KahanSum;

impl Histogram {
    /// Whether the counter began anew after `previous`: any count is lower, or finer buckets came
    /// that could not have been told before.
    pub fn is_reset_after(&self, previous: &Histogram) -> bool {
        match self.hint {
            ResetHint::Reset => return true,
            ResetHint::NotReset => return false,
            ResetHint::Unknown | ResetHint::Gauge => {}
        }
        if self.count < previous.count {
            return true;
        }
        match (&self.scheme, &previous.scheme) {
            (Scheme::Custom(bounds), Scheme::Custom(before)) => {
                self.has_lower_custom_bucket(bounds, previous, before)
            }
            (Scheme::Exponential(schema), Scheme::Exponential(before)) => {
                schema > before || self.has_lower_bucket(*schema, previous, *before)
            }
            _ => true,
        }
    }

    fn has_lower_bucket(&self, schema: i8, previous: &Histogram, before: i8) -> bool {
        if self.zero_threshold < previous.zero_threshold {
            return true;
        }
        let (mine, previous) = (HistogramSum::from(self), HistogramSum::from(previous));
        let (zero_count, threshold) = previous.zero_bucket_of(self.zero_threshold);
        if threshold != self.zero_threshold || self.zero_count < zero_count.sum {
            return true;
        }
        let sides = [(&mine.positive, &previous.positive), (&mine.negative, &previous.negative)];
        sides.into_iter().any(|(mine, previous)| {
            let previous = reduced(previous, before, schema);
            let is_outside = |index: i32| self.scheme.bound(index) > self.zero_threshold;
            let mut mine = mine.iter().filter(|(index, _)| is_outside(*index)).peekable();
            let mut previous = previous.iter().filter(|(index, _)| is_outside(*index));
            previous.any(|(index, before)| {
                while mine.next_if(|(mine, _)| mine < index).is_some() {}
                let now = mine.next_if(|(mine, _)| mine == index);
                match now {
                    Some((_, now)) => now.sum < before.sum,
                    None => before.sum != 0.0,
                }
            })
        })
    }

    /// By the bounds that both have.
    fn has_lower_custom_bucket(
        &self,
        bounds: &[f64],
        previous: &Histogram,
        before: &[f64],
    ) -> bool {
        let shared = common(bounds, before);
        let by_shared_bounds = |counts: &Counts, bounds: &[f64]| {
            let mut out = vec![KahanSum::default(); shared.len() + 1];
            add_coarser(counts, bounds, &shared, &mut out);
            out
        };
        let now = by_shared_bounds(&HistogramSum::from(self).positive, bounds);
        let before = by_shared_bounds(&HistogramSum::from(previous).positive, before);
        now.iter().zip(&before).any(|(now, before)| now.sum < before.sum)
    }

    /// The hint under which a store gives this sample to readers, when `previous` is the sample of
    /// its series just before it and is a histogram.
    ///
    /// As in Prometheus, a sample that cannot go on in the chunk of the one before it says nothing,
    /// not even that there was a reset: the one before may be gone or may yet arrive.
    pub fn stored_hint(&self, previous: Option<&Histogram>) -> ResetHint {
        if self.hint == ResetHint::Gauge {
            return ResetHint::Gauge;
        }
        let Some(previous) = previous.filter(|previous| previous.hint != ResetHint::Gauge) else {
            return ResetHint::Unknown;
        };
        let goes_on = self.hint != ResetHint::Reset
            && self.scheme == previous.scheme
            && self.zero_threshold == previous.zero_threshold
            && !Histogram { hint: ResetHint::Unknown, ..self.clone() }.is_reset_after(previous);
        if goes_on { ResetHint::NotReset } else { ResetHint::Unknown }
    }
}
