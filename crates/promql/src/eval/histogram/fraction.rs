//! The part of observations between two values.

use model::{Bucket, Histogram};

use super::{NanEffect, without_empty_side};

/// The part of a histogram's observations that lies between two values.
pub(in crate::eval) fn fraction(lower: f64, upper: f64, histogram: &Histogram) -> (f64, NanEffect) {
    if histogram.count == 0.0 || lower.is_nan() || upper.is_nan() {
        return (f64::NAN, NanEffect::None);
    }
    if lower >= upper {
        return (0.0, NanEffect::None);
    }
    let buckets = histogram.buckets();
    let (mut count, mut effect) = (histogram.count, NanEffect::None);
    if histogram.sum.is_nan() {
        count = buckets.iter().map(|bucket| bucket.count).sum();
        if count < histogram.count {
            effect = NanEffect::Skewed;
        }
    }
    let rank = |value: f64| match rank_of(value, &buckets, histogram) {
        Some(rank) if rank > count => count,
        Some(rank) => rank,
        None => count,
    };
    ((rank(upper) - rank(lower)) / histogram.count, effect)
}

/// How many observations lie below a value, or `None` when it is above all buckets.
fn rank_of(value: f64, buckets: &[Bucket], histogram: &Histogram) -> Option<f64> {
    let mut rank = 0.0;
    for bucket in buckets {
        let is_around_zero = bucket.touches_zero();
        let bucket = if is_around_zero { without_empty_side(*bucket, histogram) } else { *bucket };
        if bucket.lower >= value {
            return Some(rank);
        }
        if bucket.upper > value {
            return Some(if !is_around_zero && !histogram.has_custom_bounds() {
                rank + bucket.count * bucket.logarithmic_part_below(value)
            } else if bucket.lower == f64::NEG_INFINITY {
                // A bucket without a lower end cannot be divided.
                bucket.count
            } else {
                rank + bucket.count * bucket.part_below(value)
            });
        }
        rank += bucket.count;
    }
    None
}
