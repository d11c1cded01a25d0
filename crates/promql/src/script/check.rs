//! Compares answers with what a script expects.

use model::{Labels, SampleValue};
use store::Series;

use super::Wrong;
use super::command::{Eval, Remarks, Text, Times};
use super::series::{Point, SeriesPoints};
use super::values::{describe, point_text, points, same_number, same_value};
use crate::ast::ExprKind;
use crate::eval::{Annotation, Answer, EvalError, Value};
use crate::number::format_float;

/// Whether a query that failed should have.
pub(super) fn failure(eval: &Eval, error: &str) -> Result<(), Wrong> {
    let got = format!("the error {error}");
    match &eval.expect.fail {
        Some(text) if text.is_met(error) => Ok(()),
        Some(_) => Err(Wrong { reason: "it fails in another way".to_owned(), got }),
        None => Err(Wrong { reason: "it fails".to_owned(), got }),
    }
}

/// Whether an answer is the right one.
pub(super) fn answer(
    eval: &Eval,
    query: &str,
    times: Times,
    answer: Result<Answer, EvalError>,
) -> Result<(), Wrong> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return failure(eval, &error.to_string()),
    };
    let checked = if eval.expect.fail.is_some() {
        Err("it should fail".to_owned())
    } else {
        remarks(&eval.expect.warn, "warning", &answer.warnings, query)
            .and_then(|()| remarks(&eval.expect.info, "info", &answer.infos, query))
            .and_then(|()| value(eval, times, &answer.value))
    };
    checked.map_err(|reason| wrong(eval, query, reason, &answer))
}

/// Whether the answer over a range has the right values in its middle.
pub(super) fn middle(
    eval: &Eval,
    query: &str,
    at_ms: i64,
    answer: Result<Answer, EvalError>,
) -> Result<(), Wrong> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let reason = format!("{query} fails over a range");
            return Err(Wrong { reason, got: error.to_string() });
        }
    };
    if eval.expect.is_ordered {
        return Ok(());
    }
    let Value::Matrix(matrix) = &answer.value else {
        return Err(wrong(eval, query, "a range query gives a matrix".to_owned(), &answer));
    };
    let at_middle = matrix.iter().filter_map(|series| {
        let (_, value) = points(series).into_iter().find(|(t_ms, _)| *t_ms == at_ms)?;
        Some((&series.labels, value))
    });
    let elements: Vec<_> = at_middle.collect();
    let checked = match (eval.expect.scalar, elements.as_slice()) {
        (Some(expected), [(_, SampleValue::Float(found))]) => same_number(expected, *found),
        (Some(_), _) => Err("a scalar has one value at each step".to_owned()),
        (None, elements) => vector(eval, elements),
    };
    checked.map_err(|reason| wrong(eval, query, format!("over a range, {reason}"), &answer))
}

/// Whether a query must give the same in the middle of a range.
pub(super) fn also_as_range(eval: &Eval) -> bool {
    let depends_on_range = |name: &str| matches!(name, "start" | "end" | "range" | "step");
    if eval.vector_times.is_some() || eval.expect.string.is_some() || eval.expect.fail.is_some() {
        return false;
    }
    let mut depends = ["start()", "end()", "range()", "step()"]
        .iter()
        .any(|call| eval.query.to_ascii_lowercase().contains(call));
    if let Ok(expr) = crate::parse(&eval.query) {
        expr.visit(&mut |expr| {
            if let ExprKind::Call(call) = &expr.kind {
                depends |= depends_on_range(call.function.name);
            }
        });
    }
    !depends
}

fn wrong(eval: &Eval, query: &str, reason: String, answer: &Answer) -> Wrong {
    let reason = if query == eval.query { reason } else { format!("as {query}, {reason}") };
    let remarks = answer.warnings.iter().chain(&answer.infos);
    let remarks: String = remarks.map(|remark| format!("; {}", remark.text(query))).collect();
    Wrong { reason, got: format!("{}{remarks}", describe(&answer.value)) }
}

fn remarks(
    expected: &Remarks,
    level: &str,
    found: &[Annotation],
    query: &str,
) -> Result<(), String> {
    let found: Vec<_> = found.iter().map(|annotation| annotation.text(query)).collect();
    if expected.none && !found.is_empty() {
        return Err(format!("there should be no {level}"));
    }
    if found.is_empty() && (expected.some || !expected.texts.is_empty()) {
        return Err(format!("there should be a {level}"));
    }
    if let Some(missing) = expected.texts.iter().find(|text| !found.iter().any(|f| text.is_met(f)))
    {
        return Err(format!("no {level} is {}", missing.describe()));
    }
    let is_expected = |found: &&String| expected.texts.iter().any(|text| text.is_met(found));
    match found.iter().find(|found| !is_expected(found)) {
        Some(other) if !expected.texts.is_empty() => Err(format!("{other} is not expected")),
        _ => Ok(()),
    }
}

