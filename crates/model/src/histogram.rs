//! Native histograms: one sample that holds a whole distribution
//! (<https://prometheus.io/docs/specs/native_histograms/>).
//!
//! Counts are floats only: whole numbers up to 2^53 are exact, which no bucket exceeds in practice,
//! and rates of counts are fractions anyway.

mod bounds;
mod bucket;
mod buckets;
mod custom;
mod reset;
mod sum;
#[cfg(test)]
mod tests;
mod validate;
mod zero;

use std::sync::Arc;

pub use bounds::Scheme;
pub use bucket::Bucket;
pub use buckets::{Buckets, Span};
pub use sum::{Combined, HistogramSum, IncompatibleSchemes};
pub use validate::HistogramError;

/// How many observations there were, and of which size.
///
/// Buckets beyond zero are numbered: with exponential bounds from the one that ends at 1, which is
/// number 0, upwards, and on the negative side in the same way downwards; with custom bounds from
/// the lowest, which is number 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Where the bounds of buckets lie.
    pub scheme: Scheme,
    /// Whether the counter began anew with this sample, as far as it is known.
    pub hint: ResetHint,
    /// How many observations there were, NaNs among them.
    pub count: f64,
    /// The sum of the observations.
    pub sum: f64,
    /// How far from zero the zero bucket reaches; 0 with custom bounds.
    pub zero_threshold: f64,
    /// How many observations lie in the zero bucket; 0 with custom bounds.
    pub zero_count: f64,
    /// The buckets above zero, or all of them with custom bounds.
    pub positive: Buckets,
    /// The buckets below zero; none with custom bounds.
    pub negative: Buckets,
}

/// What is known of a counter between a sample and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResetHint {
    /// Nothing: the samples have to be compared.
    #[default]
    Unknown,
    /// It began anew.
    Reset,
    /// It went on.
    NotReset,
    /// It is no counter: its counts may fall.
    Gauge,
}

impl Histogram {
    /// A histogram without observations.
    pub fn empty(scheme: Scheme) -> Self {
        Histogram {
            scheme,
            hint: ResetHint::Unknown,
            count: 0.0,
            sum: 0.0,
            zero_threshold: 0.0,
            zero_count: 0.0,
            positive: Buckets::default(),
            negative: Buckets::default(),
        }
    }

    /// Whether its bounds are custom ones.
    pub fn has_custom_bounds(&self) -> bool {
        matches!(self.scheme, Scheme::Custom(_))
    }

    /// Multiplies all counts and the sum.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        self.change(|value| value * factor);
        if factor < 0.0 {
            self.hint = ResetHint::Gauge;
        }
        self
    }

    /// Divides all counts and the sum; by zero nothing is left of the buckets.
    #[must_use]
    pub fn divided_by(mut self, divisor: f64) -> Self {
        self.change(|value| value / divisor);
        if divisor == 0.0 {
            self.positive = Buckets::default();
            self.negative = Buckets::default();
        } else if divisor < 0.0 {
            self.hint = ResetHint::Gauge;
        }
        self
    }

    fn change(&mut self, change: impl Fn(f64) -> f64) {
        for value in [&mut self.zero_count, &mut self.count, &mut self.sum] {
            *value = change(*value);
        }
        for buckets in [&mut self.positive, &mut self.negative] {
            buckets.counts_mut().iter_mut().for_each(|count| *count = change(*count));
        }
    }

    /// The sum of two histograms, and what had to be done for it.
    ///
    /// # Errors
    /// When only one of them has custom bounds.
    pub fn plus(&self, other: &Histogram) -> Result<(Histogram, Combined), IncompatibleSchemes> {
        let mut sum = HistogramSum::from(self);
        let combined = sum.add_plainly(other)?;
        Ok((sum.plain(), combined))
    }

    /// The difference of two histograms, and what had to be done for it.
    ///
    /// # Errors
    /// As [`Histogram::plus`].
    pub fn minus(&self, other: &Histogram) -> Result<(Histogram, Combined), IncompatibleSchemes> {
        let mut negated = other.clone();
        negated.change(|value| -value);
        self.plus(&negated)
    }

    /// The same with exponential buckets of a lower resolution; as it is, if its resolution is as
    /// low already or its bounds are custom ones.
    #[must_use]
    pub fn reduced_to(self, schema: i8) -> Histogram {
        match self.scheme {
            Scheme::Exponential(own) if own > schema => {
                let mut sum = HistogramSum::from(&self);
                sum.reduce_to(Scheme::Exponential(schema));
                sum.plain()
            }
            _ => self,
        }
    }

    /// The same without empty buckets.
    #[must_use]
    pub fn compact(mut self) -> Self {
        for buckets in [&mut self.positive, &mut self.negative] {
            if buckets.counts().contains(&0.0) {
                *buckets = buckets.iter().filter(|(_, count)| *count != 0.0).collect();
            }
        }
        self
    }

    /// Whether both say the same of the observations: all but the hint and empty buckets.
    pub fn is_same(&self, other: &Histogram) -> bool {
        let numbers = |h: &Histogram| {
            [h.count, h.sum, h.zero_threshold + 0.0, h.zero_count].map(f64::to_bits)
        };
        let has_same = |a: &Buckets, b: &Buckets| {
            let filled = |(_, count): &(i32, f64)| *count != 0.0;
            let bits = |(index, count): (i32, f64)| (index, count.to_bits());
            a.iter().filter(filled).map(bits).eq(b.iter().filter(filled).map(bits))
        };
        self.scheme == other.scheme
            && numbers(self) == numbers(other)
            && has_same(&self.positive, &other.positive)
            && has_same(&self.negative, &other.negative)
    }

    /// About how many bytes it occupies beyond its own fixed size.
    pub fn byte_len(&self) -> usize {
        let bounds = match &self.scheme {
            Scheme::Custom(bounds) => size_of_val::<[f64]>(bounds),
            Scheme::Exponential(_) => 0,
        };
        let buckets = |buckets: &Buckets| {
            size_of_val(buckets.counts()) + size_of_val::<[i32]>(buckets.layout())
        };
        bounds + buckets(&self.positive) + buckets(&self.negative)
    }
}

/// What a sample holds: a number, or a whole distribution.
#[derive(Clone, Debug)]
pub enum SampleValue {
    /// A number; NaNs keep their bits.
    Float(f64),
    /// A native histogram.
    Histogram(Arc<Histogram>),
}

impl SampleValue {
    /// The number, if it is one.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            SampleValue::Float(value) => Some(*value),
            SampleValue::Histogram(_) => None,
        }
    }

    /// The histogram, if it is one.
    pub fn as_histogram(&self) -> Option<&Arc<Histogram>> {
        match self {
            SampleValue::Float(_) => None,
            SampleValue::Histogram(histogram) => Some(histogram),
        }
    }
}

impl PartialEq for SampleValue {
    /// Numbers bit for bit, so that NaNs compare.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (SampleValue::Float(a), SampleValue::Float(b)) => a.to_bits() == b.to_bits(),
            (SampleValue::Histogram(a), SampleValue::Histogram(b)) => a == b,
            _ => false,
        }
    }
}

impl From<f64> for SampleValue {
    fn from(value: f64) -> Self {
        SampleValue::Float(value)
    }
}

impl From<Histogram> for SampleValue {
    fn from(histogram: Histogram) -> Self {
        SampleValue::Histogram(Arc::new(histogram))
    }
}
