//! Sums and means that lose little.

pub(crate) use model::KahanSum as Sum;

/// A mean that is the sum divided by the count as long as the sum does not overflow, and is carried
/// on from value to value from there on. The order of operations is that of Prometheus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mean {
    sum: Sum,
    count: f64,
    is_incremental: bool,
}

impl Mean {
    pub(crate) fn starting_with(value: f64) -> Self {
        Mean { sum: Sum::of(value), count: 1.0, is_incremental: false }
    }

    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if !self.is_incremental {
            let mut sum = self.sum;
            sum.add(value);
            if !sum.sum.is_infinite() {
                self.sum = sum;
                return;
            }
            self.is_incremental = true;
            let before = self.count - 1.0;
            self.sum = self.sum.map(|value| value / before);
        }
        let weight = (self.count - 1.0) / self.count;
        self.sum = self.sum.map(|value| weight * value);
        self.sum.add(value / self.count);
    }

    pub(crate) fn value(self) -> f64 {
        if self.is_incremental {
            self.sum.total()
        } else {
            self.sum.map(|value| value / self.count).total()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_does_not_overflow() {
        let mut mean = Mean::starting_with(f64::MAX);
        mean.add(f64::MAX);
        assert_eq!(mean.value(), f64::MAX);
        let mut infinite = Mean::starting_with(f64::INFINITY);
        infinite.add(0.0);
        assert_eq!(infinite.value(), f64::INFINITY);
    }
}
