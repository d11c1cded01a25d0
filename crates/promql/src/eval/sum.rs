//! Sums that lose little.

/// A sum with the error of its roundings kept beside it (Kahan, improved by Neumaier, 1974).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    pub(super) sum: f64,
    pub(super) error: f64,
}

impl Sum {
    pub(super) fn add(&mut self, value: f64) {
        let total = self.sum + value;
        if total.is_infinite() {
            self.error = 0.0;
        } else if self.sum.abs() >= value.abs() {
            self.error += (self.sum - total) + value;
        } else {
            self.error += (value - total) + self.sum;
        }
        self.sum = total;
    }

    /// The sum with its error made good.
    pub(super) fn total(self) -> f64 {
        self.sum + self.error
    }
}

/// A mean that is the sum divided by the count as long as the sum does not overflow, and is carried
/// on from value to value from there on. The order of operations is that of Prometheus.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mean {
    sum: Sum,
    count: f64,
    is_incremental: bool,
}

impl Mean {
    pub(super) fn starting_with(value: f64) -> Self {
        Mean { sum: Sum { sum: value, error: 0.0 }, count: 1.0, is_incremental: false }
    }

    pub(super) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if !self.is_incremental {
            let mut sum = self.sum;
            sum.add(value);
            if !sum.sum.is_infinite() {
                self.sum = sum;
                return;
            }
            self.is_incremental = true;
            self.sum.sum /= self.count - 1.0;
            self.sum.error /= self.count - 1.0;
        }
        let weight = (self.count - 1.0) / self.count;
        self.sum = Sum { sum: weight * self.sum.sum, error: weight * self.sum.error };
        self.sum.add(value / self.count);
    }

    pub(super) fn value(self) -> f64 {
        if self.is_incremental {
            self.sum.total()
        } else {
            self.sum.sum / self.count + self.sum.error / self.count
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cancels_out_leaves_the_rest() {
        let mut sum = Sum::default();
        [1.0, 1e100, 1.0, -1e100].iter().for_each(|value| sum.add(*value));
        assert_eq!((sum.sum, sum.total()), (0.0, 2.0));
    }

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
