//! Patterns that need no automaton: `a|b|c`, `api.*`, `.+`. They are most of what dashboards send.

/// What an anchored pattern matches, where a look at it tells.
pub(super) enum Shortcut {
    /// One of these texts, sorted: `a|b|c`.
    Texts(Vec<String>),
    /// The text and anything after it: `api.*`; with `more` at least one character: `api.+`.
    Prefix { text: String, more: bool },
}

impl Shortcut {
    /// The shortcut for a pattern that is also matched with `(?s)`, if there is one.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        for (ending, more) in [(".*", false), (".+", true)] {
            if let Some(text) = pattern.strip_suffix(ending).and_then(literal) {
                return Some(Shortcut::Prefix { text, more });
            }
        }
        let mut texts = pattern.split('|').map(literal).collect::<Option<Vec<_>>>()?;
        texts.sort();
        Some(Shortcut::Texts(texts))
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        match self {
            Shortcut::Texts(texts) => texts.binary_search_by(|t| t.as_str().cmp(text)).is_ok(),
            Shortcut::Prefix { text: prefix, more } => {
                text.strip_prefix(prefix.as_str()).is_some_and(|rest| !more || !rest.is_empty())
            }
        }
    }
}

/// The text a pattern stands for when it has no operators; escaped punctuation stands for itself.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => text.push(characters.next().filter(char::is_ascii_punctuation)?),
            '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                return None;
            }
            other => text.push(other),
        }
    }
    Some(text)
}
