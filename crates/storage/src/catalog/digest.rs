//! What shows that rows have changed by themselves.

use crc32c::{crc32c, crc32c_append};

use crate::PartEntry;

/// Of a part's row.
pub(super) fn part_digest(store: &str, part: &PartEntry) -> i64 {
    let numbers = [
        part.id.0,
        part.day as u64,
        u64::from(part.level),
        part.min_ns as u64,
        part.max_ns as u64,
        part.rows,
        part.bytes,
        u64::from(part.format),
        part.wal.from,
        part.wal.before,
    ];
    digest(store, &part.file, &numbers)
}

/// Of a store's row.
pub(super) fn store_digest(store: &str, flushed: u64) -> i64 {
    digest(store, "", &[flushed])
}

/// Of a document; its time of change is not worth a document.
pub(super) fn document_digest(kind: &str, id: &str, body: &str, version: i64) -> i64 {
    digest(kind, &format!("{id}\0{body}"), &[version as u64])
}

/// Two checksums with different beginnings, as one number of 64 bits.
fn digest(store: &str, text: &str, numbers: &[u64]) -> i64 {
    let mut bytes = Vec::with_capacity(128);
    for text in [store, text] {
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    let low = crc32c(&bytes);
    bytes.reverse();
    let high = crc32c_append(!low, &bytes);
    (u64::from(high) << 32 | u64::from(low)) as i64
}
