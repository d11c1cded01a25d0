//! Structures, lists and maps of both protocols, and passing over what is unknown.

use super::{Encoding, ThriftReader, Type};
use crate::DecodeError;

impl ThriftReader<'_> {
    /// Reads a structure: `each` is called with the number of every field. What `each` leaves unread
    /// is skipped.
    pub(in super::super) fn structure(
        &mut self,
        mut each: impl FnMut(&mut Self, i16) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.expect(Type::Struct)?;
        self.enter()?;
        let mut last = 0;
        while let Some((number, value_type)) = self.field_header(last)? {
            last = number;
            self.value_type = value_type;
            let in_header = self.pending_bool.is_some();
            let start = self.position;
            each(self, number)?;
            self.pending_bool = None;
            if self.position == start && !in_header {
                self.skip(value_type)?;
            }
        }
        self.depth_left += 1;
        Ok(())
    }

    /// Reads a list: `each` is called before every element, and has to read it.
    pub(in super::super) fn list(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.expect(Type::List)?;
        let (element, len) = self.list_header()?;
        (0..len).try_for_each(|_| {
            self.value_type = element;
            each(self)
        })
    }

    /// The number and type of the next field; `None` at the end of the structure.
    fn field_header(&mut self, last: i16) -> Result<Option<(i16, Type)>, DecodeError> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        match self.encoding {
            Encoding::Binary => {
                let value_type = self.binary_type(header)?;
                Ok(Some((self.raw_i16()?, value_type)))
            }
            Encoding::Compact => {
                let value_type = self.compact_type(header & 15)?;
                if value_type == Type::Bool {
                    self.pending_bool = Some(header & 15 == 1);
                }
                let number = match header >> 4 {
                    0 => self.raw_i16()?,
                    step => last.wrapping_add(i16::from(step)),
                };
                Ok(Some((number, value_type)))
            }
        }
    }

    fn list_header(&mut self) -> Result<(Type, usize), DecodeError> {
        let header = self.byte()?;
        let (value_type, len) = match self.encoding {
            Encoding::Binary => (self.binary_type(header)?, i64::from(self.raw_i32()?)),
            Encoding::Compact => {
                let value_type = self.compact_type(header & 15)?;
                let len = match header >> 4 {
                    15 => self.varint()?.cast_signed(),
                    len => i64::from(len),
                };
                (value_type, len)
            }
        };
        self.check_len(len).map(|len| (value_type, len))
    }

    fn check_len(&self, len: i64) -> Result<usize, DecodeError> {
        let rest = self.data.len() - self.position;
        match usize::try_from(len) {
            Ok(len) if len <= rest => Ok(len),
            _ => Err(self.error(format!("{len} elements are announced, {rest} bytes are left"))),
        }
    }

    fn binary_type(&self, number: u8) -> Result<Type, DecodeError> {
        Ok(match number {
            2 => Type::Bool,
            3 => Type::Byte,
            4 => Type::Double,
            6 => Type::I16,
            8 => Type::I32,
            10 => Type::I64,
            11 => Type::String,
            12 => Type::Struct,
            13 => Type::Map,
            14 | 15 => Type::List,
            _ => return Err(self.error(format!("type {number}"))),
        })
    }

    fn compact_type(&self, number: u8) -> Result<Type, DecodeError> {
        Ok(match number {
            1 | 2 => Type::Bool,
            3 => Type::Byte,
            4 => Type::I16,
            5 => Type::I32,
            6 => Type::I64,
            7 => Type::Double,
            8 => Type::String,
            9 | 10 => Type::List,
            11 => Type::Map,
            12 => Type::Struct,
            _ => return Err(self.error(format!("type {number}"))),
        })
    }

    /// Passes over a value.
    fn skip(&mut self, value_type: Type) -> Result<(), DecodeError> {
        self.value_type = value_type;
        match value_type {
            Type::Bool => self.bool().map(drop),
            Type::Byte => self.byte().map(drop),
            Type::I16 => self.raw_i16().map(drop),
            Type::I32 => self.i32().map(drop),
            Type::I64 => self.i64().map(drop),
            Type::Double => self.double().map(drop),
            Type::String => self.bytes().map(drop),
            Type::Struct => self.structure(|_, _| Ok(())),
            Type::List => {
                self.enter()?;
                let (element, len) = self.list_header()?;
                (0..len).try_for_each(|_| self.skip(element))?;
                self.depth_left += 1;
                Ok(())
            }
            Type::Map => self.skip_map(),
        }
    }

    fn skip_map(&mut self) -> Result<(), DecodeError> {
        self.enter()?;
        let (key, value, len) = match self.encoding {
            Encoding::Binary => {
                let (key, value) = (self.byte()?, self.byte()?);
                (self.binary_type(key), self.binary_type(value), i64::from(self.raw_i32()?))
            }
            Encoding::Compact => match self.varint()?.cast_signed() {
                0 => (Ok(Type::Byte), Ok(Type::Byte), 0),
                len => {
                    let types = self.byte()?;
                    (self.compact_type(types >> 4), self.compact_type(types & 15), len)
                }
            },
        };
        let len = self.check_len(len)?;
        if len > 0 {
            let (key, value) = (key?, value?);
            (0..len).try_for_each(|_| self.skip(key).and_then(|()| self.skip(value)))?;
        }
        self.depth_left += 1;
        Ok(())
    }

    /// Passes over the header of a message, which is sent when there is no HTTP around it.
    pub(in super::super) fn message_header(&mut self) -> Result<(), DecodeError> {
        match self.encoding {
            Encoding::Binary => {
                let first = self.raw_i32()?;
                if first < 0 {
                    self.raw_bytes()?;
                } else {
                    // Before version 1 a message began with the length of its name.
                    self.take(usize::try_from(first).unwrap_or(usize::MAX))?;
                    self.byte()?;
                }
                self.raw_i32().map(drop)
            }
            Encoding::Compact => {
                if self.byte()? != 0x82 {
                    return Err(DecodeError::at_byte(0, "not a message of the compact protocol"));
                }
                self.byte()?;
                self.varint()?;
                self.raw_bytes().map(drop)
            }
        }
    }
}
