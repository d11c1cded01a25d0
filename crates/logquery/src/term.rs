//! A word of a query: its characters, and which of them are wildcards.

use crate::ast::{Condition, Field};

/// A word as it was written, escapes undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Term {
    text: String,
    /// The same in the syntax of [`store::Wildcard`].
    pattern: String,
    has_wildcard: bool,
}

impl Term {
    /// A text without wildcards.
    pub(crate) fn literal(text: &str) -> Self {
        let mut term = Term::default();
        text.chars().for_each(|c| term.push(c));
        term
    }

    /// Adds a character that means itself.
    pub(crate) fn push(&mut self, c: char) {
        self.text.push(c);
        if matches!(c, '*' | '?' | '\\') {
            self.pattern.push('\\');
        }
        self.pattern.push(c);
    }

    /// Adds a `*` or `?` that stands for others.
    pub(crate) fn push_wildcard(&mut self, c: char) {
        self.text.push(c);
        self.pattern.push(c);
        self.has_wildcard = true;
    }

    /// The name of `member` in what this names.
    pub(crate) fn member(&self, member: &Term) -> Term {
        Term {
            text: format!("{}.{}", self.text, member.text),
            pattern: format!("{}.{}", self.pattern, member.pattern),
            has_wildcard: self.has_wildcard || member.has_wildcard,
        }
    }

    /// The same with every star a wildcard, the escaped ones too.
    pub(crate) fn with_stars(&self) -> Term {
        let mut term = Term::default();
        for (c, wildcard) in pattern_characters(&self.pattern) {
            if wildcard || c == '*' { term.push_wildcard(c) } else { term.push(c) }
        }
        term
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn has_wildcard(&self) -> bool {
        self.has_wildcard
    }

    /// Whether it is nothing but stars.
    pub(crate) fn is_star(&self) -> bool {
        self.has_wildcard && self.pattern.bytes().all(|b| b == b'*')
    }

    /// The fields it names.
    pub(crate) fn into_field(self) -> Field {
        match self.has_wildcard {
            true if self.is_star() => Field::Any,
            true => Field::Pattern(self.pattern),
            false => Field::Named(self.text),
        }
    }

    /// What it asks of a field.
    pub(crate) fn into_condition(self) -> Condition {
        match self.has_wildcard {
            true if self.is_star() => Condition::Exists,
            true => Condition::Pattern(self.pattern),
            false => Condition::Text(self.text),
        }
    }
}

/// The characters of a pattern in the syntax of [`store::Wildcard`], and whether each is a wildcard.
pub(crate) fn pattern_characters(pattern: &str) -> impl Iterator<Item = (char, bool)> {
    let mut characters = pattern.chars();
    std::iter::from_fn(move || {
        Some(match characters.next()? {
            '\\' => (characters.next().unwrap_or('\\'), false),
            c => (c, matches!(c, '*' | '?')),
        })
    })
}
