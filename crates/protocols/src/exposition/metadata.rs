//! Comments that say what a family is.

use std::borrow::Cow;

use model::MetricKind;

use super::lexer::{Lexer, unescape};
use super::{Entry, Format};
use crate::DecodeError;

/// Reads a line that begins with `#`; `None` when it is an ordinary comment of the text format.
pub(super) fn text<'a>(lexer: &mut Lexer<'a>) -> Result<Option<Entry<'a>>, DecodeError> {
    lexer.take("#");
    let blank = |lexer: &mut Lexer<'_>| {
        let start = lexer.position;
        lexer.blanks();
        lexer.position > start
    };
    let mut keyword = "";
    if blank(lexer) {
        let word = ["HELP", "TYPE"].into_iter().find(|word| lexer.take(word)).unwrap_or_default();
        if blank(lexer) {
            keyword = word;
        }
    }
    if keyword.is_empty() {
        lexer.rest_of_line();
        return Ok(None);
    }
    let family = family(lexer, keyword)?;
    // Prometheus drops exactly one character, so a second blank belongs to the text.
    let mut characters = lexer.rest_of_line().chars();
    characters.next();
    finish(lexer, Format::Text, keyword, family, characters.as_str()).map(Some)
}

/// Reads a line that begins with `#`; `None` when it is the end of the body.
pub(super) fn openmetrics<'a>(lexer: &mut Lexer<'a>) -> Result<Option<Entry<'a>>, DecodeError> {
    if lexer.take("# EOF") {
        lexer.take("\n");
        return match lexer.peek() {
            None => Ok(None),
            Some(_) => Err(lexer.error("unexpected data after # EOF")),
        };
    }
    let keyword = ["# HELP ", "# TYPE ", "# UNIT "].into_iter().find(|word| lexer.take(word));
    let Some(keyword) = keyword else {
        return Err(lexer.expected("# HELP, # TYPE, # UNIT or # EOF"));
    };
    let keyword = &keyword[2..6];
    let family = family(lexer, keyword)?;
    if !lexer.take(" ") {
        return Err(lexer.error(format!("expected text in {keyword}")));
    }
    let text = lexer.rest_of_line();
    let entry = finish(lexer, Format::OpenMetrics, keyword, family, text)?;
    if !lexer.take("\n") {
        return Err(lexer.error("data does not end with # EOF"));
    }
    Ok(Some(entry))
}

fn family<'a>(lexer: &mut Lexer<'a>, keyword: &str) -> Result<Cow<'a, str>, DecodeError> {
    let family = match lexer.peek() {
        Some(b'"') => unescape(lexer.quoted(true)?, true),
        _ => Cow::Borrowed(lexer.metric_name()),
    };
    if family.is_empty() {
        return Err(lexer.expected(&format!("a metric name after {keyword}")));
    }
    Ok(family)
}

fn finish<'a>(
    lexer: &Lexer<'_>,
    format: Format,
    keyword: &str,
    family: Cow<'a, str>,
    text: &'a str,
) -> Result<Entry<'a>, DecodeError> {
    match keyword {
        "HELP" => Ok(Entry::Help { family, text: unescape(text, format == Format::OpenMetrics) }),
        "UNIT" => {
            let stem = family.strip_suffix(text);
            if !text.is_empty() && !stem.is_some_and(|stem| stem.ends_with('_')) {
                let reason = format!("unit {text:?} is not a suffix of metric {family:?}");
                return Err(lexer.error(reason));
            }
            Ok(Entry::Unit { family, unit: Cow::Borrowed(text) })
        }
        _ => match kind(format, text) {
            Some(kind) => Ok(Entry::Type { family, kind }),
            None => Err(lexer.error(format!("invalid metric type {text:?}"))),
        },
    }
}

/// The kinds each format knows; what one calls untyped is unknown to the other.
fn kind(format: Format, name: &str) -> Option<MetricKind> {
    let known = match format {
        Format::Text => {
            matches!(name, "counter" | "gauge" | "histogram" | "summary" | "untyped")
        }
        Format::OpenMetrics => name != "untyped",
    };
    known.then(|| MetricKind::from_name(name)).flatten()
}
