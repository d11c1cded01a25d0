//! Integers and texts one after the other.

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) &'static str);

/// Reads from the front of some bytes.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

const ENDS: Malformed = Malformed("it ends too early");

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Cursor { rest: bytes }
    }

    /// At an offset; behind the end there is nothing to read.
    pub(crate) fn at(bytes: &'a [u8], offset: u64) -> Self {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Cursor { rest: bytes.get(offset..).unwrap_or_default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes that are left: no more things than these can follow.
    pub(crate) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.rest.split_at_checked(len).ok_or(ENDS)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(ENDS)?;
        self.rest = rest;
        Ok(*bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn f64(&mut self) -> Result<f64, Malformed> {
        self.array().map(f64::from_le_bytes)
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    pub(crate) fn uvarint(&mut self) -> Result<u64, Malformed> {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.u8()?;
            if shift == 63 && byte > 1 {
                return Err(Malformed("a number has more than 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    /// A count of things that take at least a byte each.
    pub(crate) fn count(&mut self) -> Result<usize, Malformed> {
        let count = self.uvarint()?;
        usize::try_from(count).ok().filter(|count| *count <= self.len()).ok_or(ENDS)
    }

    /// A number that may be negative: those near zero are short.
    pub(crate) fn ivarint(&mut self) -> Result<i64, Malformed> {
        let zigzag = self.uvarint()?;
        Ok((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Malformed> {
        let len = self.count()?;
        std::str::from_utf8(self.bytes(len)?).map_err(|_| Malformed("a text is not UTF-8"))
    }
}

pub(crate) fn put_uvarint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) fn put_ivarint(out: &mut Vec<u8>, value: i64) {
    put_uvarint(out, (value << 1 ^ value >> 63) as u64);
}

pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_uvarint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut out = Vec::new();
        let unsigned = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let signed = [0, -1, 1, -64, 64, i64::MIN, i64::MAX];
        unsigned.iter().for_each(|value| put_uvarint(&mut out, *value));
        signed.iter().for_each(|value| put_ivarint(&mut out, *value));
        let mut cursor = Cursor::new(&out);
        unsigned.iter().for_each(|value| assert_eq!(cursor.uvarint(), Ok(*value)));
        signed.iter().for_each(|value| assert_eq!(cursor.ivarint(), Ok(*value)));
        assert!(cursor.is_empty());
    }

    #[test]
    fn what_is_no_number_or_text_is_refused() {
        assert_eq!(Cursor::new(&[0x80]).uvarint(), Err(ENDS));
        assert!(Cursor::new(&[0xff; 10]).uvarint().is_err());
        assert_eq!(Cursor::new(&[3, b'a']).text(), Err(ENDS));
        assert!(Cursor::new(&[1, 0xff]).text().is_err());
        assert_eq!(Cursor::new(&[5, 0]).count(), Err(ENDS));
        assert_eq!(Cursor::at(&[1, 2], 1).u8(), Ok(2));
        assert_eq!(Cursor::at(&[1, 2], 9).u8(), Err(ENDS));
    }
}
