//! A part's frame: its first and last bytes, and the footer they lead to.

use std::io;

use crc32c::{crc32c, crc32c_append};
use env::File;
use storage::{PartDescription, PartError};

use super::{PageKind, Place, VERSION};
use crate::codec::{Cursor, Malformed, put_ivarint, put_text, put_uvarint};

/// The length of what comes before the first page.
pub(super) const HEADER_LEN: usize = 16;

const MAGIC: [u8; 8] = *b"SGMETRIC";
const END_MAGIC: [u8; 8] = *b"SGMETEND";
const TRAILER_LEN: usize = 24;

/// Longer footers are not written: they stay in memory while the part is open.
const FOOTER_BYTES_MAX: u64 = 64 << 20;

/// What is in memory of an open part.
pub(super) struct Footer {
    pub(super) description: PartDescription,
    /// The oldest and the newest instant of a sample; the first is larger when there is none.
    pub(super) min_ms: i64,
    pub(super) max_ms: i64,
    pub(super) series: u32,
    pub(super) pages: Vec<Page>,
    /// Sorted by name.
    pub(super) index: Vec<IndexedName>,
}

/// A page in the file; pages follow each other without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) kind: PageKind,
    pub(super) offset: u64,
    pub(super) stored_len: u32,
    pub(super) len: u32,
    pub(super) crc: u32,
}

/// Where the values of a label are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IndexedName {
    pub(super) name: Box<str>,
    /// Chunks of values: the first value and the place of each, sorted.
    pub(super) chunks: Vec<(Box<str>, Place)>,
}

/// The first bytes of a file.
pub(super) fn header() -> [u8; HEADER_LEN] {
    let mut bytes = [0; HEADER_LEN];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes
}

