//! Label matchers: `name="value"` and its three relatives.

use std::fmt;

use crate::{Labels, Quoted, Regexp, RegexpError, is_classic_label_name};

/// How a matcher compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

impl fmt::Display for MatchOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        })
    }
}

/// A test of one label; a label that is not set has the empty value.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// The label's name.
    pub name: String,
    /// How it compares.
    pub op: MatchOp,
    /// The text or the pattern, as written.
    pub value: String,
    regexp: Option<Regexp>,
}

impl Matcher {
    /// Makes a matcher; the pattern of a regular expression is compiled here.
    ///
    /// # Errors
    /// When the pattern is not valid RE2 syntax.
    pub fn new(name: &str, op: MatchOp, value: &str) -> Result<Self, RegexpError> {
        let regexp = match op {
            MatchOp::Regex | MatchOp::NotRegex => Some(Regexp::anchored(value)?),
            MatchOp::Equal | MatchOp::NotEqual => None,
        };
        Ok(Matcher { name: name.to_owned(), op, value: value.to_owned(), regexp })
    }

    /// `name="value"`, which cannot fail.
    pub fn equal(name: &str, value: &str) -> Self {
        Matcher { name: name.into(), op: MatchOp::Equal, value: value.into(), regexp: None }
    }

    /// Whether a label value passes.
    pub fn matches(&self, value: &str) -> bool {
        let is_match = match &self.regexp {
            Some(regexp) => regexp.is_match(value),
            None => self.value == value,
        };
        is_match == matches!(self.op, MatchOp::Equal | MatchOp::Regex)
    }

    /// Whether the label set passes.
    pub fn matches_labels(&self, labels: &Labels) -> bool {
        self.matches(labels.get(&self.name).unwrap_or_default())
    }

    /// Whether a label that is not set passes.
    pub fn matches_empty(&self) -> bool {
        self.matches("")
    }
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.op, &self.value) == (&other.name, other.op, &other.value)
    }
}

impl fmt::Display for Matcher {
    /// `name="value"` as PromQL writes it; names outside the classic character set are quoted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_classic_label_name(&self.name) {
            write!(f, "{}{}{}", self.name, self.op, Quoted(&self.value))
        } else {
            write!(f, "{}{}{}", Quoted(&self.name), self.op, Quoted(&self.value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_label_is_the_empty_value() {
        let labels = Labels::from_pairs([("job", "api")]);
        let matches =
            |name, op, value| Matcher::new(name, op, value).unwrap().matches_labels(&labels);
        assert!(matches("job", MatchOp::Equal, "api"));
        assert!(matches("zone", MatchOp::Equal, ""));
        assert!(matches("zone", MatchOp::NotEqual, "eu"));
        assert!(matches("job", MatchOp::Regex, "a.*|b"));
        assert!(!matches("job", MatchOp::Regex, "p"), "patterns are anchored");
        assert!(matches("zone", MatchOp::NotRegex, ".+"));
    }

    #[test]
    fn written_as_promql() {
        let text = |name, op, value| Matcher::new(name, op, value).unwrap().to_string();
        assert_eq!(text("job", MatchOp::Equal, "a\"b\n"), r#"job="a\"b\n""#);
        assert_eq!(text("a.b", MatchOp::NotRegex, r"\d+"), r#""a.b"!~"\\d+""#);
        assert_eq!(text("", MatchOp::NotEqual, ""), r#"""!="""#);
    }
}
