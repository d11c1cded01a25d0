//! Snappy's block format, literals only:
//! <https://github.com/google/snappy/blob/main/format_description.txt>.

use super::protobuf::push_varint;

/// Bytes of one literal at most, so that its length takes two bytes.
const LITERAL_MAX: usize = 1 << 16;

/// Wraps bytes without making them fewer.
pub fn wrap(bytes: &[u8]) -> Vec<u8> {
    let mut wrapped = Vec::with_capacity(bytes.len() + bytes.len() / LITERAL_MAX * 3 + 16);
    push_varint(&mut wrapped, bytes.len() as u64);
    for literal in bytes.chunks(LITERAL_MAX) {
        let length = literal.len() - 1;
        wrapped.extend_from_slice(&[61 << 2, length as u8, (length >> 8) as u8]);
        wrapped.extend_from_slice(literal);
    }
    wrapped
}

/// A block that claims to hold so many bytes, and holds one.
pub fn lie(length: u32) -> Vec<u8> {
    let mut block = Vec::new();
    push_varint(&mut block, u64::from(length));
    block.extend_from_slice(&[0, b'x']);
    block
}
