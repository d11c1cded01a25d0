//! Hexadecimal text of identifiers.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Lower-case digits of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Reads digits of either case into `out`, padding with zeros on the left; `None` when the text
/// is empty, too long or holds anything else.
pub(crate) fn decode(text: &str, out: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.is_empty() || digits.len() > out.len() * 2 {
        return None;
    }
    out.fill(0);
    for (position, digit) in digits.iter().rev().enumerate() {
        let value = char::from(*digit).to_digit(16)? as u8;
        let index = out.len() - 1 - position / 2;
        out[index] |= if position % 2 == 0 { value } else { value << 4 };
    }
    Some(())
}
