//! Buckets with their bounds.

use super::{Histogram, Scheme};

/// How many observations lie between two bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
    /// Whether the lower bound belongs to the bucket.
    pub lower_inclusive: bool,
    /// Whether the upper bound belongs to the bucket.
    pub upper_inclusive: bool,
    /// How many observations there are.
    pub count: f64,
}

impl Bucket {
    /// Whether zero lies in it or at one of its ends.
    pub fn touches_zero(&self) -> bool {
        self.lower <= 0.0 && self.upper >= 0.0
    }

    /// The part of the bucket below a value inside of it, if observations lie evenly in it.
    pub fn part_below(&self, value: f64) -> f64 {
        (value - self.lower) / (self.upper - self.lower)
    }

    /// The part of the bucket below a value inside of it, if the logarithms of observations lie
    /// evenly in it, as exponential buckets suppose.
    pub fn logarithmic_part_below(&self, value: f64) -> f64 {
        let [lower, upper, value_log] = [self.lower, self.upper, value].map(|v| v.abs().log2());
        if value > 0.0 {
            (value_log - lower) / (upper - lower)
        } else {
            1.0 - (value_log - upper) / (lower - upper)
        }
    }
}

impl Histogram {
    /// A bucket of the positive side.
    pub(super) fn positive_bucket(&self, index: i32, count: f64) -> Bucket {
        let (lower, upper) = (self.scheme.bound(index - 1), self.scheme.bound(index));
        let lower_inclusive = match self.scheme {
            Scheme::Custom(_) => index == 0,
            Scheme::Exponential(_) => lower < 0.0,
        };
        Bucket { lower, upper, lower_inclusive, upper_inclusive: true, count }
    }

    /// A bucket of the negative side.
    pub(super) fn negative_bucket(&self, index: i32, count: f64) -> Bucket {
        let (lower, upper) = (-self.scheme.bound(index), -self.scheme.bound(index - 1));
        Bucket { lower, upper, lower_inclusive: true, upper_inclusive: upper > 0.0, count }
    }

    /// The buckets of the positive side from zero on, as their bounds are by their scheme.
    pub fn positive_buckets(&self) -> impl Iterator<Item = Bucket> {
        self.positive.iter().map(|(index, count)| self.positive_bucket(index, count))
    }

    /// The buckets of the negative side from zero on, as their bounds are by their scheme.
    pub fn negative_buckets(&self) -> impl Iterator<Item = Bucket> {
        self.negative.iter().map(|(index, count)| self.negative_bucket(index, count))
    }

    /// The bucket around zero.
    pub fn zero_bucket(&self) -> Bucket {
        Bucket {
            lower: -self.zero_threshold,
            upper: self.zero_threshold,
            lower_inclusive: true,
            upper_inclusive: true,
            count: self.zero_count,
        }
    }

    /// All buckets from the lowest on, that around zero only if it has a count. None reaches into
    /// that around zero.
    pub fn buckets(&self) -> Vec<Bucket> {
        let mut all: Vec<_> = self.negative_buckets().collect();
        all.reverse();
        let zero = Some(self.zero_bucket()).filter(|bucket| bucket.count > 0.0);
        all.extend(zero.into_iter().chain(self.positive_buckets()));
        for bucket in &mut all {
            if bucket.upper < 0.0 && bucket.upper > -self.zero_threshold {
                bucket.upper = -self.zero_threshold;
            } else if bucket.lower > 0.0 && bucket.lower < self.zero_threshold {
                bucket.lower = self.zero_threshold;
            }
        }
        all
    }
}