fn value(eval: &Eval, times: Times, value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => match &eval.expect.string {
            Some(expected) if expected == text => Ok(()),
            _ => Err("the text is another one".to_owned()),
        },
        _ if eval.expect.string.is_some() => Err("it should be a text".to_owned()),
        Value::Scalar(sample) => match eval.expect.scalar {
            Some(expected) => same_number(expected, sample.value),
            None => Err("it should be a vector".to_owned()),
        },
        _ if eval.expect.scalar.is_some() => Err("it should be a scalar".to_owned()),
        Value::Vector(elements) => {
            let elements: Vec<_> = elements.iter().map(|e| (&e.labels, e.value.clone())).collect();
            vector(eval, &elements)?;
            if eval.expect.is_ordered { in_order(&eval.expect.series, &elements) } else { Ok(()) }
        }
        Value::Matrix(matrix) => {
            if !matrix.is_sorted_by(|a, b| a.labels <= b.labels) {
                return Err("a matrix is sorted by labels".to_owned());
            }
            let times = match (eval.vector_times, times) {
                (Some(times), _) | (None, Times::Range(times)) => times,
                (None, Times::Instant(at_ms)) => (at_ms, at_ms, 1),
            };
            series(&eval.expect.series, matrix, times)
        }
    }
}

fn vector(eval: &Eval, elements: &[(&Labels, SampleValue)]) -> Result<(), String> {
    for (labels, found) in elements {
        let expected = eval.expect.series.iter().find(|series| series.labels == **labels);
        let Some(expected) = expected.and_then(|series| series.points.first()) else {
            return Err(format!("{labels} should not be there"));
        };
        same_value(expected, found).map_err(|reason| format!("for {labels}, {reason}"))?;
    }
    let is_found = |series: &&SeriesPoints| elements.iter().any(|(l, _)| **l == series.labels);
    match eval.expect.series.iter().find(|series| !is_found(series)) {
        Some(missing) => Err(format!("{} is missing", missing.labels)),
        None => Ok(()),
    }
}

fn in_order(expected: &[SeriesPoints], found: &[(&Labels, SampleValue)]) -> Result<(), String> {
    let misplaced =
        found.iter().zip(expected).find(|((labels, _), series)| **labels != series.labels);
    match misplaced {
        Some(((labels, _), series)) => {
            Err(format!("{labels} stands in the place of {}", series.labels))
        }
        None => Ok(()),
    }
}

fn series(
    expected: &[SeriesPoints],
    found: &[Series],
    (start_ms, end_ms, step_ms): (i64, i64, i64),
) -> Result<(), String> {
    for series in found {
        let Some(expected) = expected.iter().find(|e| e.labels == series.labels) else {
            return Err(format!("{} should not be there", series.labels));
        };
        let mut expected_points = Vec::new();
        for (position, point) in expected.points.iter().enumerate() {
            let t_ms = start_ms + step_ms * position as i64;
            if t_ms > end_ms {
                return Err(format!("more points are expected of {} than steps", series.labels));
            }
            if *point != Point::Absent {
                expected_points.push((t_ms, point));
            }
        }
        let points = points(series);
        let is_same = |((t_ms, expected), (found_ms, found)): (&(i64, &Point), &(i64, _))| {
            t_ms == found_ms && same_value(expected, found).is_ok()
        };
        let all_same = expected_points.len() == points.len()
            && expected_points.iter().zip(&points).all(is_same);
        if !all_same {
            return Err(format!("{} has other samples", series.labels));
        }
    }
    let is_found = |e: &&SeriesPoints| found.iter().any(|series| series.labels == e.labels);
    match expected.iter().find(|series| !is_found(series)) {
        Some(missing) => Err(format!("{} is missing", missing.labels)),
        None => Ok(()),
    }
}

/// What a script expects, in a line.
pub(super) fn expectation(eval: &Eval) -> String {
    let expect = &eval.expect;
    let mut parts = Vec::new();
    if let Some(text) = &expect.fail {
        parts.push(format!("an error that is {}", text.describe()));
    }
    parts.extend(expect.scalar.map(format_float));
    parts.extend(expect.string.as_ref().map(|text| model::Quoted(text).to_string()));
    for series in &expect.series {
        let points: Vec<_> = series.points.iter().map(point_text).collect();
        parts.push(format!("{} {}", series.labels, points.join(" ")));
    }
    for (name, remarks) in [("warning", &expect.warn), ("info", &expect.info)] {
        let texts: Vec<_> = remarks.texts.iter().map(Text::describe).collect();
        if remarks.none {
            parts.push(format!("no {name}"));
        } else if remarks.some || !texts.is_empty() {
            parts.push(format!("{name} {}", texts.join(", ")));
        }
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}
