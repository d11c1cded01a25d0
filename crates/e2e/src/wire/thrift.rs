//! Thrift's binary protocol, as far as Jaeger's batches need it:
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-binary-protocol.md>.

const I32: u8 = 8;
const I64: u8 = 10;
const STRING: u8 = 11;
const STRUCT: u8 = 12;
const LIST: u8 = 15;

/// A struct to be.
#[derive(Clone, Debug, Default)]
pub struct Struct(Vec<u8>);

impl Struct {
    /// No fields yet.
    pub fn new() -> Struct {
        Struct::default()
    }

    /// A field of type `i32`.
    #[must_use]
    pub fn i32(mut self, field: i16, value: i32) -> Struct {
        self.begin(I32, field);
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// A field of type `i64`.
    #[must_use]
    pub fn i64(mut self, field: i16, value: i64) -> Struct {
        self.begin(I64, field);
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// A field of type `string`.
    #[must_use]
    pub fn text(mut self, field: i16, value: &str) -> Struct {
        self.begin(STRING, field);
        self.0.extend_from_slice(&(value.len() as u32).to_be_bytes());
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    /// A struct within.
    #[must_use]
    pub fn record(mut self, field: i16, value: Struct) -> Struct {
        self.begin(STRUCT, field);
        self.0.extend_from_slice(&value.finish());
        self
    }

    /// A list of structs.
    #[must_use]
    pub fn records(mut self, field: i16, values: Vec<Struct>) -> Struct {
        self.begin(LIST, field);
        self.0.push(STRUCT);
        self.0.extend_from_slice(&(values.len() as u32).to_be_bytes());
        for value in values {
            self.0.extend_from_slice(&value.finish());
        }
        self
    }

    /// The struct.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.push(0);
        self.0
    }

    fn begin(&mut self, kind: u8, field: i16) {
        self.0.push(kind);
        self.0.extend_from_slice(&field.to_be_bytes());
    }
}
