//! Functions that look at one end of a window, or only at whether it is empty.

use super::slide::{Kernel, Window};

/// The value or the time of the first or the last sample.
pub(super) enum Edge {
    First,
    Last,
    FirstTime,
    LastTime,
}

impl Kernel for Edge {
    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        Some(match self {
            Edge::First => window.first().value,
            Edge::Last => window.last().value,
            Edge::FirstTime => window.first().t_ms as f64 / 1000.0,
            Edge::LastTime => window.last().t_ms as f64 / 1000.0,
        })
    }
}

/// `present_over_time`
pub(super) enum Presence {
    One,
}

impl Kernel for Presence {
    fn value(&mut self, _: &Window<'_>) -> Option<f64> {
        Some(1.0)
    }
}
