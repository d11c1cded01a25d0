//! Whether a histogram is one.

use super::{Buckets, Histogram, Scheme};

/// The most buckets one sample may have on each side.
const BUCKETS_MAX: usize = 10_000;

/// What is wrong with a histogram that came from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistogramError {
    /// A count is below zero.
    #[error("a count is negative")]
    NegativeCount,
    /// Custom bounds have to be finite and to ascend.
    #[error("custom bounds must be finite and in strictly increasing order")]
    Bounds,
    /// A bucket lies beyond the custom bounds.
    #[error("there are more buckets than custom bounds")]
    TooFewBounds,
    /// With custom bounds there is neither a zero bucket nor a negative side.
    #[error("custom buckets have neither a zero bucket nor negative buckets")]
    CustomSides,
    /// There is a limit to the size of a sample.
    #[error("a histogram has more than 10000 buckets")]
    TooManyBuckets,
    /// The width of the zero bucket has to be a number from 0 on.
    #[error("the threshold of the zero bucket is not a positive number")]
    ZeroThreshold,
}

impl Histogram {
    /// Checks what came from outside.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn validate(&self) -> Result<(), HistogramError> {
        let sides = [&self.positive, &self.negative];
        if sides.iter().any(|side| side.counts().len() > BUCKETS_MAX) {
            return Err(HistogramError::TooManyBuckets);
        }
        if self.zero_threshold.is_nan() || self.zero_threshold < 0.0 {
            return Err(HistogramError::ZeroThreshold);
        }
        if let Scheme::Custom(bounds) = &self.scheme {
            self.validate_custom(bounds)?;
        }
        let is_negative = |buckets: &Buckets| buckets.counts().iter().any(|count| *count < 0.0);
        if self.count < 0.0 || self.zero_count < 0.0 || sides.into_iter().any(is_negative) {
            return Err(HistogramError::NegativeCount);
        }
        Ok(())
    }

    fn validate_custom(&self, bounds: &[f64]) -> Result<(), HistogramError> {
        if !bounds.iter().all(|bound| bound.is_finite()) || !bounds.is_sorted_by(|a, b| a < b) {
            return Err(HistogramError::Bounds);
        }
        if self.zero_threshold != 0.0 || self.zero_count != 0.0 || !self.negative.is_empty() {
            return Err(HistogramError::CustomSides);
        }
        let layout = self.positive.layout();
        let is_outside = |index: &i32| usize::try_from(*index).map_or(true, |i| i > bounds.len());
        if layout.first().is_some_and(is_outside) || layout.last().is_some_and(is_outside) {
            return Err(HistogramError::TooFewBounds);
        }
        Ok(())
    }
}
