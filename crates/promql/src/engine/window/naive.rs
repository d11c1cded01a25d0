//! Functions that look at all samples of each window, which is done as the naive evaluator does it.

use super::slide::{Kernel, Window};
use crate::engine::frame::Column;
use crate::engine::plan::Windows;
use crate::eval::annotations::Annotations;
use crate::eval::functions::kernel;
use crate::eval::select::Part;

/// A function for the windows of one series.
pub(super) struct Naive<'r> {
    pub(super) windows: &'r Windows<'r>,
    pub(super) args: &'r [Column],
    /// The arguments at one step.
    pub(super) at_step: Vec<f64>,
    /// When the counters behind the samples began to count.
    pub(super) starts_ms: &'r [i64],
    pub(super) name: &'r str,
    pub(super) notes: &'r mut Annotations,
}

impl Kernel for Naive<'_> {
    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        let [_, range, first_argument] = self.windows.ranges;
        self.at_step.clear();
        self.at_step.extend(self.args.iter().map(|arg| arg.at(window.step)));
        if let ("quantile_over_time", [quantile]) = (self.windows.name, self.at_step.as_slice()) {
            self.notes.check_quantile(first_argument, *quantile);
        }
        let samples = window.inside();
        let starts_ms = self.starts_ms.get(window.from..window.to).unwrap_or_default();
        let whole = kernel::Window {
            part: Part { samples, starts_ms, histograms: &[] },
            samples,
            start_ms: window.start_ms,
            end_ms: window.end_ms,
            extension: None,
            now_ms: window.now_ms,
            args: &self.at_step,
            name: self.name,
            range,
        };
        self.windows.kernel.call(&whole, self.notes)?.as_float()
    }
}
