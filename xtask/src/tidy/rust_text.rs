//! Takes Rust source apart into code and comments, so that a word in a text is not taken for one in
//! the code.

use std::ops::Range;

/// Source of which only one part is left; the rest is spaces, so places stay the same.
pub(super) struct RustText {
    /// Without comments and without what is in literals.
    pub(super) code: String,
    /// Nothing but comments.
    pub(super) comments: String,
}

/// A function with a body.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    pub(super) name: String,
    /// The line of `fn`, from 1.
    pub(super) line: usize,
    /// The lines between the braces.
    pub(super) body_lines: usize,
}

impl RustText {
    pub(super) fn new(source: &str) -> Self {
        let mut code = String::with_capacity(source.len());
        let mut comments = String::with_capacity(source.len());
        let mut position = 0;
        while position < source.len() {
            let rest = &source[position..];
            let before = source[..position].chars().next_back();
            let (length, kind) = piece(rest, before);
            for c in rest[..length].chars() {
                code.push(if kind == Kind::Code || c == '\n' { c } else { ' ' });
                comments.push(if kind == Kind::Comment || c == '\n' { c } else { ' ' });
            }
            position += length;
        }
        RustText { code, comments }
    }

    /// The functions outside of inline test modules.
    pub(super) fn functions(&self) -> Vec<Function> {
        let tests = self.test_modules();
        let mut functions = Vec::new();
        for (position, _) in self.code.match_indices("fn ") {
            let inside = tests.iter().any(|module| module.contains(&position));
            let word = self.code[..position].chars().next_back().is_some_and(is_word);
            let name: String =
                self.code[position + 3..].chars().take_while(|c| is_word(*c)).collect();
            if inside || word || name.is_empty() {
                continue;
            }
            let Some(body) = self.body(position) else { continue };
            let body_lines = self.code[body].matches('\n').count().saturating_sub(1);
            functions.push(Function { name, line: self.line(position), body_lines });
        }
        functions
    }

    /// The line of a place, from 1.
    fn line(&self, position: usize) -> usize {
        self.code[..position].matches('\n').count() + 1
    }

    /// The braces that follow a place, before any semicolon outside of brackets.
    fn body(&self, position: usize) -> Option<Range<usize>> {
        let (mut depth, mut open, mut braces) = (0_u32, None, 0_u32);
        for (offset, c) in self.code[position..].char_indices() {
            let at = position + offset;
            match (c, open) {
                ('(' | '[', None) => depth += 1,
                (')' | ']', None) => depth = depth.saturating_sub(1),
                (';', None) if depth == 0 => return None,
                ('{', None) if depth == 0 => (open, braces) = (Some(at), 1),
                ('{', Some(_)) => braces += 1,
                ('}', Some(start)) => {
                    braces -= 1;
                    if braces == 0 {
                        return Some(start..at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Where the modules under `#[cfg(test)]` are whose code is in this file.
    fn test_modules(&self) -> Vec<Range<usize>> {
        let found = self.code.match_indices("#[cfg(test)]");
        found.filter_map(|(position, _)| self.body(position + "#[cfg(test)]".len())).collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// How long the piece at the beginning of `rest` is, and what it is.
fn piece(rest: &str, before: Option<char>) -> (usize, Kind) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Kind::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Kind::Comment);
    }
    if !before.is_some_and(is_word)
        && let Some(length) = raw_string(rest)
    {
        return (length, Kind::Literal);
    }
    match rest.as_bytes()[0] {
        b'"' => (quoted(rest, '"'), Kind::Literal),
        b'\'' => match character(rest) {
            Some(length) => (length, Kind::Literal),
            None => (1, Kind::Code),
        },
        _ => (first, Kind::Code),
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut position, mut depth) = (0, 0);
    while position < rest.len() {
        let ahead = &rest[position..];
        if ahead.starts_with("/*") {
            depth += 1;
            position += 2;
        } else if ahead.starts_with("*/") {
            depth -= 1;
            position += 2;
            if depth == 0 {
                return position;
            }
        } else {
            position += ahead.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of `r"…"`, `br#"…"#` and the like.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].bytes().take_while(|b| *b == b'#').count();
    let open = prefix.len() + hashes;
    if !rest[open..].starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let inside = &rest[open + 1..];
    Some(inside.find(&close).map_or(rest.len(), |end| open + 1 + end + close.len()))
}

/// The length of a literal with escapes, from quote to quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (position, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return position + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next()?;
    let (position, second) = characters.next()?;
    match (first, second) {
        ('\\', _) => Some(quoted(rest, '\'')),
        (_, '\'') => Some(position + 1),
        _ => None,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_comments_are_told_apart() {
        let source = r###"let a = "fn // no"; // fn yes
let b = r#"a " fn"#; /* x /* y */ z */ let c = '"'; let d: &'a str = b'\''; for_r"###;
        let text = RustText::new(source);
        assert_eq!(
            text.comments.split_whitespace().collect::<Vec<_>>().join(" "),
            "// fn yes /* x /* y */ z */"
        );
        assert!(!text.code.contains("fn") && text.code.contains("&'a str"), "{}", text.code);
        assert!(text.code.ends_with("for_r"));
        assert_eq!(text.code.len(), source.len());
    }

    #[test]
    fn functions_and_their_lengths() {
        let source = "fn one() -> [u8; 2] {\n    [1, 2]\n}\n\
                      trait T {\n    fn none(&self);\n}\n\
                      pub(crate) async fn two<F: Fn()>(f: F) {\n    if x {\n        y\n    }\n}\n\
                      #[cfg(test)]\nmod tests {\n    fn three() {\n    }\n}\n\
                      #[cfg(test)]\nmod other;\nfn four() {}\n";
        let functions = RustText::new(source).functions();
        let found: Vec<_> =
            functions.iter().map(|f| (f.name.as_str(), f.line, f.body_lines)).collect();
        assert_eq!(found, [("one", 1, 1), ("two", 7, 3), ("four", 19, 0)]);
    }
}
