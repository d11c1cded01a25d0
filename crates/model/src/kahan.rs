//! Sums that lose little.

/// A sum with the error of its roundings kept beside it (Kahan, improved by Neumaier, 1974).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KahanSum {
    /// The sum as plain additions give it.
    pub sum: f64,
    /// What they lost.
    pub error: f64,
}

impl KahanSum {
    /// A sum of one value.
    pub fn of(value: f64) -> Self {
        KahanSum { sum: value, error: 0.0 }
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
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

    /// Adds another sum and then its error.
    pub fn merge(&mut self, other: KahanSum) {
        self.add(other.sum);
        if other.error != 0.0 {
            self.add(other.error);
        }
    }

    /// The sum with its error made good.
    pub fn total(self) -> f64 {
        self.sum + self.error
    }

    /// Sum and error, each changed in the same way.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        KahanSum { sum: change(self.sum), error: change(self.error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cancels_out_leaves_the_rest() {
        let mut sum = KahanSum::default();
        [1.0, 1e100, 1.0, -1e100].iter().for_each(|value| sum.add(*value));
        assert_eq!((sum.sum, sum.total()), (0.0, 2.0));
    }

    #[test]
    fn an_infinite_sum_has_no_error() {
        let mut sum = KahanSum::of(f64::MAX);
        sum.add(f64::MAX);
        assert_eq!(sum.total(), f64::INFINITY);
    }
}
