//! What the writer and the reader of parts agree on. `docs/format/log-part.md` and
//! `docs/format/span-part.md` describe the bytes.

use serde::{Deserialize, Serialize};

/// The newest version of the file format.
pub const FORMAT: u32 = 1;
/// Rows of a row group; few in tests, so that parts of a few thousand rows have several.
pub(crate) const GROUP_ROWS: usize = if cfg!(test) { 1 << 10 } else { 128 << 10 };
/// Bytes of a row group in memory, so that reading even a whole one stays bounded.
pub(crate) const GROUP_BYTES: usize = 128 << 20;
/// Rows of a page, and of a batch when reading.
pub(crate) const PAGE_ROWS: usize = if cfg!(test) { 1 << 7 } else { 8 << 10 };
/// A block of a file has one checksum: CRC32C (RFC 3720), four bytes, little-endian.
pub(crate) const BLOCK_BYTES: u64 = 16 << 10;

/// The key of the store's description of the part.
pub(crate) const DESCRIPTION_KEY: &str = "sightglass.part";
/// The key of [`Details`].
pub(crate) const DETAILS_KEY: &str = "sightglass.records";
/// The key of [`crate::summary::Summary`].
pub(crate) const SUMMARY_KEY: &str = "sightglass.summary";

/// What a part knows about its columns, beyond what Parquet says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    /// The kind of records.
    pub(crate) signal: String,
    /// The largest number of a record in the order of arrival.
    pub(crate) sequence_max: u64,
    /// How many values each column has, in the order of the columns.
    pub(crate) counts: Vec<u64>,
    /// How many bytes of memory each row group takes.
    pub(crate) group_bytes: Vec<u64>,
}

/// The checksum that guards the end of a file: everything behind the rows, up to the end.
///
/// It lies in the footer and so has to be computed with itself left out. Its text has a fixed
/// width: where the rows end, and the CRC32C with the digits of the latter as zeros.
pub(crate) mod seal {
    /// The key of the seal.
    pub(crate) const KEY: &str = "sightglass.seal";
    /// Digits of the position, then of the checksum.
    const POSITION: usize = 16;
    const CHECKSUM: usize = 8;

    /// The seal without its checksum, for rows that end at `data_len`.
    pub(crate) fn open(data_len: u64) -> String {
        format!("{data_len:016x}{:08x}", 0)
    }

    /// Fills the checksum in; false when there is no seal.
    pub(crate) fn close(tail: &mut [u8]) -> bool {
        let Some(at) = find(tail) else { return false };
        let digits = format!("{:08x}", crc32c::crc32c(tail));
        tail[at + POSITION..at + POSITION + CHECKSUM].copy_from_slice(digits.as_bytes());
        true
    }

    /// Where the rows end, according to the end of a file.
    pub(crate) fn data_len(footer: &[u8]) -> Option<u64> {
        let at = find(footer)?;
        let digits = std::str::from_utf8(&footer[at..at + POSITION]).ok()?;
        u64::from_str_radix(digits, 16).ok()
    }

    /// Whether everything behind the rows is as it was written.
    pub(crate) fn is_intact(tail: &[u8]) -> bool {
        let Some(at) = find(tail) else { return false };
        let (before, rest) = tail.split_at(at + POSITION);
        let (digits, after) = rest.split_at(CHECKSUM);
        let crc = crc32c::crc32c(before);
        let crc = crc32c::crc32c_append(crc, &[b'0'; CHECKSUM]);
        let crc = crc32c::crc32c_append(crc, after);
        format!("{crc:08x}").as_bytes() == digits
    }

    /// Where the text begins: behind the key and the two bytes with which Thrift's compact protocol
    /// introduces a text of this length as the second field. Names of columns come before.
    fn find(bytes: &[u8]) -> Option<usize> {
        let length = POSITION + CHECKSUM;
        let mut pattern = KEY.as_bytes().to_vec();
        pattern.extend([0x18, length as u8]);
        let found = memchr::memmem::rfind(bytes, &pattern)? + pattern.len();
        (found + length <= bytes.len()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_guards_every_bit() {
        let mut tail = b"blocks and indexes ".to_vec();
        tail.extend_from_slice(seal::KEY.as_bytes());
        tail.extend([0x18, 24]);
        tail.extend_from_slice(seal::open(0x1234).as_bytes());
        tail.extend_from_slice(b" PAR1");
        assert!(!seal::is_intact(&tail));
        assert!(seal::close(&mut tail));
        assert!(seal::is_intact(&tail));
        assert_eq!(seal::data_len(&tail), Some(0x1234));
        for bit in 0..tail.len() * 8 {
            tail[bit / 8] ^= 1 << (bit % 8);
            assert!(!seal::is_intact(&tail), "bit {bit}");
            tail[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
