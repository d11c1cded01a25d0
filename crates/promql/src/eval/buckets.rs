//! Classic histograms: cumulative counts by upper bound.

use super::annotations::Forced;

/// Differences between counts smaller than this part of them come from rounding.
const TOLERANCE: f64 = 1e-12;

/// How many observations were at most `upper_bound`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bucket {
    pub(crate) upper_bound: f64,
    pub(crate) count: f64,
}

/// The value below which the part `q` of the observations lies, with linear interpolation within
/// its bucket; and where counts had to be raised so that they grow, at the instant `t_ms`.
pub(crate) fn quantile(q: f64, buckets: Vec<Bucket>, t_ms: i64) -> (f64, Option<Forced>) {
    if q.is_nan() {
        return (f64::NAN, None);
    }
    if q < 0.0 {
        return (f64::NEG_INFINITY, None);
    }
    if q > 1.0 {
        return (f64::INFINITY, None);
    }
    let Some(mut buckets) = prepared(buckets) else { return (f64::NAN, None) };
    let forced = ensure_monotonic(&mut buckets, t_ms);
    let observations = buckets.last().map_or(0.0, |bucket| bucket.count);
    // A NaN count is no reason to stop here: it makes the result NaN by itself.
    if buckets.len() < 2 || observations == 0.0 {
        return (f64::NAN, forced);
    }
    let mut rank = q * observations;
    let last = buckets.len() - 1;
    let reaches_rank = |bucket: &Bucket| bucket.count >= rank;
    let index = buckets[..last].partition_point(|bucket| !reaches_rank(bucket));
    if index == last {
        return (buckets[last - 1].upper_bound, forced);
    }
    let bucket = buckets[index];
    if index == 0 && bucket.upper_bound <= 0.0 {
        return (bucket.upper_bound, forced);
    }
    let (mut lower_bound, mut count) = (0.0, bucket.count);
    if index > 0 {
        let below = buckets[index - 1];
        lower_bound = below.upper_bound;
        count -= below.count;
        rank -= below.count;
    }
    (lower_bound + (bucket.upper_bound - lower_bound) * (rank / count), forced)
}

/// The part of the observations between two values, with linear interpolation within buckets.
pub(crate) fn fraction(lower: f64, upper: f64, buckets: Vec<Bucket>) -> f64 {
    let Some(buckets) = prepared(buckets) else { return f64::NAN };
    let count = buckets.last().map_or(0.0, |bucket| bucket.count);
    if count == 0.0 || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    let capped = |rank: Option<f64>| match rank {
        Some(rank) if rank > count => count,
        Some(rank) => rank,
        None => count,
    };
    (capped(rank_of(upper, &buckets)) - capped(rank_of(lower, &buckets))) / count
}

/// How many observations lie below a value, or `None` when it is above all bounds.
fn rank_of(value: f64, buckets: &[Bucket]) -> Option<f64> {
    let is_positive = buckets[0].upper_bound > 0.0;
    let mut lower_bound = if is_positive { 0.0 } else { f64::NEG_INFINITY };
    let mut rank = 0.0;
    for bucket in buckets {
        if lower_bound >= value {
            return Some(rank);
        }
        if bucket.upper_bound > value {
            // A bucket without a lower end cannot be interpolated.
            if lower_bound == f64::NEG_INFINITY {
                return Some(bucket.count);
            }
            let width = bucket.upper_bound - lower_bound;
            return Some(rank + (bucket.count - rank) * (value - lower_bound) / width);
        }
        rank = bucket.count;
        lower_bound = bucket.upper_bound;
    }
    None
}

/// The buckets by bound, those with equal bounds added up; `None` without one for all values.
fn prepared(mut buckets: Vec<Bucket>) -> Option<Vec<Bucket>> {
    buckets.sort_by(|a, b| a.upper_bound.total_cmp(&b.upper_bound));
    buckets.last().filter(|bucket| bucket.upper_bound == f64::INFINITY)?;
    buckets.dedup_by(|next, kept| {
        let is_same = next.upper_bound == kept.upper_bound;
        if is_same {
            kept.count += next.count;
        }
        is_same
    });
    Some(buckets)
}

