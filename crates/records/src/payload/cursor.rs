//! Reading the bytes of a payload, every length checked before it is used.

use super::{OPEN, PayloadError};
use crate::ColumnType;

/// Adds a number in the base-128 form of Protocol Buffers.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Makes numbers near zero small, whatever their sign.
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Cursor { rest: bytes }
    }

    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn bytes(&mut self, len: usize, what: &str) -> Result<&'a [u8], PayloadError> {
        let split = self.rest.split_at_checked(len);
        let (bytes, rest) = split.ok_or_else(|| PayloadError(format!("{what:?} is cut off")))?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], PayloadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N, what)?);
        Ok(array)
    }

    pub(super) fn byte(&mut self, what: &str) -> Result<u8, PayloadError> {
        Ok(self.array::<1>(what)?[0])
    }

    pub(super) fn varint(&mut self, what: &str) -> Result<u64, PayloadError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(what)?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(PayloadError(format!("a number of {what:?} is too large")))
    }

    pub(super) fn signed(&mut self, what: &str) -> Result<i64, PayloadError> {
        let zigzag = self.varint(what)?;
        Ok((zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed()))
    }

    /// A count or length of at most `max`.
    pub(super) fn len(&mut self, what: &str, max: usize) -> Result<usize, PayloadError> {
        let len = self.varint(what)?;
        let within = usize::try_from(len).ok().filter(|len| *len <= max);
        within.ok_or_else(|| PayloadError(format!("{what:?} is {len}, more than {max}")))
    }

    /// The name and type of a column, and whether it is an open field.
    pub(super) fn heading(&mut self) -> Result<(&'a str, ColumnType, bool), PayloadError> {
        let len = self.len("name of a column", self.rest.len())?;
        let name = std::str::from_utf8(self.bytes(len, "name of a column")?)
            .map_err(|_| PayloadError("the name of a column is not UTF-8".to_owned()))?;
        let number = self.byte(name)?;
        let kind = ColumnType::from_number(number & !OPEN)
            .ok_or_else(|| PayloadError(format!("column {name:?} has the type {number}")))?;
        Ok((name, kind, number & OPEN != 0))
    }

    pub(super) fn end(&self) -> Result<(), PayloadError> {
        match self.rest.len() {
            0 => Ok(()),
            more => Err(PayloadError(format!("{more} bytes too many"))),
        }
    }
}