impl Footer {
    /// The footer and the trailer behind it, for a file in which they begin at `offset`.
    pub(super) fn encode(&self, offset: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        put_text(&mut out, &self.description.to_json());
        put_ivarint(&mut out, self.min_ms);
        put_ivarint(&mut out, self.max_ms);
        put_uvarint(&mut out, u64::from(self.series));
        put_uvarint(&mut out, self.pages.len() as u64);
        for page in &self.pages {
            out.push(page.kind as u8);
            put_uvarint(&mut out, u64::from(page.stored_len));
            put_uvarint(&mut out, u64::from(page.len));
            out.extend_from_slice(&page.crc.to_le_bytes());
        }
        put_uvarint(&mut out, self.index.len() as u64);
        for indexed in &self.index {
            put_text(&mut out, &indexed.name);
            put_uvarint(&mut out, indexed.chunks.len() as u64);
            for (first, place) in &indexed.chunks {
                put_text(&mut out, first);
                put_uvarint(&mut out, u64::from(place.page));
                put_uvarint(&mut out, u64::from(place.offset));
            }
        }
        let len = out.len() as u64;
        if len > FOOTER_BYTES_MAX {
            let message = format!("a part's footer would have {len} bytes: it has too many series");
            return Err(io::Error::other(message));
        }
        let crc = crc32c_append(crc32c(&header()), &out);
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&(len as u32).to_le_bytes());
        out.extend_from_slice(&crc.to_le_bytes());
        out.extend_from_slice(&END_MAGIC);
        Ok(out)
    }

    /// Reads and checks header, trailer and footer.
    pub(super) fn read(file: &dyn File) -> Result<Self, PartError> {
        let len = file.len()?;
        if len < (HEADER_LEN + TRAILER_LEN) as u64 {
            return Err(PartError::Damaged(format!("{len} bytes are too few for a part")));
        }
        let mut first = [0; HEADER_LEN];
        file.read_exact_at(&mut first, 0)?;
        let found = u32::from_le_bytes([first[8], first[9], first[10], first[11]]);
        let mut trailer = [0; TRAILER_LEN];
        let trailer_offset = len - TRAILER_LEN as u64;
        file.read_exact_at(&mut trailer, trailer_offset)?;
        let mut cursor = Cursor::new(&trailer);
        let frame = (|| -> Result<_, Malformed> {
            Ok((cursor.array()?, cursor.array()?, cursor.array()?, cursor.array()?))
        })();
        let (offset, footer_len, crc, magic): ([u8; 8], [u8; 4], [u8; 4], [u8; 8]) =
            frame.map_err(|error| PartError::Damaged(error.to_string()))?;
        let offset = u64::from_le_bytes(offset);
        let footer_len = u64::from(u32::from_le_bytes(footer_len));
        let ends_at = offset.checked_add(footer_len);
        if first[..8] != MAGIC || magic != END_MAGIC || ends_at != Some(trailer_offset) {
            return Err(PartError::Damaged("its first or last bytes are not a part's".to_owned()));
        }
        if footer_len > FOOTER_BYTES_MAX {
            return Err(PartError::Damaged(format!("its footer has {footer_len} bytes")));
        }
        let mut footer = vec![0; footer_len as usize];
        file.read_exact_at(&mut footer, offset)?;
        if crc32c_append(crc32c(&first), &footer) != u32::from_le_bytes(crc) {
            return Err(PartError::Damaged("its footer has a wrong checksum".to_owned()));
        }
        if found > VERSION {
            return Err(PartError::Newer { found, known: VERSION });
        }
        Self::decode(&footer, offset)
            .map_err(|reason| PartError::Damaged(format!("its footer cannot be read: {reason}")))
    }

    fn decode(bytes: &[u8], pages_end: u64) -> Result<Self, String> {
        let text = |error: Malformed| error.to_string();
        let mut cursor = Cursor::new(bytes);
        let description = PartDescription::from_json(cursor.text().map_err(text)?)?;
        let min_ms = cursor.ivarint().map_err(text)?;
        let max_ms = cursor.ivarint().map_err(text)?;
        let series = cursor.uvarint().map_err(text)?;
        let series = u32::try_from(series).map_err(|_| "it has too many series")?;
        let pages = decode_pages(&mut cursor).map_err(text)?;
        let end = pages.last().map_or(HEADER_LEN as u64, Page::end);
        if end != pages_end {
            return Err("its pages have other lengths than the file".to_owned());
        }
        let index = decode_index(&mut cursor).map_err(text)?;
        Ok(Footer { description, min_ms, max_ms, series, pages, index })
    }
}

impl Page {
    fn end(&self) -> u64 {
        self.offset + u64::from(self.stored_len)
    }
}

fn number(cursor: &mut Cursor<'_>) -> Result<u32, Malformed> {
    u32::try_from(cursor.uvarint()?).map_err(|_| Malformed("a number has more than 32 bits"))
}

fn decode_pages(cursor: &mut Cursor<'_>) -> Result<Vec<Page>, Malformed> {
    let mut pages = Vec::new();
    let mut offset = HEADER_LEN as u64;
    for _ in 0..cursor.count()? {
        let kind = PageKind::from_number(cursor.u8()?);
        let kind = kind.ok_or(Malformed("a page has an unknown kind"))?;
        let (stored_len, len) = (number(cursor)?, number(cursor)?);
        let crc = u32::from_le_bytes(cursor.array()?);
        let page = Page { kind, offset, stored_len, len, crc };
        offset = page.end();
        pages.push(page);
    }
    Ok(pages)
}

fn decode_index(cursor: &mut Cursor<'_>) -> Result<Vec<IndexedName>, Malformed> {
    let mut index = Vec::new();
    for _ in 0..cursor.count()? {
        let name = cursor.text()?.into();
        let mut chunks = Vec::new();
        for _ in 0..cursor.count()? {
            let first = cursor.text()?.into();
            chunks.push((first, Place { page: number(cursor)?, offset: number(cursor)? }));
        }
        index.push(IndexedName { name, chunks });
    }
    Ok(index)
}
