//! What is asked of a value.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate};
use model::{Regexp, Value};

use crate::words::{contains_words, words};

/// What is asked of a value; of an array it is asked element by element.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// That there is one.
    Exists,
    /// That it is this, exactly: texts byte for byte, numbers by value.
    Is(String),
    /// That it contains these words next to each other, whatever their case; that a number is this
    /// number.
    Words(String),
    /// That the whole of it, or a word in it, fits the pattern, whatever the case.
    Wildcard(Wildcard),
    /// That the whole of it, or a word in it, matches.
    Regex(Regexp),
    /// That it lies between bounds.
    Range(Range),
}

impl Test {
    /// Whether a value passes.
    pub fn matches(&self, value: &Value) -> bool {
        if let Value::Array(elements) = value {
            return elements.iter().any(|element| self.matches(element));
        }
        match self {
            Test::Exists => *value != Value::Null,
            Test::Is(text) => is_value(value, text),
            Test::Words(text) => match value {
                Value::Str(content) => has_words(content, text),
                other => is_value(other, text),
            },
            Test::Wildcard(pattern) => pattern.matches(&value.to_text()),
            Test::Regex(pattern) => {
                let text = value.to_text();
                pattern.is_match(&text) || words(&text).any(|word| pattern.is_match(&word))
            }
            Test::Range(range) => range.contains(value),
        }
    }
}

/// A text without any word in it (`"/"`) must be the whole value.
fn has_words(content: &str, text: &str) -> bool {
    let wanted: Vec<String> = words(text).collect();
    match wanted.is_empty() {
        true => content == text,
        false => contains_words(content, &wanted),
    }
}

fn is_value(value: &Value, text: &str) -> bool {
    match value {
        Value::Int(number) => match text.parse::<i64>() {
            Ok(wanted) => *number == wanted,
            Err(_) => text.parse::<f64>() == Ok(*number as f64),
        },
        Value::Float(number) => text.parse::<f64>() == Ok(*number),
        other => other.to_text() == text,
    }
}

/// A pattern with `*` for any text and `?` for one character; a backslash takes their meaning.
#[derive(Clone, Debug)]
pub struct Wildcard {
    pattern: String,
    regex: regex::Regex,
}

impl Wildcard {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// When it is too long to compile.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let mut translated = String::from("(?is)^");
        let mut characters = pattern.chars();
        while let Some(c) = characters.next() {
            match c {
                '*' => translated.push_str(".*"),
                '?' => translated.push('.'),
                '\\' => {
                    let literal = characters.next().unwrap_or('\\');
                    translated.push_str(&regex::escape(&literal.to_string()));
                }
                other => translated.push_str(&regex::escape(&other.to_string())),
            }
        }
        translated.push('$');
        let regex = regex::RegexBuilder::new(&translated).size_limit(1 << 20).build();
        let regex = regex.map_err(|_| format!("the pattern {pattern:?} is too long"))?;
        Ok(Wildcard { pattern: pattern.to_owned(), regex })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole text fits.
    pub fn matches_whole(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Whether the whole text or a word in it fits.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_whole(text) || words(text).any(|word| self.regex.is_match(&word))
    }
}

impl PartialEq for Wildcard {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

/// Bounds on a value.
///
/// Numbers compare with bounds that are numbers, the time with bounds that are dates (RFC 3339,
/// `2026-08-22`, or milliseconds), texts by their characters. Anything else lies outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range {
    /// The lower bound and whether it belongs to the range.
    pub lower: Option<(String, bool)>,
    /// The upper bound and whether it belongs to the range.
    pub upper: Option<(String, bool)>,
}

impl Range {
    fn contains(&self, value: &Value) -> bool {
        let within = |bound: &Option<(String, bool)>, outside: Ordering| match bound {
            None => true,
            Some((bound, inclusive)) => match compare(value, bound) {
                None => false,
                Some(Ordering::Equal) => *inclusive,
                Some(order) => order != outside,
            },
        };
        within(&self.lower, Ordering::Less) && within(&self.upper, Ordering::Greater)
    }
}

fn compare(value: &Value, bound: &str) -> Option<Ordering> {
    match value {
        Value::Int(number) => match bound.parse::<i64>() {
            Ok(bound) => Some(number.cmp(&bound)),
            Err(_) => (*number as f64).partial_cmp(
                &bound
                    .parse::<f64>()
                    .ok()
                    .or_else(|| date_ns(bound).map(|time_ns| time_ns as f64))?,
            ),
        },
        Value::Float(number) => number.partial_cmp(&bound.parse::<f64>().ok()?),
        Value::Str(text) => Some(text.as_str().cmp(bound)),
        _ => None,
    }
}

/// Nanoseconds of a date in a query: RFC 3339, or a day.
pub fn date_ns(text: &str) -> Option<i64> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return time.timestamp_nanos_opt();
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_nanos_opt()
}
