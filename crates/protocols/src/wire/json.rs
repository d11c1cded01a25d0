//! A cursor over JSON text: bounded, without a tree of values, and with the place of every error.
//!
//! The grammar is RFC 8259's, with one leniency: bytes in strings that are not UTF-8, and escaped
//! surrogates without their partner, are replaced. Log shippers send both, and a record with a
//! replaced character is worth more than none.

mod mapping;
mod text;

use std::borrow::Cow;

use model::Value;

use crate::limits::Budget;
use crate::{DecodeError, Limits};

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A cursor that stands before a value. Reading a value moves it behind that value.
#[derive(Debug)]
pub(crate) struct JsonReader<'a> {
    data: &'a [u8],
    position: usize,
    depth_left: usize,
    depth: usize,
    /// The memory that may still be used.
    pub(crate) budget: Budget,
}

impl<'a> JsonReader<'a> {
    /// A cursor before the value that `data` is.
    pub(crate) fn new(data: &'a [u8], limits: &Limits) -> Self {
        JsonReader {
            data,
            position: 0,
            depth_left: limits.depth,
            depth: limits.depth,
            budget: Budget::new(limits),
        }
    }

    /// Goes on with other data under the same budget, for bodies of many lines.
    pub(crate) fn restart(&mut self, data: &'a [u8]) {
        (self.data, self.position, self.depth_left) = (data, 0, self.depth);
    }

    /// How many bytes have been read.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// An error at the cursor.
    pub(crate) fn error(&self, reason: impl Into<Cow<'static, str>>) -> DecodeError {
        DecodeError::at_byte(self.position, reason)
    }

    /// The kind of the next value.
    pub(crate) fn peek(&mut self) -> Result<Kind, DecodeError> {
        self.skip_space();
        match self.data.get(self.position) {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            Some(other) => {
                let found = char::from(*other);
                Err(self.error(format!("expected a value, found {found:?}")))
            }
            None => Err(self.error("expected a value, found the end")),
        }
    }

    /// Reads an object: `each` is called with every name, and may leave the value unread.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.open(b'{', "an object")?;
        let mut first = true;
        while self.next_member(b'}', &mut first)? {
            self.skip_space();
            let name = self.string()?;
            self.skip_space();
            self.expect(b':', "a colon")?;
            self.skip_space();
            let start = self.position;
            each(self, &name)?;
            if self.position == start {
                self.skip()?;
            }
        }
        self.depth_left += 1;
        Ok(())
    }

    /// Reads an array: `each` is called before every element with its index, and may leave it unread.
    pub(crate) fn array(
        &mut self,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.open(b'[', "an array")?;
        let (mut first, mut index) = (true, 0);
        while self.next_member(b']', &mut first)? {
            self.skip_space();
            let start = self.position;
            each(self, index)?;
            if self.position == start {
                self.skip()?;
            }
            index += 1;
        }
        self.depth_left += 1;
        Ok(())
    }

    /// Reads true or false.
    pub(crate) fn bool(&mut self) -> Result<bool, DecodeError> {
        self.skip_space();
        if self.take_word("true") {
            Ok(true)
        } else if self.take_word("false") {
            Ok(false)
        } else {
            Err(self.error("expected true or false"))
        }
    }

    /// Reads null if that is what comes next.
    pub(crate) fn take_null(&mut self) -> bool {
        self.skip_space();
        self.take_word("null")
    }

    /// Checks and passes over the next value.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        match self.peek()? {
            Kind::Object => self.object(|_, _| Ok(())),
            Kind::Array => self.array(|_, _| Ok(())),
            Kind::String => self.string().map(drop),
            Kind::Number => self.number().map(drop),
            Kind::Bool => self.bool().map(drop),
            Kind::Null if self.take_null() => Ok(()),
            Kind::Null => Err(self.error("expected null")),
        }
    }

    /// Reads any value.
    pub(crate) fn value(&mut self) -> Result<Value, DecodeError> {
        self.budget.charge(size_of::<Value>())?;
        Ok(match self.peek()? {
            Kind::String => {
                let text = self.string()?;
                self.budget.charge(text.len())?;
                Value::Str(text.into_owned())
            }
            Kind::Number => self.numeric_value()?,
            Kind::Bool => Value::Bool(self.bool()?),
            Kind::Null => {
                self.skip()?;
                Value::Null
            }
            Kind::Array => {
                let mut values = Vec::new();
                self.array(|reader, _| {
                    values.push(reader.value()?);
                    Ok(())
                })?;
                Value::Array(values)
            }
            Kind::Object => {
                let mut fields = Vec::new();
                self.object(|reader, name| {
                    reader.budget.charge(size_of::<String>() + name.len())?;
                    fields.push((name.to_owned(), reader.value()?));
                    Ok(())
                })?;
                Value::Map(fields)
            }
        })
    }

    /// Checks that nothing but space follows.
    pub(crate) fn finish(&mut self) -> Result<(), DecodeError> {
        self.skip_space();
        if self.position == self.data.len() {
            Ok(())
        } else {
            Err(self.error("unexpected text behind the value"))
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.data.get(self.position) {
            self.position += 1;
        }
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), DecodeError> {
        if self.data.get(self.position) != Some(&byte) {
            return Err(self.error(format!("expected {what}")));
        }
        self.position += 1;
        Ok(())
    }

    fn open(&mut self, bracket: u8, what: &'static str) -> Result<(), DecodeError> {
        self.skip_space();
        self.expect(bracket, what)?;
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                Ok(())
            }
            None => Err(self.error(format!("nested deeper than {} levels", self.depth))),
        }
    }

    /// Moves behind the comma before the next member, or behind the closing bracket.
    fn next_member(&mut self, close: u8, first: &mut bool) -> Result<bool, DecodeError> {
        self.skip_space();
        let is_first = std::mem::replace(first, false);
        match self.data.get(self.position) {
            Some(byte) if *byte == close => {
                self.position += 1;
                Ok(false)
            }
            Some(b',') if !is_first => {
                self.position += 1;
                Ok(true)
            }
            Some(_) if is_first => Ok(true),
            Some(_) => Err(self.error(format!("expected a comma or {:?}", char::from(close)))),
            None => Err(self.error(format!("expected {:?}, found the end", char::from(close)))),
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.data[self.position..].starts_with(word.as_bytes());
        if found {
            self.position += word.len();
        }
        found
    }
}

#[cfg(test)]
mod tests;
