//! Regular expressions with Go's RE2 syntax, as Prometheus and Alertmanager read them.

mod expand;
mod shortcut;
#[cfg(test)]
mod tests;
mod translate;

use std::fmt;
use std::sync::{Arc, OnceLock};

use shortcut::Shortcut;

/// Why a pattern was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {reason}")]
pub struct RegexpError {
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong with it, in one line and in Go's words: missing closing ]: `[a`.
    pub reason: String,
}

/// A compiled pattern; a clone shares it.
#[derive(Clone)]
pub struct Regexp(Arc<Compiled>);

struct Compiled {
    pattern: String,
    shortcut: Option<Shortcut>,
    /// Made at once, or when it is first needed where a shortcut decides what matches.
    regex: OnceLock<regex::Regex>,
}

/// The most memory a compiled pattern may take, so that `((a{100}){10})*` and the like are refused.
const COMPILED_BYTES_MAX: usize = 4 << 20;

/// How deep groups may nest, as in Go.
const NEST_MAX: u32 = 1000;

impl Regexp {
    /// A pattern that must match the whole text, where `.` matches line ends too: what label
    /// matchers and relabelling use.
    ///
    /// # Errors
    /// When the pattern is not valid RE2 syntax or compiles to too much.
    pub fn anchored(pattern: &str) -> Result<Self, RegexpError> {
        let regex = OnceLock::new();
        let shortcut = Shortcut::of(pattern);
        if shortcut.is_none() {
            let _empty = regex.set(compile_anchored(pattern)?);
        }
        Ok(Regexp(Arc::new(Compiled { pattern: pattern.to_owned(), shortcut, regex })))
    }

    /// A pattern that may match anywhere in the text: what templates use.
    ///
    /// # Errors
    /// When the pattern is not valid RE2 syntax or compiles to too much.
    pub fn unanchored(pattern: &str) -> Result<Self, RegexpError> {
        let regex = OnceLock::from(compile(pattern, |translated| translated)?);
        Ok(Regexp(Arc::new(Compiled { pattern: pattern.to_owned(), shortcut: None, regex })))
    }

    /// Whether the text matches.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.0.shortcut {
            Some(shortcut) => shortcut.is_match(text),
            None => self.regex().is_match(text),
        }
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0.pattern
    }

    /// The text of `replacement` with `$1` and `${name}` filled from the first match, or `None`.
    pub fn expand(&self, text: &str, replacement: &str) -> Option<String> {
        let captures = self.regex().captures(text)?;
        let mut out = String::new();
        expand::expand(replacement, &captures, &mut out);
        Some(out)
    }

    /// All matches replaced, `$1` and `${name}` filled in.
    pub fn replace_all(&self, text: &str, replacement: &str) -> String {
        let filled = |captures: &regex::Captures<'_>| {
            let mut out = String::new();
            expand::expand(replacement, captures, &mut out);
            out
        };
        self.regex().replace_all(text, filled).into_owned()
    }

    fn regex(&self) -> &regex::Regex {
        self.0.regex.get_or_init(|| {
            compile_anchored(&self.0.pattern).expect("what a shortcut understands is valid")
        })
    }
}

fn compile_anchored(pattern: &str) -> Result<regex::Regex, RegexpError> {
    compile(pattern, |translated| format!("^(?s:{translated})$"))
}

fn compile(
    pattern: &str,
    wrap: impl FnOnce(String) -> String,
) -> Result<regex::Regex, RegexpError> {
    let error = |reason: String| RegexpError { pattern: pattern.to_owned(), reason };
    let translated = translate::to_rust(pattern).map_err(error)?;
    regex::RegexBuilder::new(&wrap(translated))
        .size_limit(COMPILED_BYTES_MAX)
        .nest_limit(NEST_MAX)
        .build()
        .map_err(|e| {
            if matches!(e, regex::Error::CompiledTooBig(_)) {
                return error(format!("expression too large: `{pattern}`"));
            }
            let text = e.to_string();
            let last = text.lines().last().unwrap_or_default();
            error(format!("{}: `{pattern}`", last.trim_start_matches("error: ")))
        })
}

impl fmt::Debug for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.as_str())
    }
}

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
