//! The tokens both formats are made of.

use std::borrow::Cow;

use crate::DecodeError;

/// A cursor over the body.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
}

impl<'a> Lexer<'a> {
    /// The byte at the cursor.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// Moves behind `token` if it is at the cursor.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.text.as_bytes()[self.position..].starts_with(token.as_bytes());
        if found {
            self.position += token.len();
        }
        found
    }

    /// Moves over the bytes that belong, and returns them. `belongs` must not split characters.
    pub(super) fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text.as_bytes()[self.position..];
        let len = rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
        let taken = &self.text[self.position..self.position + len];
        self.position += len;
        taken
    }

    /// Moves over blanks.
    pub(super) fn blanks(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Moves before the end of the line, and returns what was left of it.
    pub(super) fn rest_of_line(&mut self) -> &'a str {
        self.take_while(|byte| byte != b'\n')
    }

    /// Reads a metric name of the classic characters; empty when there is none.
    pub(super) fn metric_name(&mut self) -> &'a str {
        match self.peek() {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':') => {
                self.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
            }
            _ => "",
        }
    }

    /// Reads a label name of the classic characters; empty when there is none.
    pub(super) fn label_name(&mut self) -> &'a str {
        match self.peek() {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                self.take_while(|b| b.is_ascii_alphanumeric() || b == b'_')
            }
            _ => "",
        }
    }

    /// Reads what stands between two quotes, still escaped.
    pub(super) fn quoted(&mut self, newlines: bool) -> Result<&'a str, DecodeError> {
        if !self.take("\"") {
            return Err(self.error("expected a quote"));
        }
        let start = self.position;
        loop {
            self.take_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n'));
            match self.peek() {
                Some(b'"') => break,
                Some(b'\n') if newlines => self.position += 1,
                Some(b'\\') => {
                    self.position += 1;
                    self.position +=
                        self.text[self.position..].chars().next().map_or(0, char::len_utf8);
                }
                _ => return Err(self.error("a quoted text does not end")),
            }
        }
        let quoted = &self.text[start..self.position];
        self.position += 1;
        Ok(quoted)
    }

    /// An error on the line of the cursor.
    pub(super) fn error(&self, reason: impl Into<Cow<'static, str>>) -> DecodeError {
        let before = &self.text.as_bytes()[..self.position.min(self.text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        DecodeError::at_line(line, reason)
    }

    /// An error that shows what was found instead.
    pub(super) fn expected(&self, what: &str) -> DecodeError {
        let mut rest = self.clone();
        let found: String = rest.rest_of_line().chars().take(20).collect();
        match found.is_empty() {
            true => self.error(format!("expected {what}, found the end of the line")),
            false => self.error(format!("expected {what}, found {found:?}")),
        }
    }
}

/// Undoes `\\`, `\n` and, if asked, `\"`; other backslashes stay as they are.
pub(super) fn unescape(text: &str, quotes: bool) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (replacement, len) = match rest.as_bytes().get(at + 1) {
            Some(b'\\') => ('\\', 2),
            Some(b'n') => ('\n', 2),
            Some(b'"') if quotes => ('"', 2),
            _ => ('\\', 1),
        };
        out.push(replacement);
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
