//! Sums and means of windows. Where all values are whole numbers, additions lose nothing, so sums
//! up to each sample tell those of all windows; else each window is added up in order.

use model::{KahanSum, Sample};

use super::slide::{Kernel, Window};
use crate::eval::sum::Mean;

/// From here on whole numbers have gaps between them.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// The sums of the samples before each one, if all of them are exact.
#[derive(Default)]
struct Prefixes {
    before: Vec<f64>,
    are_exact: bool,
}

impl Prefixes {
    fn begin(&mut self, samples: &[Sample]) {
        self.before.clear();
        self.before.push(0.0);
        let (mut sum, mut magnitude) = (0.0, 0.0);
        self.are_exact = samples.iter().all(|sample| {
            sum += sample.value;
            magnitude += sample.value.abs();
            self.before.push(sum);
            // Not so for NaN.
            sample.value.trunc() == sample.value && magnitude < WHOLE_MAX
        });
    }

    /// The sum of a window, if it is exact whatever the order of additions.
    fn sum(&self, window: &Window<'_>) -> Option<f64> {
        self.are_exact.then(|| self.before[window.to] - self.before[window.from])
    }
}

/// `sum_over_time`
#[derive(Default)]
pub(super) struct Sum(Prefixes);

impl Kernel for Sum {
    fn begin(&mut self, samples: &[Sample]) {
        self.0.begin(samples);
    }

    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        if let Some(sum) = self.0.sum(window) {
            return Some(sum);
        }
        let mut sum = KahanSum::default();
        window.inside().iter().for_each(|sample| sum.add(sample.value));
        Some(if sum.sum.is_infinite() { sum.sum } else { sum.total() })
    }
}

/// `avg_over_time`
#[derive(Default)]
pub(super) struct Average(Prefixes);

impl Kernel for Average {
    fn begin(&mut self, samples: &[Sample]) {
        self.0.begin(samples);
    }

    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        if let Some(sum) = self.0.sum(window) {
            return Some(sum / (window.to - window.from) as f64);
        }
        let (first, rest) = window.inside().split_first()?;
        let mut mean = Mean::starting_with(first.value);
        rest.iter().for_each(|sample| mean.add(sample.value));
        Some(mean.value())
    }
}
