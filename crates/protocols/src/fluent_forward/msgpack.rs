//! A bounded reader of MessagePack: <https://github.com/msgpack/msgpack/blob/master/spec.md>.

mod writer;

use model::Value;

use crate::DecodeError;
use crate::limits::Budget;

pub(super) use writer::MsgpackWriter;

/// The first bytes of a value: what it is, and what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    kind: Kind,
    /// How many bytes say so.
    pub(super) len: usize,
    /// How many bytes of content follow.
    pub(super) payload: usize,
    /// How many values follow.
    pub(super) children: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nil,
    Bool(bool),
    /// A number that is in the header.
    Small(i8),
    Unsigned,
    Signed,
    Float,
    Str,
    Bin,
    Array,
    Map,
    Ext,
}

/// Reads a header; `None` when more bytes are needed.
pub(super) fn header(data: &[u8]) -> Result<Option<Header>, &'static str> {
    let Some(first) = data.first().copied() else { return Ok(None) };
    // The length in the 1, 2 or 4 bytes behind the first one.
    let sized = |width: usize| {
        let bytes = data.get(1..=width)?;
        Some(bytes.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)))
    };
    let value = |kind, payload| Some(Header { kind, len: 1, payload, children: 0 });
    let content = |kind, width: usize| {
        Some(Header { kind, len: 1 + width, payload: sized(width)?, children: 0 })
    };
    let parent = |kind, len, children| Some(Header { kind, len, payload: 0, children });
    Ok(match first {
        0x00..=0x7f | 0xe0..=0xff => value(Kind::Small(first.cast_signed()), 0),
        0x80..=0x8f => parent(Kind::Map, 1, 2 * usize::from(first & 15)),
        0x90..=0x9f => parent(Kind::Array, 1, usize::from(first & 15)),
        0xa0..=0xbf => value(Kind::Str, usize::from(first & 31)),
        0xc0 => value(Kind::Nil, 0),
        0xc1 => return Err("a byte that MessagePack never uses"),
        0xc2 | 0xc3 => value(Kind::Bool(first == 0xc3), 0),
        0xc4..=0xc6 => content(Kind::Bin, 1 << (first - 0xc4)),
        0xc7..=0xc9 => content(Kind::Ext, 1 << (first - 0xc7)).map(with_type),
        0xca => value(Kind::Float, 4),
        0xcb => value(Kind::Float, 8),
        0xcc..=0xcf => value(Kind::Unsigned, 1 << (first - 0xcc)),
        0xd0..=0xd3 => value(Kind::Signed, 1 << (first - 0xd0)),
        0xd4..=0xd8 => value(Kind::Ext, 1 << (first - 0xd4)).map(with_type),
        0xd9..=0xdb => content(Kind::Str, 1 << (first - 0xd9)),
        0xdc | 0xdd => {
            let width = 2 << (first - 0xdc);
            sized(width).and_then(|len| parent(Kind::Array, 1 + width, len))
        }
        0xde | 0xdf => {
            let width = 2 << (first - 0xde);
            sized(width).and_then(|len| parent(Kind::Map, 1 + width, 2 * len))
        }
    })
}

/// The type of an extension counts as its first byte of content.
fn with_type(header: Header) -> Header {
    Header { payload: header.payload + 1, ..header }
}

/// A value whose elements, if it has any, come next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'a [u8]),
    Bin(&'a [u8]),
    /// The number of elements.
    Array(usize),
    /// The number of pairs.
    Map(usize),
    /// The type and the content.
    Ext(i8, &'a [u8]),
}

/// A cursor over MessagePack values that are wholly there.
#[derive(Clone, Debug)]
pub(super) struct MsgpackReader<'a> {
    data: &'a [u8],
    position: usize,
    depth_left: usize,
}

impl<'a> MsgpackReader<'a> {
    pub(super) fn new(data: &'a [u8], depth: usize) -> Self {
        MsgpackReader { data, position: 0, depth_left: depth }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position == self.data.len()
    }

    pub(super) fn error(&self, reason: &'static str) -> DecodeError {
        DecodeError::at_byte(self.position, reason)
    }

