//! What is asked of a value, prepared so that asking it of a million values is cheap.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use model::{SpanId, TraceId, Value};
use store::{Range, Test, date_ns, words};

use super::phrase::Phrase;
use crate::json;

/// What is asked of a value.
#[derive(Clone)]
pub struct CellTest(pub(super) Asked);

#[derive(Clone)]
pub(super) enum Asked {
    /// A test of the contract.
    Contract(Box<Prepared>),
    /// That the value as text is this, arrays as their JSON; the number is what a whole number
    /// would have to be.
    TextIs(String, Option<i64>),
    /// That an identifier is one of these.
    IdIn(Arc<BTreeSet<Vec<u8>>>),
    /// Anything, of JSON that contains this text.
    Value(String, Arc<dyn Fn(&Value) -> bool + Send + Sync>),
}

#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) test: Test,
    pub(super) text: TextTest,
    pub(super) int: NumberTest,
    pub(super) float: NumberTest,
}

/// What is asked of a text.
#[derive(Clone)]
pub(super) enum TextTest {
    Exists,
    Is(String),
    Phrase(Phrase),
    /// Slow ones, asked as the definition does.
    Pattern(Test),
    Range(Range),
}

/// What is asked of a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NumberTest {
    Exists,
    Never,
    IsInt(i64),
    IsFloat(f64),
    Between(Option<(Number, bool)>, Option<(Number, bool)>),
    /// It is asked of the number's text.
    AsText,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl CellTest {
    /// A test of the contract.
    pub fn new(test: Test) -> Self {
        let text = match &test {
            Test::Exists => TextTest::Exists,
            Test::Is(text) => TextTest::Is(text.clone()),
            Test::Words(text) => TextTest::Phrase(Phrase::new(text)),
            Test::Wildcard(_) | Test::Regex(_) => TextTest::Pattern(test.clone()),
            Test::Range(range) => TextTest::Range(range.clone()),
        };
        let number = |is_int: bool| match &test {
            Test::Exists => NumberTest::Exists,
            Test::Is(text) | Test::Words(text) => NumberTest::is(text, is_int),
            Test::Wildcard(_) | Test::Regex(_) => NumberTest::AsText,
            Test::Range(range) => NumberTest::between(range, is_int),
        };
        let (int, float) = (number(true), number(false));
        CellTest(Asked::Contract(Box::new(Prepared { test, text, int, float })))
    }

    /// That the value as text is this; arrays and maps as their JSON.
    pub fn text_is(text: &str) -> Self {
        // Only in its one canonical form is a text that of a number.
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        CellTest(Asked::TextIs(text.to_owned(), number))
    }

    /// That an identifier is one of these.
    pub fn id_in(ids: impl IntoIterator<Item = Vec<u8>>) -> Self {
        CellTest(Asked::IdIn(Arc::new(ids.into_iter().collect())))
    }

    /// Anything else, asked of values in which a map has the key `key` somewhere.
    pub fn value_with(key: &str, test: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        let mut text = String::new();
        json::encode_key(key, &mut text);
        CellTest(Asked::Value(text, Arc::new(test)))
    }

    /// Whether a value passes.
    pub(super) fn matches(&self, value: &Value) -> bool {
        match &self.0 {
            Asked::Contract(prepared) => prepared.test.matches(value),
            Asked::TextIs(text, _) => value.to_text() == *text,
            Asked::IdIn(_) => false,
            Asked::Value(_, test) => test(value),
        }
    }

    /// The one text that passes, when only one does.
    pub(crate) fn only_text(&self) -> Option<&str> {
        match &self.0 {
            Asked::Contract(prepared) => match &prepared.text {
                TextTest::Is(text) => Some(text),
                _ => None,
            },
            Asked::TextIs(text, _) => Some(text),
            Asked::IdIn(_) | Asked::Value(..) => None,
        }
    }

    /// The identifiers of `len` bytes that pass, when they are few.
    pub(crate) fn only_ids(&self, len: usize) -> Option<BTreeSet<Vec<u8>>> {
        let text = match &self.0 {
            Asked::IdIn(ids) => return Some(BTreeSet::clone(ids)),
            Asked::TextIs(text, _) => text,
            Asked::Contract(prepared) => match &prepared.text {
                TextTest::Is(text) => text,
                TextTest::Phrase(phrase) => phrase.single_word()?,
                _ => return None,
            },
            Asked::Value(..) => return None,
        };
        Some(id_of_text(text, len).into_iter().collect())
    }

    /// Numbers between which all whole numbers lie that pass, both included.
    pub(crate) fn int_bounds(&self) -> Option<(i64, i64)> {
        let prepared = match &self.0 {
            Asked::Contract(prepared) => prepared,
            Asked::TextIs(_, number) => return number.map(|number| (number, number)),
            Asked::IdIn(_) | Asked::Value(..) => return None,
        };
        let bound = |bound: &Option<(Number, bool)>, open: i64| match bound {
            None => Some(open),
            Some((Number::Int(bound), _)) => Some(*bound),
            Some((Number::Float(_), _)) => None,
        };
        match &prepared.int {
            NumberTest::IsInt(wanted) => Some((*wanted, *wanted)),
            NumberTest::Between(lower, upper) => {
                Some((bound(lower, i64::MIN)?, bound(upper, i64::MAX)?))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for CellTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Asked::Contract(prepared) => prepared.test.fmt(f),
            Asked::TextIs(text, _) => write!(f, "TextIs({text:?})"),
            Asked::IdIn(ids) => write!(f, "IdIn({} identifiers)", ids.len()),
            Asked::Value(key, _) => write!(f, "Value({key})"),
        }
    }
}

/// The bytes of an identifier in exactly the form in which it is shown.
pub(super) fn id_of_text(text: &str, len: usize) -> Option<Vec<u8>> {
    if text.len() != len * 2 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    match len {
        16 => text.parse::<TraceId>().ok().map(|id| id.as_bytes().to_vec()),
        _ => text.parse::<SpanId>().ok().map(|id| id.as_bytes().to_vec()),
    }
}

impl TextTest {
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            TextTest::Exists => true,
            TextTest::Is(wanted) => text == wanted,
            TextTest::Phrase(phrase) => phrase.is_in(text),
            TextTest::Pattern(Test::Wildcard(pattern)) => pattern.matches(text),
            TextTest::Pattern(Test::Regex(pattern)) => {
                pattern.is_match(text) || words(text).any(|word| pattern.is_match(&word))
            }
            TextTest::Pattern(other) => other.matches(&Value::from(text)),
            TextTest::Range(range) => {
                let within = |bound: &Option<(String, bool)>, outside| {
                    is_within(bound.as_ref(), outside, |bound| Some(text.cmp(bound)))
                };
                within(&range.lower, Ordering::Less) && within(&range.upper, Ordering::Greater)
            }
        }
    }
}

