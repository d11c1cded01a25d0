//! One way to read messages, whether they come as protobuf or as its JSON mapping.
//!
//! A schema is written once, as lists of field numbers with their JSON names and closures over
//! them; generic code over [`Reader`] then decodes both encodings and is compiled for each.

use std::borrow::Cow;

use crate::DecodeError;
use crate::limits::Budget;

/// The fields of a message: their numbers in protobuf and names in JSON. Others are skipped.
pub(crate) type Fields = [(u32, &'static str)];

/// A cursor that stands before a value. Reading a value moves it behind that value.
pub(crate) trait Reader<'a>: Sized {
    /// Reads a message: `each` is called with the number of every field that is present, once per
    /// element when it is repeated. What `each` leaves unread is skipped.
    fn message(
        &mut self,
        fields: &Fields,
        each: impl FnMut(&mut Self, u32) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError>;

    /// Text; bytes that are not UTF-8 are replaced, so that one bad string costs no record.
    fn text(&mut self) -> Result<Cow<'a, str>, DecodeError>;

    /// Bytes; base64 in JSON.
    fn bytes(&mut self) -> Result<Cow<'a, [u8]>, DecodeError>;

    /// An identifier of `N` bytes, hexadecimal in JSON; `None` when it has another length.
    fn id<const N: usize>(&mut self) -> Result<Option<[u8; N]>, DecodeError>;

    /// A whole number of any width.
    fn unsigned(&mut self) -> Result<u64, DecodeError>;

    /// A whole number with a sign.
    fn signed(&mut self) -> Result<i64, DecodeError>;

    /// A number of an enum; `by_name` translates the names some JSON writers send.
    fn enumeration(&mut self, by_name: fn(&str) -> Option<u64>) -> Result<u64, DecodeError>;

    /// A floating-point number.
    fn double(&mut self) -> Result<f64, DecodeError>;

    /// True or false.
    fn boolean(&mut self) -> Result<bool, DecodeError>;

    /// The elements of a repeated `fixed64`, packed or not.
    fn unsigned_list(&mut self, out: &mut Vec<u64>) -> Result<(), DecodeError>;

    /// The elements of a repeated `double`, packed or not.
    fn double_list(&mut self, out: &mut Vec<f64>) -> Result<(), DecodeError>;

    /// The memory that may still be used.
    fn budget(&mut self) -> &mut Budget;

    /// Accounts for memory that what was read takes.
    fn charge(&mut self, bytes: usize) -> Result<(), DecodeError> {
        self.budget().charge(bytes)
    }

    /// Text to keep.
    fn owned_text(&mut self) -> Result<String, DecodeError> {
        let text = self.text()?;
        self.charge(text.len())?;
        Ok(text.into_owned())
    }
}
