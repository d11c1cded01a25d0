//! A bounded reader of Thrift's binary and compact protocols.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-binary-protocol.md> and
//! thrift-compact-protocol.md beside it. The size of a list is never trusted: every element takes at
//! least one byte, so a list cannot have more elements than there are bytes left.

mod compact;
mod fields;

use crate::limits::Budget;
use crate::{DecodeError, Limits};

/// Which of the two protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `TBinaryProtocol`, over HTTP and on UDP port 6832.
    Binary,
    /// `TCompactProtocol`, on UDP port 6831.
    Compact,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Bool,
    Byte,
    I16,
    I32,
    I64,
    Double,
    String,
    Struct,
    List,
    Map,
}

/// A cursor that stands before a value. Reading a value moves it behind that value.
#[derive(Debug)]
pub(super) struct ThriftReader<'a> {
    data: &'a [u8],
    position: usize,
    encoding: Encoding,
    /// The type of the value at the cursor.
    value_type: Type,
    /// The compact protocol has the value of a boolean field in the field's header.
    pending_bool: Option<bool>,
    depth_left: usize,
    depth: usize,
    budget: Budget,
}

impl<'a> ThriftReader<'a> {
    /// A cursor before the structure that `data` is.
    pub(super) fn new(data: &'a [u8], encoding: Encoding, limits: &Limits) -> Self {
        ThriftReader {
            data,
            position: 0,
            encoding,
            value_type: Type::Struct,
            pending_bool: None,
            depth_left: limits.depth,
            depth: limits.depth,
            budget: Budget::new(limits),
        }
    }

    /// Accounts for memory that what was read takes.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), DecodeError> {
        self.budget.charge(bytes)
    }

    /// An error at the cursor.
    pub(super) fn error(&self, reason: impl Into<std::borrow::Cow<'static, str>>) -> DecodeError {
        DecodeError::at_byte(self.position, reason)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let rest = self.data.len() - self.position;
        if len > rest {
            return Err(self.error(format!("{len} bytes are announced, {rest} are left")));
        }
        let bytes = &self.data[self.position..self.position + len];
        self.position += len;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.take(N)?;
        Ok(bytes.try_into().expect("take returns as many bytes as were asked for"))
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    /// Fails unless the value at the cursor is of this type.
    fn expect(&self, wanted: Type) -> Result<(), DecodeError> {
        match self.value_type == wanted {
            true => Ok(()),
            false => Err(self.error(format!("expected {wanted:?}, found {:?}", self.value_type))),
        }
    }

    fn raw_i16(&mut self) -> Result<i16, DecodeError> {
        match self.encoding {
            Encoding::Binary => self.array().map(i16::from_be_bytes),
            Encoding::Compact => self.zigzag().map(|number| number as i16),
        }
    }

    fn raw_i32(&mut self) -> Result<i32, DecodeError> {
        match self.encoding {
            Encoding::Binary => self.array().map(i32::from_be_bytes),
            Encoding::Compact => self.zigzag().map(|number| number as i32),
        }
    }

    fn raw_bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let len = match self.encoding {
            Encoding::Binary => i64::from(self.raw_i32()?),
            Encoding::Compact => self.varint()?.cast_signed(),
        };
        match usize::try_from(len) {
            Ok(len) => self.take(len),
            Err(_) => Err(self.error(format!("a length of {len}"))),
        }
    }

    /// An integer of type `i32`, which enums have too.
    pub(super) fn i32(&mut self) -> Result<i32, DecodeError> {
        self.expect(Type::I32)?;
        self.raw_i32()
    }

    /// An integer of type `i64`.
    pub(super) fn i64(&mut self) -> Result<i64, DecodeError> {
        self.expect(Type::I64)?;
        match self.encoding {
            Encoding::Binary => self.array().map(i64::from_be_bytes),
            Encoding::Compact => self.zigzag(),
        }
    }

    /// A floating-point number.
    pub(super) fn double(&mut self) -> Result<f64, DecodeError> {
        self.expect(Type::Double)?;
        match self.encoding {
            Encoding::Binary => self.array().map(f64::from_be_bytes),
            Encoding::Compact => self.array().map(f64::from_le_bytes),
        }
    }

    /// True or false.
    pub(super) fn bool(&mut self) -> Result<bool, DecodeError> {
        self.expect(Type::Bool)?;
        match self.pending_bool.take() {
            Some(value) => Ok(value),
            None => self.byte().map(|byte| byte == 1),
        }
    }

    /// Bytes, which texts are too.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        self.expect(Type::String)?;
        self.raw_bytes()
    }

    /// Text to keep; bytes that are not UTF-8 are replaced.
    pub(super) fn string(&mut self) -> Result<String, DecodeError> {
        let bytes = self.bytes()?;
        self.charge(bytes.len())?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn enter(&mut self) -> Result<(), DecodeError> {
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                Ok(())
            }
            None => Err(self.error(format!("nested deeper than {} levels", self.depth))),
        }
    }
}
