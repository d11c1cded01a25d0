//! Strings and numbers of JSON.

use std::borrow::Cow;

use model::Value;

use super::JsonReader;
use crate::DecodeError;

impl<'a> JsonReader<'a> {
    /// Reads a string; it is borrowed unless something had to be unescaped or replaced.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        self.skip_space();
        self.expect(b'"', "a string")?;
        let plain = self.plain_run()?;
        if self.data[self.position] == b'"' {
            self.position += 1;
            return Ok(String::from_utf8_lossy(plain));
        }
        let mut text = String::from_utf8_lossy(plain).into_owned();
        loop {
            self.position += 1;
            if self.data[self.position - 1] == b'"' {
                return Ok(Cow::Owned(text));
            }
            text.push(self.escape()?);
            text += &String::from_utf8_lossy(self.plain_run()?);
        }
    }

    /// Moves to the next quote or backslash, which is there when this succeeds.
    fn plain_run(&mut self) -> Result<&'a [u8], DecodeError> {
        let rest = &self.data[self.position..];
        let len = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20));
        self.position += len.unwrap_or(rest.len());
        match self.data.get(self.position) {
            Some(b'"' | b'\\') => Ok(&rest[..len.unwrap_or_default()]),
            Some(_) => Err(self.error("a control character in a string must be escaped")),
            None => Err(self.error("a string does not end")),
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, DecodeError> {
        let letter = self.data.get(self.position).copied();
        self.position += 1;
        Ok(match letter {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.hex4()?;
                self.pair(unit)
            }
            _ => {
                self.position -= 1;
                return Err(self.error("an unknown escape in a string"));
            }
        })
    }

    fn hex4(&mut self) -> Result<u32, DecodeError> {
        let digits = self.data.get(self.position..self.position + 4);
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("expected four hexadecimal digits"));
        };
        self.position += 4;
        Ok(digits.iter().fold(0, |value, digit| {
            value << 4 | char::from(*digit).to_digit(16).unwrap_or_default()
        }))
    }

    /// The character of an UTF-16 unit, together with its partner when one follows.
    fn pair(&mut self, unit: u32) -> char {
        let start = self.position;
        if (0xd800..0xdc00).contains(&unit) && self.take_word("\\u") {
            if let Ok(low @ 0xdc00..0xe000) = self.hex4() {
                let scalar = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.position = start;
        }
        char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// Reads a number and returns its text, which is of the JSON grammar.
    pub(crate) fn number(&mut self) -> Result<&'a str, DecodeError> {
        self.skip_space();
        let start = self.position;
        self.take_word("-");
        if !self.take_word("0") {
            self.digits()?;
        }
        if self.take_word(".") {
            self.digits()?;
        }
        if self.take_word("e") || self.take_word("E") {
            let _sign = self.take_word("+") || self.take_word("-");
            self.digits()?;
        }
        let text = std::str::from_utf8(&self.data[start..self.position]);
        Ok(text.expect("a number is ASCII"))
    }

    fn digits(&mut self) -> Result<(), DecodeError> {
        let rest = &self.data[self.position..];
        let len = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        if len == 0 {
            return Err(self.error("expected a digit"));
        }
        self.position += len;
        Ok(())
    }

    /// Reads a number as the narrower of the two kinds that holds it.
    pub(super) fn numeric_value(&mut self) -> Result<Value, DecodeError> {
        let text = self.number()?;
        if let Ok(whole) = text.parse() {
            return Ok(Value::Int(whole));
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(self.error("a number is out of range")),
        }
    }
}
