//! Numbers and durations: `1e-3`, `0x1f`, `1_000`, `.5`, `1h30m`.

use super::{Lexer, TokenKind};

/// The shapes a number is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Digit,
    Dot,
    Underscore,
    Exponent,
}

impl Lexer<'_> {
    /// A number or a duration whose first character was read.
    pub(super) fn number_or_duration(&mut self) -> TokenKind {
        self.position = self.start;
        if self.scan_number() {
            return TokenKind::Number;
        }
        if self.scan_rest_of_duration() {
            return TokenKind::Duration;
        }
        let text = &self.query[self.start..self.position];
        self.error(&format!("bad number or duration syntax: {}", model::Quoted(text)))
    }

    /// Reads as far as it is a number; whether it is a valid one is seen when it is converted.
    fn scan_number(&mut self) -> bool {
        let is_hex = self.accept(b"0") && self.accept(b"xX");
        if is_hex {
            self.accept(b"_");
        }
        self.accept(b".");
        self.accept_digit(is_hex);
        let (mut has_dot, mut has_exponent) = (false, false);
        while let Some(part) = self.part(is_hex) {
            self.position += 1;
            let ends_badly = match part {
                Part::Digit => {
                    while self.accept_digit(is_hex) {}
                    false
                }
                Part::Dot if has_dot || is_hex => true,
                Part::Dot => {
                    has_dot = true;
                    self.accept(b"_.")
                }
                Part::Exponent if has_exponent => true,
                Part::Exponent => {
                    has_exponent = true;
                    self.accept(b"+-");
                    self.accept(b"._eE") || self.position == self.query.len()
                }
                Part::Underscore => self.accept(b"._eE") || self.position == self.query.len(),
            };
            if ends_badly {
                return false;
            }
        }
        !self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    fn part(&self, is_hex: bool) -> Option<Part> {
        Some(match self.query.as_bytes().get(self.position)? {
            b'0'..=b'9' => Part::Digit,
            // Here an `e` begins an exponent, even after `0x`; within a run of digits it is one.
            b'e' | b'E' => Part::Exponent,
            b'a'..=b'f' | b'A'..=b'F' if is_hex => Part::Digit,
            b'.' => Part::Dot,
            b'_' => Part::Underscore,
            _ => return None,
        })
    }

    /// Reads units and further numbers after the digits of a first one.
    fn scan_rest_of_duration(&mut self) -> bool {
        if !self.accept(b"smhdwy") {
            return false;
        }
        self.accept(b"s");
        while self.accept_digit(false) {
            while self.accept_digit(false) {}
            if !self.accept(b"smhdw") {
                return false;
            }
            self.accept(b"s");
        }
        match self.peek() {
            Some(c) if c.is_ascii_alphanumeric() || c == '_' => {
                self.position += 1;
                false
            }
            _ => true,
        }
    }

    fn accept(&mut self, wanted: &[u8]) -> bool {
        let found = self.query.as_bytes().get(self.position).is_some_and(|b| wanted.contains(b));
        self.position += usize::from(found);
        found
    }

    fn accept_digit(&mut self, is_hex: bool) -> bool {
        if is_hex { self.accept(b"0123456789abcdefABCDEF") } else { self.accept(b"0123456789") }
    }
}
