//! Means of histograms.

use model::{Combined, Histogram, HistogramSum, IncompatibleSchemes};

/// A mean that is the sum divided by the count as long as no sum overflows, and is carried on from
/// histogram to histogram from there on. The order of operations is that of Prometheus.
#[derive(Clone, Debug)]
pub(in crate::eval) struct HistogramMean {
    sum: HistogramSum,
    count: f64,
    is_incremental: bool,
}

impl HistogramMean {
    pub(in crate::eval) fn starting_with(histogram: &Histogram) -> Self {
        HistogramMean { sum: HistogramSum::from(histogram), count: 1.0, is_incremental: false }
    }

    pub(in crate::eval) fn add(
        &mut self,
        histogram: &Histogram,
    ) -> Result<Combined, IncompatibleSchemes> {
        self.count += 1.0;
        if !self.is_incremental {
            let mut sum = self.sum.clone();
            let combined = sum.add(histogram)?;
            if !sum.overflows() {
                self.sum = sum;
                return Ok(combined);
            }
            self.is_incremental = true;
            self.sum = self.sum.clone().divided_by(self.count - 1.0);
        }
        self.sum = self.sum.clone().times((self.count - 1.0) / self.count);
        self.sum.add(&histogram.clone().divided_by(self.count))
    }

    pub(in crate::eval) fn value(self) -> Histogram {
        if self.is_incremental { self.sum.total() } else { self.sum.divided_by(self.count).total() }
    }
}

#[cfg(test)]
mod tests {
    use model::{Buckets, Scheme};

    use super::*;

    #[test]
    fn a_mean_does_not_overflow() {
        let mut large = Histogram::empty(Scheme::Exponential(0));
        large.count = 4.0;
        large.sum = f64::MAX;
        large.positive = [(1, 4.0)].into_iter().collect::<Buckets>();
        let mut mean = HistogramMean::starting_with(&large);
        mean.add(&large).unwrap();
        mean.add(&large).unwrap();
        let mean = mean.value();
        assert!((mean.sum / f64::MAX - 1.0).abs() < 1e-15);
        assert_eq!((mean.count, mean.positive.counts()), (4.0, &[4.0][..]));
    }
}
