//! The operators `</` and `>/`, which take away the observations above or below a value.

use model::{Bucket, Buckets, Histogram};

/// Which end is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum End {
    Upper,
    Lower,
}

/// What is left of a bucket: so many observations, whose sum is estimated from a middle of them.
struct Rest {
    count: f64,
    middle: f64,
}

/// The shape of a bucket decides where the middle of observations is taken to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Custom,
    Positive,
    Negative,
}

/// The histogram of the observations that are left. Where no bucket changes, nothing does.
pub(in crate::eval) fn trimmed(mut histogram: Histogram, at: f64, end: End) -> Histogram {
    let shape = if histogram.has_custom_bounds() { Shape::Custom } else { Shape::Positive };
    let positive: Vec<_> = histogram.positive_buckets().collect();
    let negative: Vec<_> = histogram.negative_buckets().collect();
    let mut sums = Sums::default();
    let sides = [
        (positive, shape, &mut histogram.positive),
        (negative, Shape::Negative, &mut histogram.negative),
    ];
    let has_any = sides.map(|(buckets, shape, counts)| {
        sums.trim_side(&buckets, shape, counts, at, end);
        buckets.iter().any(|bucket| bucket.count != 0.0)
    });
    if histogram.zero_count > 0.0 {
        let mut zero = histogram.zero_bucket();
        match has_any {
            [false, true] => zero.upper = 0.0,
            [true, false] => zero.lower = 0.0,
            _ => {}
        }
        let rest = rest_of_zero(&zero, at, end);
        sums.is_changed |= rest.count != histogram.zero_count;
        histogram.zero_count = rest.count;
        sums.add(&rest);
    }
    if !sums.is_changed {
        return histogram;
    }
    histogram.count = sums.count;
    histogram.sum = sums.sum;
    histogram.compact()
}

#[derive(Default)]
struct Sums {
    count: f64,
    sum: f64,
    is_changed: bool,
}

impl Sums {
    fn add(&mut self, rest: &Rest) {
        self.count += rest.count;
        self.sum += rest.middle * rest.count;
    }

    fn trim_side(
        &mut self,
        buckets: &[Bucket],
        shape: Shape,
        counts: &mut Buckets,
        at: f64,
        end: End,
    ) {
        for (bucket, count) in buckets.iter().zip(counts.counts_mut()) {
            if bucket.count == 0.0 {
                continue;
            }
            let (is_whole, is_cut) = match end {
                End::Upper => (bucket.upper <= at, bucket.lower < at),
                End::Lower => (bucket.lower >= at, bucket.upper > at),
            };
            let rest = if is_whole {
                let middle = middle(bucket.lower, bucket.upper, shape);
                Rest { count: bucket.count, middle }
            } else if is_cut {
                rest_of(bucket, at, end, shape)
            } else {
                Rest { count: 0.0, middle: 0.0 }
            };
            self.is_changed |= *count != rest.count;
            *count = rest.count;
            self.add(&rest);
        }
    }
}

/// What is left of a bucket that is cut.
fn rest_of(bucket: &Bucket, at: f64, end: End, shape: Shape) -> Rest {
    if bucket.lower == f64::NEG_INFINITY {
        return rest_without_lower_bound(bucket, at, end);
    }
    if bucket.upper == f64::INFINITY {
        // Nothing is known of how far up the observations lie, so all stay above, none below.
        return match end {
            End::Upper => Rest { count: 0.0, middle: 0.0 },
            End::Lower => Rest { count: bucket.count, middle: at },
        };
    }
    let part = if shape == Shape::Custom {
        bucket.part_below(at)
    } else {
        bucket.logarithmic_part_below(at)
    };
    let below = bucket.count * part;
    match end {
        End::Upper => Rest { count: below, middle: middle(bucket.lower, at, shape) },
        End::Lower => Rest { count: bucket.count - below, middle: middle(at, bucket.upper, shape) },
    }
}

/// The lowest custom bucket is taken to begin at zero if it ends above zero.
fn rest_without_lower_bound(bucket: &Bucket, at: f64, end: End) -> Rest {
    let is_divided = at >= 0.0 && bucket.upper > at && bucket.upper < f64::INFINITY;
    match end {
        End::Upper if at > 0.0 && is_divided => {
            Rest { count: bucket.count * at / bucket.upper, middle: at / 2.0 }
        }
        End::Upper if bucket.upper <= 0.0 => Rest { count: bucket.count, middle: at },
        End::Lower if is_divided => Rest {
            count: bucket.count * (1.0 - at / bucket.upper),
            middle: (at + bucket.upper) / 2.0,
        },
        _ => Rest { count: 0.0, middle: 0.0 },
    }
}

/// The zero bucket is divided evenly.
fn rest_of_zero(zero: &Bucket, at: f64, end: End) -> Rest {
    let (is_whole, is_gone) = match end {
        End::Upper => (at >= zero.upper, at <= zero.lower),
        End::Lower => (at <= zero.lower, at >= zero.upper),
    };
    // A bucket without a width that lies at the cut is gone above it and whole below it.
    if is_gone && !(is_whole && end == End::Lower) {
        return Rest { count: 0.0, middle: 0.0 };
    }
    if is_whole {
        return Rest { count: zero.count, middle: (zero.lower + zero.upper) / 2.0 };
    }
    let width = zero.upper - zero.lower;
    match end {
        End::Upper => Rest {
            count: zero.count * ((at - zero.lower) / width),
            middle: (zero.lower + at) / 2.0,
        },
        End::Lower => Rest {
            count: zero.count * ((zero.upper - at) / width),
            middle: (at + zero.upper) / 2.0,
        },
    }
}

/// Where the observations between two bounds are taken to lie.
fn middle(lower: f64, upper: f64, shape: Shape) -> f64 {
    if lower.is_infinite() {
        return match upper {
            upper if upper.is_infinite() => 0.0,
            upper if upper > 0.0 => upper / 2.0,
            upper => upper,
        };
    }
    if upper.is_infinite() {
        return lower;
    }
    match shape {
        Shape::Custom => (lower + upper) / 2.0,
        Shape::Positive => (lower * upper).abs().sqrt(),
        Shape::Negative => -(lower * upper).abs().sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use model::Scheme;

    use super::*;

    #[test]
    fn both_parts_have_all_observations_together() {
        let mut histogram = Histogram::empty(Scheme::Exponential(0));
        histogram.positive = [(0, 3.0), (1, 2.0), (4, 7.0)].into_iter().collect();
        histogram.negative = [(1, 5.0), (3, 1.0)].into_iter().collect();
        histogram.zero_count = 4.0;
        histogram.zero_threshold = 0.25;
        histogram.count = 22.0;
        for at in [-9.0, -8.0, -5.0, -1.5, -0.1, 0.0, 0.2, 0.7, 1.0, 1.9, 3.0, 8.0, 9.0, 99.0] {
            let below = trimmed(histogram.clone(), at, End::Upper);
            let above = trimmed(histogram.clone(), at, End::Lower);
            let sum = below.count + above.count;
            assert!((sum - histogram.count).abs() < 1e-9, "{at}: {below:?} and {above:?}");
        }
        assert_eq!(trimmed(histogram.clone(), f64::INFINITY, End::Upper), histogram);
        assert_eq!(trimmed(histogram.clone(), f64::NEG_INFINITY, End::Lower), histogram);
    }
}
