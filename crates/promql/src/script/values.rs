//! Compares values with those a script has, and shows both.

use model::{Histogram, SampleValue};
use store::Series;

use super::histogram::print;
use super::series::Point;
use crate::eval::{Value, almost_equal};
use crate::number::format_float;

/// Relative error that is allowed.
const EPSILON: f64 = 0.000_001;

pub(super) fn same_number(expected: f64, found: f64) -> Result<(), String> {
    if almost_equal(expected, found, EPSILON) {
        return Ok(());
    }
    Err(format!("{} should be {}", format_float(found), format_float(expected)))
}

/// The samples of a series of either kind, in order of time.
pub(super) fn points(series: &Series) -> Vec<(i64, SampleValue)> {
    let floats = series.samples.iter().map(|s| (s.t_ms, SampleValue::Float(s.value)));
    let histograms = series.histograms.iter();
    let histograms = histograms.map(|s| (s.t_ms, SampleValue::Histogram(s.histogram.clone())));
    let mut points: Vec<_> = floats.chain(histograms).collect();
    points.sort_by_key(|(t_ms, _)| *t_ms);
    points
}

pub(super) fn same_value(expected: &Point, found: &SampleValue) -> Result<(), String> {
    match (expected, found) {
        (Point::Float(expected), SampleValue::Float(found)) => same_number(*expected, *found),
        (Point::Histogram(expected), SampleValue::Histogram(found)) => {
            let expected_histogram = expected.histogram.clone().compact();
            let found = (**found).clone().compact();
            let has_same_hint = !expected.has_hint || expected.histogram.hint == found.hint;
            if has_same_hint && is_same_histogram(&expected_histogram, &found) {
                return Ok(());
            }
            Err(format!("{} should be {}", print(&found), print(&expected.histogram)))
        }
        (Point::Histogram(_), SampleValue::Float(_)) => Err("it should be a histogram".to_owned()),
        _ => Err("it should be a number".to_owned()),
    }
}

/// Whether two histograms without empty buckets are the same but for rounding.
fn is_same_histogram(a: &Histogram, b: &Histogram) -> bool {
    let numbers = |h: &Histogram| {
        let buckets = h.positive.counts().iter().chain(h.negative.counts());
        [h.count, h.sum, h.zero_count].into_iter().chain(buckets.copied()).collect::<Vec<_>>()
    };
    let is_near = |(a, b): (&f64, &f64)| almost_equal(*a, *b, EPSILON);
    a.scheme == b.scheme
        && a.zero_threshold == b.zero_threshold
        && a.positive.layout() == b.positive.layout()
        && a.negative.layout() == b.negative.layout()
        && numbers(a).iter().zip(&numbers(b)).all(is_near)
}

pub(super) fn point_text(point: &Point) -> String {
    match point {
        Point::Absent => "_".to_owned(),
        Point::Float(value) => format_float(*value),
        Point::Histogram(literal) => print(&literal.histogram),
    }
}

fn value_text(value: &SampleValue) -> String {
    match value {
        SampleValue::Float(value) => format_float(*value),
        SampleValue::Histogram(histogram) => print(histogram),
    }
}

pub(super) fn describe(value: &Value) -> String {
    let samples = |series: &Series| {
        let texts = points(series).into_iter().map(|(t, v)| format!("{}@{t}", value_text(&v)));
        texts.collect::<Vec<_>>().join(" ")
    };
    let parts: Vec<String> = match value {
        Value::Scalar(sample) => vec![format_float(sample.value)],
        Value::String(text) => vec![model::Quoted(text).to_string()],
        Value::Vector(elements) => {
            elements.iter().map(|e| format!("{} {}", e.labels, value_text(&e.value))).collect()
        }
        Value::Matrix(matrix) => {
            matrix.iter().map(|s| format!("{} {}", s.labels, samples(s))).collect()
        }
    };
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}
