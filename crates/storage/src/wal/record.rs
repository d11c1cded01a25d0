//! One record: a header that can be trusted by itself, and a payload.
//!
//! Both checksums also cover the segment's number and the record's offset. Bytes that look like a
//! record but were written elsewhere, inside a payload or in another file, are thus none.

use crc32c::{crc32c, crc32c_append};

/// The length of a record's header.
pub(super) const HEADER_LEN: usize = 24;

/// The largest payload, before compression.
pub(super) const PAYLOAD_BYTES_MAX: usize = 64 << 20;

/// The bytes every record begins with, by which the reader finds one behind damage.
pub(super) const MARKER: [u8; 4] = *b"SGwr";

const PACKING_NONE: u8 = 0;
const PACKING_LZ4: u8 = 1;

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) segment: u64,
    pub(super) offset: u64,
}

/// A payload as it is stored.
pub(super) struct Packed {
    packing: u8,
    len: u32,
    stored: Vec<u8>,
}

/// What a record's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    packing: u8,
    stored_len: u32,
    len: u32,
    crc: u32,
}

impl Packed {
    /// Compresses a payload of at most [`PAYLOAD_BYTES_MAX`] when that makes it smaller.
    pub(super) fn pack(payload: Vec<u8>) -> Self {
        let len = u32::try_from(payload.len()).expect("payloads are bounded by 64 MiB");
        let compressed = lz4_flex::block::compress(&payload);
        if compressed.len() < payload.len() {
            Packed { packing: PACKING_LZ4, len, stored: compressed }
        } else {
            Packed { packing: PACKING_NONE, len, stored: payload }
        }
    }

    /// What it counts for while it waits: the batch behind it is about as large as its payload.
    pub(super) fn weight(&self) -> usize {
        self.len as usize + HEADER_LEN
    }

    /// Adds the record, which will lie at `place`, to `out`.
    pub(super) fn frame(&self, place: Place, out: &mut Vec<u8>) {
        let start = out.len();
        let stored_len = u32::try_from(self.stored.len()).expect("not longer than the payload");
        out.extend_from_slice(&MARKER);
        out.extend_from_slice(&[self.packing, 0, 0, 0]);
        out.extend_from_slice(&stored_len.to_le_bytes());
        out.extend_from_slice(&self.len.to_le_bytes());
        out.extend_from_slice(&place.crc(&self.stored).to_le_bytes());
        let header_crc = place.crc(&out[start..]);
        out.extend_from_slice(&header_crc.to_le_bytes());
        out.extend_from_slice(&self.stored);
    }
}

impl Place {
    fn crc(self, bytes: &[u8]) -> u32 {
        let mut place = [0; 16];
        place[..8].copy_from_slice(&self.segment.to_le_bytes());
        place[8..].copy_from_slice(&self.offset.to_le_bytes());
        crc32c_append(crc32c(&place), bytes)
    }
}

impl Header {
    /// Reads the header of a record that lies at `place`; `None` when there is none.
    pub(super) fn parse(bytes: &[u8; HEADER_LEN], place: Place) -> Option<Header> {
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if bytes[..4] != MARKER || word(20) != place.crc(&bytes[..20]) {
            return None;
        }
        Some(Header { packing: bytes[4], stored_len: word(8), len: word(12), crc: word(16) })
    }

    /// The length of the stored payload.
    pub(super) fn stored_len(&self) -> usize {
        self.stored_len as usize
    }

    /// The payload, from what is stored of it.
    pub(super) fn unpack(&self, stored: Vec<u8>, place: Place) -> Result<Vec<u8>, String> {
        if place.crc(&stored) != self.crc {
            return Err("checksum mismatch".to_owned());
        }
        let len = self.len as usize;
        if len > PAYLOAD_BYTES_MAX {
            return Err(format!("a payload of {len} bytes is too long"));
        }
        match self.packing {
            PACKING_NONE => Ok(stored),
            PACKING_LZ4 => lz4_flex::block::decompress(&stored, len)
                .map_err(|error| format!("its payload does not decompress: {error}")),
            other => Err(format!("unknown packing {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { segment: 3, offset: 44 };

    fn read(record: &[u8], place: Place) -> Option<Result<Vec<u8>, String>> {
        let (header, stored) = record.split_first_chunk()?;
        let header = Header::parse(header, place)?;
        Some(header.unpack(stored.get(..header.stored_len())?.to_vec(), place))
    }

    #[test]
    fn payloads_come_back() {
        for payload in [vec![], vec![1], vec![7; 5000], (0..=255).collect()] {
            let mut record = Vec::new();
            Packed::pack(payload.clone()).frame(PLACE, &mut record);
            assert_eq!(read(&record, PLACE), Some(Ok(payload)));
        }
    }

    #[test]
    fn a_record_is_valid_at_its_place_only() {
        let mut record = Vec::new();
        Packed::pack(vec![7; 5000]).frame(PLACE, &mut record);
        assert_eq!(read(&record, Place { offset: 45, ..PLACE }), None);
        assert_eq!(read(&record, Place { segment: 4, ..PLACE }), None);
    }

    #[test]
    fn no_flipped_bit_goes_unnoticed() {
        let mut record = Vec::new();
        Packed::pack(b"some some some payload".to_vec()).frame(PLACE, &mut record);
        for bit in 0..record.len() * 8 {
            record[bit / 8] ^= 1 << (bit % 8);
            assert!(!matches!(read(&record, PLACE), Some(Ok(_))), "bit {bit}");
            record[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