/// Raises counts that are below those before them. Differences that come from rounding are evened
/// out silently, the others are reported.
fn ensure_monotonic(buckets: &mut [Bucket], t_ms: i64) -> Option<Forced> {
    let mut previous = buckets[0].count;
    let mut forced: Option<Forced> = None;
    for bucket in &mut buckets[1..] {
        let count = bucket.count;
        if count == previous {
            continue;
        }
        if almost_equal(previous, count, TOLERANCE) {
            bucket.count = previous;
            continue;
        }
        if count < previous {
            bucket.count = previous;
            let bound = bucket.upper_bound;
            let first =
                Forced { bounds: (bound, bound), max_diff: 0.0, times_ms: (t_ms, t_ms), count: 1 };
            let forced = forced.get_or_insert(first);
            forced.bounds = (forced.bounds.0.min(bound), forced.bounds.1.max(bound));
            forced.max_diff = forced.max_diff.max(previous - count);
            continue;
        }
        previous = count;
    }
    forced
}

/// Whether two numbers differ by less than the part `epsilon` of their sum; NaNs are equal.
pub(crate) fn almost_equal(a: f64, b: f64, epsilon: f64) -> bool {
    if model::is_stale_nan(a) || model::is_stale_nan(b) {
        return model::is_stale_nan(a) && model::is_stale_nan(b);
    }
    if a == b || a.is_nan() && b.is_nan() {
        return true;
    }
    let (sum, difference) = (a.abs() + b.abs(), (a - b).abs());
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < epsilon * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < epsilon
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(pairs: &[(f64, f64)]) -> Vec<Bucket> {
        pairs.iter().map(|&(upper_bound, count)| Bucket { upper_bound, count }).collect()
    }

    #[test]
    fn quantiles_interpolate_within_a_bucket() {
        let all = buckets(&[(f64::INFINITY, 4.0), (1.0, 1.0), (2.0, 3.0)]);
        for (q, value) in [(0.25, 1.0), (0.5, 1.5), (0.75, 2.0), (0.9, 2.0), (0.0, 0.0)] {
            assert_eq!(quantile(q, all.clone(), 0), (value, None));
        }
        assert_eq!(quantile(-1.0, all.clone(), 0).0, f64::NEG_INFINITY);
        assert_eq!(quantile(2.0, all, 0).0, f64::INFINITY);
        assert!(quantile(0.5, buckets(&[(1.0, 1.0)]), 0).0.is_nan(), "no bucket for all");
    }

    #[test]
    fn counts_that_fall_are_raised_and_reported() {
        let (value, forced) =
            quantile(0.5, buckets(&[(1.0, 5.0), (2.0, 3.0), (f64::INFINITY, 6.0)]), 7);
        let forced = forced.unwrap();
        assert_eq!((value, forced.bounds, forced.max_diff), (0.6, (2.0, 2.0), 2.0));
        let rounding = buckets(&[(1.0, 5.0), (2.0, 5.0 - 1e-14), (f64::INFINITY, 5.0)]);
        assert_eq!(quantile(0.5, rounding, 0), (0.5, None));
    }

    #[test]
    fn fractions_between_two_values() {
        let all = buckets(&[(1.0, 1.0), (2.0, 3.0), (f64::INFINITY, 4.0)]);
        let all = || all.clone();
        assert_eq!(fraction(0.0, 1.0, all()), 0.25);
        assert_eq!(fraction(1.5, f64::INFINITY, all()), 0.5);
        assert_eq!(fraction(f64::NEG_INFINITY, f64::INFINITY, all()), 1.0);
        assert_eq!(fraction(2.0, 1.0, all()), 0.0);
        assert!(fraction(f64::NAN, 1.0, all()).is_nan());
    }
}
