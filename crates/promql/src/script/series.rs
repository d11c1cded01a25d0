//! Series in scripts: labels and points in a shorthand, `up{job="api"} 0+1x5 _ stale`.

mod starts;

use model::{Labels, stale_nan};

use super::histogram::{self, Literal};
use crate::number::parse_number;
use crate::parser::parse_series_labels;

/// The most points one line may stand for.
const POINTS_MAX: usize = 1_000_000;

/// A line of a series.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    Samples(SeriesPoints),
    Starts(SeriesStarts),
}

/// A series and its points, one at each interval.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SeriesPoints {
    pub(super) labels: Labels,
    pub(super) points: Vec<Point>,
    /// How far from each point its counter began to count, in milliseconds; `None` where nobody
    /// said. As many as there are points, or none.
    pub(super) starts_ms: Vec<Option<i64>>,
}

/// The start timestamps of the samples that the next line has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SeriesStarts {
    pub(super) labels: Labels,
    pub(super) starts_ms: Vec<Option<i64>>,
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Point {
    /// `_`
    Absent,
    Float(f64),
    Histogram(Box<Literal>),
}

/// Reads a line.
///
/// # Errors
/// When it is none; the text says what is wrong.
pub(super) fn parse(line: &str) -> Result<Line, String> {
    let (labels, rest) = parse_series_labels(line).map_err(|error| error.to_string())?;
    if let Some(times) = rest.strip_prefix("@st") {
        return Ok(Line::Starts(SeriesStarts { labels, starts_ms: starts::parse(times)? }));
    }
    let mut points = Vec::new();
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (item, after) = split_item(rest)?;
        push_item(item, &mut points)?;
        if points.len() > POINTS_MAX {
            return Err(format!("a series has more than {POINTS_MAX} points"));
        }
        rest = after.trim_start();
    }
    Ok(Line::Samples(SeriesPoints { labels, points, starts_ms: Vec::new() }))
}

/// An item ends at a space that is not within double braces.
fn split_item(text: &str) -> Result<(&str, &str), String> {
    let mut position = 0;
    while let Some(c) = text[position..].chars().next() {
        if c.is_whitespace() {
            break;
        }
        if text[position..].starts_with("{{") {
            let end = text[position..].find("}}").ok_or("a histogram has no end")?;
            position += end + 2;
        } else {
            position += c.len_utf8();
        }
    }
    Ok(text.split_at(position))
}

fn push_item(item: &str, points: &mut Vec<Point>) -> Result<(), String> {
    let bad = || format!("{} is neither a point nor a sequence of points", model::Quoted(item));
    let (body, times) = match item.rsplit_once('x') {
        Some((body, times)) if !times.contains("}}") => {
            let times: usize = times.parse().map_err(|_| bad())?;
            if times > POINTS_MAX {
                return Err(format!("a sequence has more than {POINTS_MAX} points"));
            }
            (body, Some(times))
        }
        _ => (item, None),
    };
    if body == "_" {
        points.extend(std::iter::repeat_n(Point::Absent, times.unwrap_or(1)));
        return Ok(());
    }
    // A sequence has its first point besides the repetitions.
    let count = times.map_or(1, |times| times + 1);
    if body.starts_with("{{") {
        return push_histograms(body, times.is_some(), count, points);
    }
    if body == "stale" {
        points.extend(std::iter::repeat_n(Point::Float(stale_nan()), count));
        return Ok(());
    }
    let (mut value, rest) = split_number(body).ok_or_else(bad)?;
    let step = match split_number(rest) {
        None if rest.is_empty() => 0.0,
        Some((step, "")) if rest.starts_with(['+', '-']) && times.is_some() => step,
        _ => return Err(bad()),
    };
    for position in 0..count {
        points.push(Point::Float(value));
        if !rest.is_empty() && position + 1 < count {
            value += step;
        }
    }
    Ok(())
}

/// One histogram again and again, or `{{…}}+{{…}}`, a sequence that grows or shrinks by another one.
fn push_histograms(
    text: &str,
    is_sequence: bool,
    count: usize,
    points: &mut Vec<Point>,
) -> Result<(), String> {
    let bad = || format!("{} is no sequence of histograms", model::Quoted(text));
    let between = |text: &str| {
        let (inner, rest) = text.strip_prefix("{{")?.split_once("}}")?;
        Some((histogram::parse(inner), rest.to_owned()))
    };
    let (first, rest) = between(text).ok_or_else(bad)?;
    let mut literal = first?;
    if rest.is_empty() {
        points.extend(std::iter::repeat_n(Point::Histogram(Box::new(literal)), count));
        return Ok(());
    }
    let grows = rest.starts_with('+');
    if !is_sequence || !grows && !rest.starts_with('-') {
        return Err(bad());
    }
    let (step, rest) = between(&rest[1..]).ok_or_else(bad)?;
    let step = step?;
    if !rest.is_empty() {
        return Err(bad());
    }
    literal.has_hint = step.has_hint;
    for position in 0..count {
        points.push(Point::Histogram(Box::new(literal.clone())));
        if position + 1 < count {
            let (now, step) = (&literal.histogram, &step.histogram);
            if now.scheme.schema() > step.scheme.schema() {
                return Err("a histogram cannot change by one of a lower schema".to_owned());
            }
            let next = if grows { now.plus(step) } else { now.minus(step) };
            literal.histogram = next.map_err(|error| error.to_string())?.0;
        }
    }
    Ok(())
}

/// The number at the start of a text, and what follows it.
fn split_number(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first().is_some_and(|b| matches!(b, b'+' | b'-')));
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = sign;
    let word = text.get(sign..sign + 3).map(str::to_ascii_lowercase);
    if matches!(word.as_deref(), Some("inf" | "nan")) {
        end += 3;
    } else {
        end += digits(end);
        if bytes.get(end) == Some(&b'.') {
            end += 1 + digits(end + 1);
        }
        if bytes.get(end).is_some_and(|b| matches!(b, b'e' | b'E')) {
            let exponent_sign =
                usize::from(bytes.get(end + 1).is_some_and(|b| matches!(b, b'+' | b'-')));
            end += 1 + exponent_sign + digits(end + 1 + exponent_sign);
        }
    }
    let value = parse_number(&text[sign..end]).ok()?;
    Some((if bytes.first() == Some(&b'-') { -value } else { value }, &text[end..]))
}
