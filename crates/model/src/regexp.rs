//! Regular expressions with Go's RE2 syntax, as Prometheus and Alertmanager read them.

mod translate;

use std::fmt;

/// Why a pattern was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {reason}: `{pattern}`")]
pub struct RegexpError {
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong with it, in one line.
    pub reason: String,
}

/// A compiled pattern.
#[derive(Clone)]
pub struct Regexp {
    pattern: String,
    regex: regex::Regex,
}

/// The most memory a compiled pattern may take, so that `(a{1000}){1000}` is refused.
const COMPILED_BYTES_MAX: usize = 4 << 20;

impl Regexp {
    /// A pattern that must match the whole text, where `.` matches line ends too: what label
    /// matchers and relabelling use.
    ///
    /// # Errors
    /// When the pattern is not valid RE2 syntax or compiles to too much.
    pub fn anchored(pattern: &str) -> Result<Self, RegexpError> {
        Self::compile(pattern, |translated| format!("^(?s:{translated})$"))
    }

    /// A pattern that may match anywhere in the text: what templates use.
    ///
    /// # Errors
    /// When the pattern is not valid RE2 syntax or compiles to too much.
    pub fn unanchored(pattern: &str) -> Result<Self, RegexpError> {
        Self::compile(pattern, |translated| translated)
    }

    fn compile(pattern: &str, wrap: impl Fn(String) -> String) -> Result<Self, RegexpError> {
        let error = |reason: String| RegexpError { pattern: pattern.to_owned(), reason };
        let translated = translate::to_rust(pattern).map_err(error)?;
        // The pattern is compiled alone first: wrapped, `a)(b` would become valid.
        let build = |text: &str| {
            regex::RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).build().map_err(|e| {
                let text = e.to_string();
                let last = text.lines().last().unwrap_or_default();
                error(last.trim_start_matches("error: ").to_owned())
            })
        };
        build(&translated)?;
        let regex = build(&wrap(translated))?;
        Ok(Regexp { pattern: pattern.to_owned(), regex })
    }

    /// Whether the text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// The text of `replacement` with `$1` and `${name}` filled from the first match, or `None`.
    pub fn expand(&self, text: &str, replacement: &str) -> Option<String> {
        let captures = self.regex.captures(text)?;
        let mut out = String::new();
        captures.expand(replacement, &mut out);
        Some(out)
    }

    /// All matches replaced, `$1` and `${name}` filled in.
    pub fn replace_all(&self, text: &str, replacement: &str) -> String {
        self.regex.replace_all(text, replacement).into_owned()
    }
}

impl fmt::Debug for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.pattern)
    }
}

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, text: &str) -> bool {
        Regexp::anchored(pattern).unwrap().is_match(text)
    }

    #[test]
    fn anchored_over_the_whole_text() {
        assert!(is_match("a|b", "b") && !is_match("a|b", "ab"));
        assert!(is_match("a.*b", "a\nb"), "a point matches a line end");
        assert!(is_match("", "") && !is_match("", "x"));
    }

    #[test]
    fn classes_are_ascii_as_in_re2() {
        assert!(is_match(r"\d+", "42") && !is_match(r"\d", "\u{663}"));
        assert!(is_match(r"\w\W", "aä") && !is_match(r"\w", "ä"));
        assert!(is_match(r"[\w.]+", "a.b") && !is_match(r"[\w]", "ä"));
        assert!(is_match(r"[[:alpha:]]\pL", "aä"));
    }

    #[test]
    fn what_rust_reads_otherwise() {
        assert!(is_match(r"\Qa.b\E+", "a.b") && !is_match(r"\Qa.b\E", "axb"));
        assert!(is_match("[a&&b]", "&"), "no intersections");
        assert!(is_match("[[]", "["), "no nested classes");
        assert!(is_match("a{,2}", "a{,2}"), "not a repetition");
        assert!(is_match(r"\141", "a"), "octal");
        assert!(is_match("{x}", "{x}"));
        assert!(is_match("(?P<n>a)(?i)B", "ab"));
        assert!(is_match("foo}", "foo}") && is_match("]", "]"));
    }

    #[test]
    fn what_is_refused() {
        for pattern in ["(", "a)(b", "[a", "*", r"\8", "(?x)a", r"(?=a)", "a{1001}", "(?u)a"] {
            assert!(Regexp::anchored(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn replacements() {
        let host = Regexp::anchored("(?P<host>[^:]+)(:.*)?").unwrap();
        assert_eq!(host.expand("db:9100", "${host}-$2-$1").unwrap(), "db-:9100-db");
        assert_eq!(host.expand(":", "x"), None);
        assert_eq!(Regexp::unanchored("o").unwrap().replace_all("foo", "0"), "f00");
    }
}
