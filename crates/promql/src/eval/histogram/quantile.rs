//! Quantiles of native histograms.

use model::{Bucket, Histogram};

use super::{NanEffect, without_empty_side};

/// The value below which the part `q` of the observations lies. Within a bucket the logarithms of
/// observations are taken to lie evenly, within custom buckets and that around zero the
/// observations themselves.
pub(in crate::eval) fn quantile(q: f64, histogram: &Histogram) -> (f64, NanEffect) {
    if q < 0.0 {
        return (f64::NEG_INFINITY, NanEffect::None);
    }
    if q > 1.0 {
        return (f64::INFINITY, NanEffect::None);
    }
    if histogram.count == 0.0 || q.is_nan() {
        return (f64::NAN, NanEffect::None);
    }
    let has_nans = histogram.sum.is_nan();
    // The nearer end is the more exact one; NaNs lie above all buckets.
    let from_below = has_nans || q < 0.5;
    let mut buckets = histogram.buckets();
    if !from_below {
        buckets.reverse();
    }
    let part = if from_below { q } else { 1.0 - q };
    let mut rank = part * histogram.count;
    let (mut bucket, mut count, after) = reach(&buckets, rank);
    if histogram.has_custom_bounds() {
        if bucket.lower == f64::NEG_INFINITY {
            if bucket.upper <= 0.0 {
                return (bucket.upper, NanEffect::None);
            }
            bucket.lower = 0.0;
        } else if bucket.upper == f64::INFINITY {
            return (bucket.lower, NanEffect::None);
        }
    } else if bucket.lower < 0.0 && bucket.upper > 0.0 {
        bucket = without_empty_side(bucket, histogram);
    }
    // Rounding must not find more observations than there are.
    if count > histogram.count {
        count = histogram.count;
    }
    if count < rank {
        return if has_nans {
            (f64::NAN, NanEffect::IsResult)
        } else {
            (bucket.upper, NanEffect::None)
        };
    }
    rank = if from_below { rank - (count - bucket.count) } else { count - rank };
    let mut effect = NanEffect::None;
    if has_nans && after.iter().fold(count, |sum, b| sum + b.count) < histogram.count {
        effect = NanEffect::Skewed;
    }
    (within(&bucket, rank / bucket.count, histogram.has_custom_bounds()), effect)
}

/// The first bucket with which so many observations are reached, the observations up to it, and the
/// buckets after it. Where there are fewer observations it is the last bucket.
fn reach(buckets: &[Bucket], rank: f64) -> (Bucket, f64, &[Bucket]) {
    let mut count = 0.0;
    for (position, bucket) in buckets.iter().enumerate().filter(|(_, bucket)| bucket.count != 0.0) {
        count += bucket.count;
        if count >= rank {
            return (*bucket, count, &buckets[position + 1..]);
        }
    }
    (buckets.last().copied().unwrap_or_default(), count, &[])
}

/// The value so far into a bucket.
fn within(bucket: &Bucket, part: f64, is_linear: bool) -> f64 {
    if is_linear || bucket.touches_zero() {
        return bucket.lower + (bucket.upper - bucket.lower) * part;
    }
    let (lower, upper) = (bucket.lower.abs().log2(), bucket.upper.abs().log2());
    if bucket.lower > 0.0 {
        (lower + (upper - lower) * part).exp2()
    } else {
        -(upper + (lower - upper) * (1.0 - part)).exp2()
    }
}

#[cfg(test)]
mod tests {
    use model::Scheme;

    use super::*;

    fn histogram(positive: &[(i32, f64)], negative: &[(i32, f64)]) -> Histogram {
        let count = positive.iter().chain(negative).map(|(_, count)| count).sum();
        Histogram {
            positive: positive.iter().copied().collect(),
            negative: negative.iter().copied().collect(),
            count,
            ..Histogram::empty(Scheme::Exponential(0))
        }
    }

    #[test]
    fn a_quantile_lies_in_its_bucket() {
        let positive = histogram(&[(0, 1.0), (1, 2.0), (2, 1.0)], &[]);
        for (q, value) in [(0.0, 0.5), (0.25, 1.0), (0.5, 2f64.sqrt()), (0.75, 2.0), (1.0, 4.0)] {
            let (found, effect) = quantile(q, &positive);
            assert!((found - value).abs() < 1e-12, "{q}: {found}");
            assert_eq!(effect, NanEffect::None);
        }
        let negative = histogram(&[], &[(0, 1.0), (1, 2.0), (2, 1.0)]);
        assert!((quantile(0.5, &negative).0 + 2f64.sqrt()).abs() < 1e-12);
        assert_eq!(quantile(-0.1, &negative).0, f64::NEG_INFINITY);
    }

    #[test]
    fn nans_lie_above_all_buckets() {
        let with_nan = Histogram { count: 2.0, sum: f64::NAN, ..histogram(&[(0, 1.0)], &[]) };
        assert_eq!(quantile(0.5, &with_nan), (1.0, NanEffect::Skewed));
        let (value, effect) = quantile(0.9, &with_nan);
        assert!(value.is_nan() && effect == NanEffect::IsResult);
    }
}
