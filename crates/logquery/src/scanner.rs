//! Characters of a query text and where they stand.

use crate::error::{Place, SyntaxError};

/// A place in a text that moves on.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Scanner { text, position: 0 }
    }

    /// How many bytes lie behind.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The bytes from `start` to here.
    pub(crate) fn since(&self, start: usize) -> Place {
        start..self.position
    }

    /// The text from `start` to here.
    pub(crate) fn text_since(&self, start: usize) -> &'a str {
        &self.text[start..self.position]
    }

    /// What lies ahead.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    /// Steps over `wanted` if it comes next.
    pub(crate) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        self.position += if found { wanted.len() } else { 0 };
        found
    }

    /// Takes characters as long as they are wanted.
    pub(crate) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    pub(crate) fn skip_whitespace(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// The rest of a quoted text whose opening quote, at `start`, has been taken; `escape` reads
    /// what follows a backslash.
    pub(crate) fn quoted(
        &mut self,
        start: usize,
        escape: impl Fn(&mut Self, &mut String) -> Result<(), SyntaxError>,
    ) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => escape(self, &mut text)?,
                Some(c) => text.push(c),
                None => {
                    let error = SyntaxError::new(start..start + 1, "the quote is never closed");
                    return Err(error.with_hint("end the text with `\"`"));
                }
            }
        }
    }

    /// The character of a `\u0041` escape whose `u` has been taken.
    pub(crate) fn unicode(&mut self) -> Result<char, SyntaxError> {
        let start = self.position;
        let digits = self.rest().get(..4).unwrap_or(self.rest());
        let code = (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| u32::from_str_radix(digits, 16).ok())
            .flatten();
        match code.and_then(char::from_u32) {
            Some(c) => {
                self.position += 4;
                Ok(c)
            }
            None => Err(SyntaxError::new(
                start.saturating_sub(2)..self.position,
                "expected four hexadecimal digits of a character after `\\u`",
            )),
        }
    }
}
