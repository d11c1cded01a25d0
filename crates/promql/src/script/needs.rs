//! What an evaluation needs that does not exist yet, so that a failure can be told from a fault.

use std::fmt;

use model::{Labels, LabelsBuilder, METRIC_NAME};

use super::command::Eval;
use super::series::{Point, SeriesPoints};
use crate::ast::{Expr, ExprKind, VectorSelector};

/// What an evaluation needs that does not exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Histograms as values of samples.
    NativeHistograms,
    /// `info`, `anchored`, `smoothed` or start timestamps, which Prometheus calls experimental.
    Experimental,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Needs::NativeHistograms => "native histograms",
            Needs::Experimental => "experimental",
        })
    }
}

/// Series with what is not stored yet.
#[derive(Default)]
pub(super) struct Special {
    histograms: Vec<Labels>,
    with_start_timestamps: Vec<Labels>,
}

impl Special {
    pub(super) fn note(&mut self, series: &SeriesPoints, with_custom_buckets: bool) {
        if series.is_start_timestamps {
            self.with_start_timestamps.push(series.labels.clone());
        }
        if series.points.iter().any(|point| matches!(point, Point::Histogram(_))) {
            self.histograms.push(series.labels.clone());
        }
        if with_custom_buckets {
            let name = series.labels.metric_name();
            let endings = ["_bucket", "_count", "_sum"];
            if let Some(base) = endings.iter().find_map(|ending| name.strip_suffix(ending)) {
                let mut labels = LabelsBuilder::from(&series.labels);
                self.histograms.push(labels.set(METRIC_NAME, base).remove("le").build());
            }
        }
    }
}

/// What an evaluation needs, as far as the query, the data and the expectation tell.
pub(super) fn of(eval: &Eval, special: &Special) -> Option<Needs> {
    let Ok(expr) = crate::parse(&eval.query) else { return None };
    let selectors = expr.selectors();
    let reads = |series: &[Labels]| {
        series.iter().any(|labels| selectors.iter().any(|selector| selects(selector, labels)))
    };
    let has_histogram =
        |series: &SeriesPoints| series.points.iter().any(|p| matches!(p, Point::Histogram(_)));
    if eval.expect.series.iter().any(has_histogram) || reads(&special.histograms) {
        return Some(Needs::NativeHistograms);
    }
    (is_experimental(&expr) || reads(&special.with_start_timestamps)).then_some(Needs::Experimental)
}

fn selects(selector: &VectorSelector, labels: &Labels) -> bool {
    selector.matchers.iter().all(|matcher| matcher.matches_labels(labels))
}

fn is_experimental(expr: &Expr) -> bool {
    let mut found = expr.selectors().iter().any(|selector| selector.extension.is_some());
    expr.visit(&mut |expr| {
        if let ExprKind::Call(call) = &expr.kind {
            found |= matches!(call.function.name, "info" | "start_timestamp");
        }
    });
    found
}