    /// What comes next, without moving.
    pub(super) fn peek(&self) -> Result<Token<'a>, DecodeError> {
        self.clone().token()
    }

    /// Reads what comes next, but not the elements of it.
    pub(super) fn token(&mut self) -> Result<Token<'a>, DecodeError> {
        let rest = &self.data[self.position..];
        let header = header(rest).map_err(|reason| self.error(reason))?;
        let header = header.ok_or_else(|| self.error("a value is cut off"))?;
        let content = rest
            .get(header.len..header.len + header.payload)
            .ok_or_else(|| self.error("a value is cut off"))?;
        // Every element takes at least one byte, so counts cannot exceed what is left.
        if header.children > rest.len() - header.len {
            return Err(self.error("more elements are announced than bytes are left"));
        }
        self.position += header.len + header.payload;
        Ok(match header.kind {
            Kind::Nil => Token::Nil,
            Kind::Bool(value) => Token::Bool(value),
            Kind::Small(number) => Token::Int(i64::from(number)),
            Kind::Unsigned => unsigned(content),
            Kind::Signed => Token::Int(signed(content)),
            Kind::Float => Token::Float(float(content)),
            Kind::Str => Token::Str(content),
            Kind::Bin => Token::Bin(content),
            Kind::Array => Token::Array(header.children),
            Kind::Map => Token::Map(header.children / 2),
            Kind::Ext => match content.split_first() {
                Some((ext_type, content)) => Token::Ext(ext_type.cast_signed(), content),
                None => return Err(self.error("an extension has no type")),
            },
        })
    }

    /// Reads a whole value. Binary content that is text is text: Ruby sends strings either way.
    pub(super) fn value(&mut self, budget: &mut Budget) -> Result<Value, DecodeError> {
        budget.charge(size_of::<Value>())?;
        Ok(match self.token()? {
            Token::Nil => Value::Null,
            Token::Bool(value) => Value::Bool(value),
            Token::Int(number) => Value::Int(number),
            Token::Float(number) => Value::Float(number),
            Token::Str(bytes) => {
                budget.charge(bytes.len())?;
                Value::Str(String::from_utf8_lossy(bytes).into_owned())
            }
            Token::Bin(bytes) | Token::Ext(_, bytes) => {
                budget.charge(bytes.len())?;
                match std::str::from_utf8(bytes) {
                    Ok(text) => Value::from(text),
                    Err(_) => Value::Bytes(bytes.to_vec()),
                }
            }
            Token::Array(len) => {
                self.enter()?;
                let elements = (0..len).map(|_| self.value(budget)).collect::<Result<_, _>>()?;
                self.depth_left += 1;
                Value::Array(elements)
            }
            Token::Map(len) => {
                self.enter()?;
                let mut pairs = Vec::new();
                for _ in 0..len {
                    let name = match self.value(budget)? {
                        Value::Str(name) => name,
                        other => other.to_text().into_owned(),
                    };
                    pairs.push((name, self.value(budget)?));
                }
                self.depth_left += 1;
                Value::Map(pairs)
            }
        })
    }

    fn enter(&mut self) -> Result<(), DecodeError> {
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                Ok(())
            }
            None => Err(self.error("nested too deep")),
        }
    }
}

/// Numbers that only an unsigned integer of 64 bits holds become floats.
fn unsigned(bytes: &[u8]) -> Token<'static> {
    let number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    match i64::try_from(number) {
        Ok(number) => Token::Int(number),
        Err(_) => Token::Float(number as f64),
    }
}

fn signed(bytes: &[u8]) -> i64 {
    let unused = 64 - 8 * bytes.len() as u32;
    let number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    (number << unused).cast_signed() >> unused
}

fn float(bytes: &[u8]) -> f64 {
    match (<[u8; 4]>::try_from(bytes), <[u8; 8]>::try_from(bytes)) {
        (Ok(single), _) => f64::from(f32::from_be_bytes(single)),
        (_, Ok(double)) => f64::from_be_bytes(double),
        _ => f64::NAN,
    }
}
