//! Alertmanager's matchers: `team="x"`, `{service=~"a|b", zone!=eu}`.
//!
//! Two grammars read them. The newer takes any UTF-8 in names; the classic one is what remains of
//! older releases. As upstream does it, the newer is tried first, the classic one is the fallback,
//! and where both read a text but differently, the classic reading counts.

mod classic;
mod utf8;

use std::cmp::Ordering;
use std::fmt;

use model::{Labels, MatchOp, Matcher, Quoted};

/// Matchers that must all hold, in the order that keys of routes need.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Matchers(Vec<Matcher>);

/// Why a text is no matcher.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad matcher format: {input}: {reason}")]
pub(crate) struct MatcherError {
    /// The text.
    pub(crate) input: String,
    /// What is wrong with it, and where.
    pub(crate) reason: String,
}

impl Matchers {
    /// Puts matchers in order.
    pub(crate) fn new(mut matchers: Vec<Matcher>) -> Self {
        matchers.sort_by(order);
        Matchers(matchers)
    }

    /// Reads any number of matchers between optional braces.
    ///
    /// # Errors
    /// When neither grammar reads the text.
    pub(crate) fn parse(input: &str) -> Result<Self, MatcherError> {
        both(input, utf8::parse(input), classic::parse_all(input)).map(Matchers::new)
    }

    /// The matchers in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Matcher> {
        self.0.iter()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of them hold; of none, all do.
    pub(crate) fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|matcher| matcher.matches_labels(labels))
    }
}

impl fmt::Display for Matchers {
    /// As keys of routes have it, bit for bit: `{a="1",b=~"2"}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(matcher_text).collect();
        write!(f, "{{{}}}", texts.join(","))
    }
}

/// Reads exactly one matcher, which may not be in braces: what the API's filters are.
///
/// # Errors
/// When neither grammar reads the text, or it holds none or several.
pub(crate) fn parse_matcher(input: &str) -> Result<Matcher, MatcherError> {
    let error = |reason: String| MatcherError { input: input.to_owned(), reason };
    if input.starts_with('{') || input.ends_with('}') {
        return Err(error("unexpected open or close brace".to_owned()));
    }
    let newer = utf8::parse(input).and_then(|matchers| match matchers.len() {
        1 => Ok(matchers),
        0 => Err("no matchers".to_owned()),
        count => Err(format!("expected 1 matcher, found {count}")),
    });
    let mut read = both(input, newer, classic::parse_one(input).map(|matcher| vec![matcher]))?;
    read.pop().ok_or_else(|| error("no matchers".to_owned()))
}

/// Which of the two readings counts.
fn both(
    input: &str,
    newer: Result<Vec<Matcher>, String>,
    classic: Result<Vec<Matcher>, String>,
) -> Result<Vec<Matcher>, MatcherError> {
    match (newer, classic) {
        (Ok(newer), Ok(classic)) if newer == classic => Ok(newer),
        (Ok(_), Ok(classic)) => {
            tracing::warn!(input, "the matcher grammars disagree; the classic reading counts");
            Ok(classic)
        }
        (Ok(newer), Err(_)) => Ok(newer),
        (Err(reason), Ok(classic)) => {
            tracing::warn!(input, %reason, "only the classic matcher grammar reads this; put values in double quotes");
            Ok(classic)
        }
        (Err(reason), Err(_)) => Err(MatcherError { input: input.to_owned(), reason }),
    }
}

fn rank(op: MatchOp) -> u8 {
    match op {
        MatchOp::Equal => 0,
        MatchOp::NotEqual => 1,
        MatchOp::Regex => 2,
        MatchOp::NotRegex => 3,
    }
}

fn order(a: &Matcher, b: &Matcher) -> Ordering {
    (&a.name, &a.value, rank(a.op)).cmp(&(&b.name, &b.value, rank(b.op)))
}

/// Whether a character may not stand in a name or value without quotes.
fn is_reserved(c: char) -> bool {
    c.is_whitespace() || "{}!=~,\\\"'`".contains(c)
}

/// One matcher as Alertmanager prints it; names that need quotes make the value quoted as in Go.
pub(crate) fn matcher_text(matcher: &Matcher) -> String {
    let Matcher { name, op, value, .. } = matcher;
    if name.contains(is_reserved) {
        return format!("{}{op}{}", Quoted(name), Quoted(value));
    }
    let value = value.replace('\\', r"\\").replace('\n', r"\n").replace('"', "\\\"");
    format!("{name}{op}\"{value}\"")
}

#[cfg(test)]
mod tests;
