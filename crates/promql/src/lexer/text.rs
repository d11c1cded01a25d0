//! Quoted texts, with the escapes of Go in double and single quotes and none in back quotes.

use super::{Lexer, TokenKind};

impl Lexer<'_> {
    /// A text in double or single quotes whose opening quote was read.
    pub(super) fn quoted(&mut self, quote: char) -> TokenKind {
        loop {
            match self.bump() {
                None | Some('\n') => return self.error("unterminated quoted string"),
                Some('\\') => {
                    if let Err(message) = self.escape(quote) {
                        return self.error(&message);
                    }
                }
                Some(c) if c == quote => return TokenKind::String,
                Some(_) => {}
            }
        }
    }

    /// A text in back quotes whose opening quote was read.
    pub(super) fn raw(&mut self) -> TokenKind {
        self.bump_while(|b| b != b'`');
        match self.bump() {
            Some(_) => TokenKind::String,
            None => self.error("unterminated raw string"),
        }
    }

    fn escape(&mut self, quote: char) -> Result<(), String> {
        let not_terminated = || "escape sequence not terminated".to_owned();
        let first = self.bump().ok_or_else(not_terminated)?;
        let (digits, radix, max) = match first {
            'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => return Ok(()),
            c if c == quote => return Ok(()),
            '0'..='7' => (3, 8, 255),
            'x' => (2, 16, 255),
            'u' => (4, 16, u32::from(char::MAX)),
            'U' => (8, 16, u32::from(char::MAX)),
            other => return Err(format!("unknown escape sequence {}", code_point(other))),
        };
        let mut digit = if radix == 8 { Some(first) } else { self.bump() };
        let mut code = 0u32;
        for read in 1..=digits {
            let c = digit.ok_or_else(not_terminated)?;
            let value = c
                .to_digit(radix)
                .ok_or_else(|| format!("illegal character {} in escape sequence", code_point(c)))?;
            code = code.wrapping_mul(radix).wrapping_add(value);
            if read < digits {
                digit = self.bump();
            }
        }
        if code > max || (0xd800..0xe000).contains(&code) {
            return Err("escape sequence is an invalid Unicode code point".to_owned());
        }
        Ok(())
    }
}

/// The bytes a quoted text stands for, which need not be UTF-8: they may be escaped one by one. The
/// lexer has seen to it that the escapes are valid.
pub(crate) fn unquote(quoted: &str) -> Vec<u8> {
    let body = &quoted[1..quoted.len() - 1];
    if quoted.starts_with('`') {
        return body.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(position) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..position]);
        rest = unescape(&rest[position + 1..], &mut out).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Appends what the escape at the start of `rest` stands for; gives what follows it.
fn unescape<'t>(rest: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let first = rest.chars().next()?;
    let (digits, radix, skipped) = match first {
        '0'..='7' => (3, 8, 0),
        'x' => (2, 16, 1),
        'u' => (4, 16, 1),
        'U' => (8, 16, 1),
        other => {
            let byte = match other {
                'a' => 0x07,
                'b' => 0x08,
                'f' => 0x0c,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 0x0b,
                // A backslash or a quote.
                other => u8::try_from(other).ok()?,
            };
            out.push(byte);
            return Some(&rest[1..]);
        }
    };
    let end = skipped + digits;
    let code = u32::from_str_radix(rest.get(skipped..end)?, radix).ok()?;
    if matches!(first, 'u' | 'U') {
        let c = char::from_u32(code)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(u8::try_from(code).ok()?);
    }
    Some(&rest[end..])
}

/// A character in single quotes as Go prints it; the end of the text is the replacement character.
pub(super) fn quoted_char(c: Option<char>) -> String {
    match c {
        None => "'\u{fffd}'".to_owned(),
        Some('\'') => r"'\''".to_owned(),
        Some('"') => "'\"'".to_owned(),
        Some(c) => {
            let quoted = model::Quoted(c.encode_utf8(&mut [0; 4])).to_string();
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    }
}

/// A character as its code point: `U+0063 'c'`.
fn code_point(c: char) -> String {
    format!("U+{:04X} '{c}'", u32::from(c))
}
