//! Protocol Buffers: <https://protobuf.dev/programming-guides/encoding/>.

/// A message to be.
#[derive(Clone, Debug, Default)]
pub struct Message(Vec<u8>);

impl Message {
    /// An empty message.
    pub fn new() -> Message {
        Message::default()
    }

    /// A field of type `int64`, `uint64`, `bool` or an enumeration.
    #[must_use]
    pub fn varint(mut self, field: u32, value: u64) -> Message {
        self.key(field, 0);
        push_varint(&mut self.0, value);
        self
    }

    /// A field of type `fixed64`.
    #[must_use]
    pub fn fixed64(mut self, field: u32, value: u64) -> Message {
        self.key(field, 1);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// A field of type `double`.
    #[must_use]
    pub fn double(self, field: u32, value: f64) -> Message {
        self.fixed64(field, value.to_bits())
    }

    /// A field of type `bytes`.
    #[must_use]
    pub fn bytes(mut self, field: u32, value: &[u8]) -> Message {
        self.key(field, 2);
        push_varint(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// A field of type `string`.
    #[must_use]
    pub fn text(self, field: u32, value: &str) -> Message {
        self.bytes(field, value.as_bytes())
    }

    /// A message within.
    #[must_use]
    pub fn message(self, field: u32, value: &Message) -> Message {
        self.bytes(field, &value.0)
    }

    /// The message.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn key(&mut self, field: u32, wire_type: u32) {
        push_varint(&mut self.0, u64::from(field << 3 | wire_type));
    }
}

/// Appends an integer of seven bits a byte, the lowest first.
pub fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        assert_eq!(Message::new().varint(1, 150).finish(), [0x08, 0x96, 0x01]);
        let text = Message::new().text(2, "testing").finish();
        assert_eq!(text, b"\x12\x07testing");
        let inner = Message::new().varint(1, 150);
        assert_eq!(Message::new().message(3, &inner).finish(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
    }
}
