//! Writes protobuf: the replies, and what tests and seeds send.

/// A message that is being written, field by field.
#[derive(Debug, Default)]
pub(crate) struct ProtobufWriter {
    bytes: Vec<u8>,
}

impl ProtobufWriter {
    /// The encoded message.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn tag(&mut self, field: u32, wire_type: u8) {
        self.number(u64::from(field) << 3 | u64::from(wire_type));
    }

    /// A field of type `int32`, `int64`, `uint32`, `uint64`, `bool` or an enum.
    pub(crate) fn varint(&mut self, field: u32, value: u64) -> &mut Self {
        self.tag(field, 0);
        self.number(value);
        self
    }

    /// A field of type `string` or `bytes`.
    pub(crate) fn bytes(&mut self, field: u32, value: impl AsRef<[u8]>) -> &mut Self {
        self.tag(field, 2);
        self.number(value.as_ref().len() as u64);
        self.bytes.extend_from_slice(value.as_ref());
        self
    }

    /// A nested message.
    pub(crate) fn message(&mut self, field: u32, write: impl FnOnce(&mut Self)) -> &mut Self {
        let mut nested = ProtobufWriter::default();
        write(&mut nested);
        self.bytes(field, nested.bytes)
    }

    /// A field of type `fixed64` or `sfixed64`.
    pub(crate) fn fixed64(&mut self, field: u32, value: u64) -> &mut Self {
        self.tag(field, 1);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// A field of type `double`.
    pub(crate) fn double(&mut self, field: u32, value: f64) -> &mut Self {
        self.fixed64(field, value.to_bits())
    }

    /// A field of type `fixed32`.
    pub(crate) fn fixed32(&mut self, field: u32, value: u32) -> &mut Self {
        self.tag(field, 5);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }
}
