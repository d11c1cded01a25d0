//! What functions of a range vector make of one window.

use std::sync::Arc;

use model::{Histogram, Sample, SampleValue};

use super::super::annotations::Annotations;
use super::super::select::Part;
use super::{over_time, rates, regression};
use crate::ast::{RangeExtension, TextRange, seconds};

/// What such a function sees: at least one sample.
pub(crate) struct Window<'w> {
    pub(crate) part: Part<'w>,
    /// The numbers of the part.
    pub(crate) samples: &'w [Sample],
    /// The window begins after this instant. The part has samples before it only if there is an
    /// extension.
    pub(crate) start_ms: i64,
    /// The window ends with this instant.
    pub(crate) end_ms: i64,
    /// How its ends are treated.
    pub(crate) extension: Option<RangeExtension>,
    /// The step the function is called for.
    pub(crate) now_ms: i64,
    /// The other arguments, which are scalars.
    pub(crate) args: &'w [f64],
    /// The name of the metric, for remarks.
    pub(crate) name: &'w str,
    /// Where remarks point to.
    pub(crate) range: TextRange,
}

/// A sample of either kind.
#[derive(Clone, Copy)]
pub(crate) struct Point<'w> {
    pub(crate) t_ms: i64,
    /// When its counter began to count, 0 where nobody said.
    pub(crate) start_ms: i64,
    pub(crate) value: PointValue<'w>,
}

#[derive(Clone, Copy)]
pub(crate) enum PointValue<'w> {
    Float(f64),
    Histogram(&'w Arc<Histogram>),
}

impl From<PointValue<'_>> for SampleValue {
    fn from(value: PointValue<'_>) -> Self {
        match value {
            PointValue::Float(value) => SampleValue::Float(value),
            PointValue::Histogram(histogram) => SampleValue::Histogram(Arc::clone(histogram)),
        }
    }
}

impl<'w> Window<'w> {
    /// The length of the window in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        seconds(self.end_ms - self.start_ms)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().map(|sample| sample.value)
    }

    /// When the counter behind one of the numbers began to count, 0 where nobody said.
    pub(crate) fn start_of(&self, position: usize) -> i64 {
        self.part.starts_ms.get(position).copied().unwrap_or_default()
    }

    /// The samples of both kinds in order of time.
    pub(crate) fn points(&self) -> Vec<Point<'w>> {
        let floats = self.samples.iter().enumerate().map(|(position, sample)| Point {
            t_ms: sample.t_ms,
            start_ms: self.start_of(position),
            value: PointValue::Float(sample.value),
        });
        let histograms = self.part.histograms.iter().map(|sample| Point {
            t_ms: sample.t_ms,
            start_ms: sample.start_ms,
            value: PointValue::Histogram(&sample.histogram),
        });
        let mut points: Vec<_> = floats.chain(histograms).collect();
        points.sort_by_key(|point| point.t_ms);
        points
    }
}

/// What such a function makes of a window.
#[derive(Clone, Copy)]
pub(crate) enum Kernel {
    /// Of its numbers; histograms among them are ignored, which is remarked upon.
    Floats(fn(&Window<'_>) -> Option<f64>),
    /// Of all its samples.
    All(fn(&Window<'_>, &mut Annotations) -> Option<SampleValue>),
}

impl Kernel {
    pub(crate) fn call(self, window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
        match self {
            Kernel::All(kernel) => kernel(window, notes),
            Kernel::Floats(kernel) => {
                if window.samples.is_empty() {
                    return None;
                }
                if !window.part.histograms.is_empty() {
                    notes.ignored_in_range(window.range, window.name);
                }
                kernel(window).map(SampleValue::Float)
            }
        }
    }
}

/// The function of a name, if it is one of a range vector.
pub(crate) fn kernel(name: &str) -> Option<Kernel> {
    use Kernel::{All, Floats};
    Some(match name {
        "rate" => All(rates::rate),
        "increase" => All(rates::increase),
        "delta" => All(rates::delta),
        "irate" => All(rates::irate),
        "idelta" => All(rates::idelta),
        "resets" => All(rates::resets),
        "changes" => All(rates::changes),
        "avg_over_time" => All(over_time::avg),
        "count_over_time" => All(over_time::count),
        "first_over_time" => All(over_time::first),
        "last_over_time" => All(over_time::last),
        "mad_over_time" => Floats(over_time::mad),
        "max_over_time" => Floats(over_time::max),
        "min_over_time" => Floats(over_time::min),
        "present_over_time" => All(over_time::present),
        "quantile_over_time" => Floats(over_time::quantile),
        "stddev_over_time" => Floats(over_time::stddev),
        "stdvar_over_time" => Floats(over_time::stdvar),
        "sum_over_time" => All(over_time::sum),
        "ts_of_first_over_time" => All(over_time::ts_of_first),
        "ts_of_last_over_time" => All(over_time::ts_of_last),
        "ts_of_max_over_time" => Floats(over_time::ts_of_max),
        "ts_of_min_over_time" => Floats(over_time::ts_of_min),
        "deriv" => Floats(regression::deriv),
        "predict_linear" => Floats(regression::predict_linear),
        "double_exponential_smoothing" => Floats(regression::double_exponential_smoothing),
        _ => return None,
    })
}
