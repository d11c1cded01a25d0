//! Windows that move over a series.

use model::Sample;

use crate::engine::frame::Cells;
use crate::eval::steps::{Shift, Steps};

/// The windows of a range vector at all steps.
pub(in crate::engine) struct Span {
    pub(super) steps: Steps,
    pub(super) shift: Shift,
    pub(super) window_ms: i64,
}

/// A window of a series: at least one sample.
pub(super) struct Window<'s> {
    /// All samples of the series.
    pub(super) samples: &'s [Sample],
    /// The position of the first one in the window.
    pub(super) from: usize,
    /// The position after the last one.
    pub(super) to: usize,
    /// The window begins after this instant.
    pub(super) start_ms: i64,
    /// It ends with this one.
    pub(super) end_ms: i64,
    pub(super) step: usize,
    pub(super) now_ms: i64,
}

impl<'s> Window<'s> {
    pub(super) fn inside(&self) -> &'s [Sample] {
        &self.samples[self.from..self.to]
    }

    pub(super) fn first(&self) -> Sample {
        self.samples[self.from]
    }

    pub(super) fn last(&self) -> Sample {
        self.samples[self.to - 1]
    }
}

/// A function of windows, neither end of which ever goes back.
pub(super) trait Kernel {
    /// Gets ready for another series.
    fn begin(&mut self, _samples: &[Sample]) {}

    fn value(&mut self, window: &Window<'_>) -> Option<f64>;
}

/// Puts what a kernel makes of each window into a row without values.
pub(super) fn slide(
    kernel: &mut impl Kernel,
    samples: &[Sample],
    span: &Span,
    cells: &mut Cells<'_>,
) {
    kernel.begin(samples);
    let (mut from, mut to) = (0, 0);
    for (step, now_ms) in span.steps.iter().enumerate() {
        let end_ms = span.shift.apply(now_ms);
        let start_ms = end_ms.saturating_sub(span.window_ms);
        while to < samples.len() && samples[to].t_ms <= end_ms {
            to += 1;
        }
        while from < to && samples[from].t_ms <= start_ms {
            from += 1;
        }
        if from == samples.len() {
            return;
        }
        if from < to {
            let window = Window { samples, from, to, start_ms, end_ms, step, now_ms };
            if let Some(value) = kernel.value(&window) {
                cells.put(step, value);
            }
        }
    }
}