fn is_within<B>(
    bound: Option<&(B, bool)>,
    outside: Ordering,
    compare: impl Fn(&B) -> Option<Ordering>,
) -> bool {
    let Some((bound, inclusive)) = bound else { return true };
    match compare(bound) {
        None => false,
        Some(Ordering::Equal) => *inclusive,
        Some(order) => order != outside,
    }
}

impl NumberTest {
    fn is(text: &str, is_int: bool) -> Self {
        if let Ok(wanted) = text.parse::<i64>()
            && is_int
        {
            return NumberTest::IsInt(wanted);
        }
        text.parse().map_or(NumberTest::Never, NumberTest::IsFloat)
    }

    fn between(range: &Range, is_int: bool) -> Self {
        let number = |bound: &Option<(String, bool)>| match bound {
            None => Some(None),
            Some((text, inclusive)) => {
                let int = text.parse().ok().map(Number::Int).filter(|_| is_int);
                let float = || text.parse().ok().map(Number::Float);
                let date = || date_ns(text).map(|ns| Number::Float(ns as f64)).filter(|_| is_int);
                let number = int.or_else(float).or_else(date)?;
                Some(Some((number, *inclusive)))
            }
        };
        match (number(&range.lower), number(&range.upper)) {
            (Some(lower), Some(upper)) => NumberTest::Between(lower, upper),
            _ => NumberTest::Never,
        }
    }

    /// Whether a whole number passes; `as_text` answers for its text.
    pub(super) fn matches_int(&self, number: i64, as_text: impl FnOnce() -> bool) -> bool {
        self.matches(
            |wanted| match wanted {
                Number::Int(wanted) => Some(number.cmp(wanted)),
                Number::Float(wanted) => (number as f64).partial_cmp(wanted),
            },
            as_text,
        )
    }

    /// Whether any other number passes; `as_text` answers for its text.
    pub(super) fn matches_float(&self, number: f64, as_text: impl FnOnce() -> bool) -> bool {
        self.matches(
            |wanted| match wanted {
                Number::Int(wanted) => number.partial_cmp(&(*wanted as f64)),
                Number::Float(wanted) => number.partial_cmp(wanted),
            },
            as_text,
        )
    }

    fn matches(
        &self,
        compare: impl Fn(&Number) -> Option<Ordering>,
        as_text: impl FnOnce() -> bool,
    ) -> bool {
        match self {
            NumberTest::Exists => true,
            NumberTest::Never => false,
            NumberTest::IsInt(wanted) => compare(&Number::Int(*wanted)) == Some(Ordering::Equal),
            NumberTest::IsFloat(wanted) => {
                compare(&Number::Float(*wanted)) == Some(Ordering::Equal)
            }
            NumberTest::Between(lower, upper) => {
                is_within(lower.as_ref(), Ordering::Less, &compare)
                    && is_within(upper.as_ref(), Ordering::Greater, &compare)
            }
            NumberTest::AsText => as_text(),
        }
    }
}
