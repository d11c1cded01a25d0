//! A walker over protobuf bytes that copies nothing.
//!
//! The format: <https://protobuf.dev/programming-guides/encoding/>. Field order, repetition of
//! fields and unknown fields are taken as that page demands; groups, which proto3 does not have, are
//! refused.

mod writer;

use std::borrow::Cow;

pub(crate) use writer::ProtobufWriter;

use super::reader::{Fields, Reader};
use crate::limits::Budget;
use crate::{DecodeError, Limits};

/// How the value before the cursor is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WireType {
    /// The outermost message, which has no length of its own.
    Whole,
    Varint,
    Fixed64,
    Bytes,
    Fixed32,
}

/// A cursor over one message and those nested in it.
#[derive(Debug)]
pub(crate) struct ProtobufReader<'a> {
    data: &'a [u8],
    position: usize,
    /// Where the innermost message ends; nothing is read beyond.
    end: usize,
    wire_type: WireType,
    depth_left: usize,
    depth: usize,
    budget: Budget,
}

impl<'a> ProtobufReader<'a> {
    /// A cursor before the message that all of `data` is.
    pub(crate) fn new(data: &'a [u8], limits: &Limits) -> Self {
        ProtobufReader {
            data,
            position: 0,
            end: data.len(),
            wire_type: WireType::Whole,
            depth_left: limits.depth,
            depth: limits.depth,
            budget: Budget::new(limits),
        }
    }

    #[cold]
    fn error(&self, reason: impl Into<Cow<'static, str>>) -> DecodeError {
        DecodeError::at_byte(self.position, reason)
    }

    #[cold]
    fn unexpected(&self, wanted: &'static str) -> DecodeError {
        self.error(format!("expected {wanted}, found wire type {:?}", self.wire_type))
    }

    /// Most numbers are tags and lengths of one byte.
    #[inline]
    fn varint(&mut self) -> Result<u64, DecodeError> {
        match self.data.get(self.position) {
            Some(byte @ 0..0x80) if self.position < self.end => {
                self.position += 1;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            if self.position == self.end {
                return Err(self.error("the message ends within a number"));
            }
            let byte = self.data[self.position];
            self.position += 1;
            if shift == 63 && byte > 1 {
                return Err(self.error("a number has more than 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(value)
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        if len > self.end - self.position {
            let rest = self.end - self.position;
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

    /// The bytes of a length-delimited value.
    #[inline]
    pub(crate) fn slice(&mut self) -> Result<&'a [u8], DecodeError> {
        match self.wire_type {
            WireType::Bytes => {
                let len = self.varint()?;
                self.take(usize::try_from(len).unwrap_or(usize::MAX))
            }
            WireType::Whole => self.take(self.end - self.position),
            _ => Err(self.unexpected("bytes")),
        }
    }

    /// Reads the number of the next field and how its value is encoded.
    fn tag(&mut self) -> Result<u32, DecodeError> {
        let start = self.position;
        let tag = self.varint()?;
        self.wire_type = match tag & 7 {
            0 => WireType::Varint,
            1 => WireType::Fixed64,
            2 => WireType::Bytes,
            5 => WireType::Fixed32,
            other => return Err(DecodeError::at_byte(start, format!("wire type {other}"))),
        };
        match u32::try_from(tag >> 3) {
            Ok(number @ 1..) => Ok(number),
            _ => Err(DecodeError::at_byte(start, format!("field number {}", tag >> 3))),
        }
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        match self.wire_type {
            WireType::Varint => self.varint().map(drop),
            WireType::Fixed64 => self.take(8).map(drop),
            WireType::Fixed32 => self.take(4).map(drop),
            WireType::Bytes | WireType::Whole => self.slice().map(drop),
        }
    }

    /// Any number as 64 bits, whatever its width on the wire.
    fn number(&mut self) -> Result<u64, DecodeError> {
        match self.wire_type {
            WireType::Varint => self.varint(),
            WireType::Fixed64 => self.array().map(u64::from_le_bytes),
            WireType::Fixed32 => self.array().map(|bytes| u64::from(u32::from_le_bytes(bytes))),
            WireType::Bytes | WireType::Whole => Err(self.unexpected("a number")),
        }
    }

    /// The elements of a repeated 64-bit field: one, or many behind each other.
    fn fixed_list(&mut self, mut each: impl FnMut(u64)) -> Result<(), DecodeError> {
        if self.wire_type != WireType::Bytes {
            self.charge(size_of::<u64>())?;
            each(self.number()?);
            return Ok(());
        }
        let packed = self.slice()?;
        self.charge(packed.len())?;
        let (elements, rest) = packed.as_chunks();
        if !rest.is_empty() {
            return Err(self.error("a packed list of 64-bit numbers ends within one"));
        }
        elements.iter().for_each(|element| each(u64::from_le_bytes(*element)));
        Ok(())
    }
}

impl<'a> Reader<'a> for ProtobufReader<'a> {
    fn message(
        &mut self,
        _fields: &Fields,
        mut each: impl FnMut(&mut Self, u32) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let len = self.slice()?.len();
        if self.depth_left == 0 {
            return Err(self.error(format!("nested deeper than {} levels", self.depth)));
        }
        let outer_end = std::mem::replace(&mut self.end, self.position);
        self.position -= len;
        self.depth_left -= 1;
        while self.position < self.end {
            let number = self.tag()?;
            let start = self.position;
            each(self, number)?;
            if self.position == start {
                self.skip()?;
            }
        }
        self.depth_left += 1;
        self.end = outer_end;
        Ok(())
    }

    fn text(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let bytes = self.slice()?;
        // Checking alone is much faster than checking while replacing.
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(_) => Ok(String::from_utf8_lossy(bytes)),
        }
    }

    fn bytes(&mut self) -> Result<Cow<'a, [u8]>, DecodeError> {
        self.slice().map(Cow::Borrowed)
    }

    fn id<const N: usize>(&mut self) -> Result<Option<[u8; N]>, DecodeError> {
        Ok(self.slice()?.try_into().ok())
    }

    fn unsigned(&mut self) -> Result<u64, DecodeError> {
        self.number()
    }

    fn signed(&mut self) -> Result<i64, DecodeError> {
        self.number().map(u64::cast_signed)
    }

    fn enumeration(&mut self, _by_name: fn(&str) -> Option<u64>) -> Result<u64, DecodeError> {
        self.number()
    }

    fn double(&mut self) -> Result<f64, DecodeError> {
        match self.wire_type {
            WireType::Fixed64 => self.array().map(f64::from_le_bytes),
            _ => Err(self.unexpected("a double")),
        }
    }

    fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.number().map(|number| number != 0)
    }

    fn unsigned_list(&mut self, out: &mut Vec<u64>) -> Result<(), DecodeError> {
        self.fixed_list(|element| out.push(element))
    }

    fn double_list(&mut self, out: &mut Vec<f64>) -> Result<(), DecodeError> {
        self.fixed_list(|element| out.push(f64::from_bits(element)))
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}

#[cfg(test)]
mod tests;
