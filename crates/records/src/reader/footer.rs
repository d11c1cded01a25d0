//! Opening a part: its end is read, checked, and understood.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use env::{File, Fs};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use storage::{PartDescription, PartError};

use super::file::CheckedFile;
use crate::part::{BLOCK_BYTES, DESCRIPTION_KEY, FORMAT, seal};

/// The magic bytes at both ends, and the length of the footer before the last.
const MAGIC: &[u8; 4] = b"PAR1";
const TRAILER: u64 = 8;
/// What lies behind the rows is far smaller, unless the position at which they end is damaged.
const TAIL_MAX: u64 = 1 << 30;

/// What the end of a part says.
pub(super) struct Footer {
    pub(super) file: CheckedFile,
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) description: PartDescription,
}

impl Footer {
    pub(super) fn open(fs: &dyn Fs, path: &Path) -> std::result::Result<Self, PartError> {
        let file = fs.open(path)?;
        let len = file.len()?;
        let damaged = |text: &str| PartError::Damaged(text.to_owned());
        if len < MAGIC.len() as u64 + TRAILER {
            return Err(PartError::Damaged(format!("it has only {len} bytes")));
        }
        let trailer = read(&*file, len - TRAILER, TRAILER)?;
        let (footer_len, magic) = trailer.split_at(4);
        if magic != MAGIC {
            return Err(damaged("it does not end like a Parquet file"));
        }
        let footer_len = footer_len.try_into().map(u32::from_le_bytes).unwrap_or(u32::MAX);
        let footer_at = (len - TRAILER).checked_sub(u64::from(footer_len));
        let footer_at = footer_at.ok_or_else(|| damaged("its footer is longer than the file"))?;
        if u64::from(footer_len) > TAIL_MAX {
            return Err(damaged("its footer is too large"));
        }
        let footer = read(&*file, footer_at, u64::from(footer_len))?;
        let data_len = seal::data_len(&footer).filter(|data_len| *data_len <= footer_at);
        let data_len = data_len.ok_or_else(|| damaged("its footer has no seal"))?;
        if len - data_len > TAIL_MAX {
            return Err(damaged("its footer is too large"));
        }
        let tail = read(&*file, data_len, len - data_len)?;
        if !seal::is_intact(&tail) {
            return Err(damaged("the checksum of its footer does not match"));
        }
        let checksums_len = data_len.div_ceil(BLOCK_BYTES) * 4;
        if checksums_len > footer_at - data_len {
            return Err(damaged("its checksums are cut off"));
        }
        let checksums = Bytes::copy_from_slice(&tail[..checksums_len as usize]);
        let metadata = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Optional)
            .parse_and_finish(&Tail { start: data_len, bytes: tail })
            .map_err(|error| PartError::Damaged(format!("its footer is not valid: {error}")))?;
        let description = key_value(&metadata, DESCRIPTION_KEY)
            .ok_or_else(|| damaged("it does not describe itself"))
            .and_then(|text| PartDescription::from_json(text).map_err(PartError::Damaged))?;
        if description.format > FORMAT {
            return Err(PartError::Newer { found: description.format, known: FORMAT });
        }
        let file = CheckedFile::new(file, data_len, checksums);
        Ok(Footer { file, metadata: Arc::new(metadata), description })
    }
}

/// The value of a key in the footer.
pub(super) fn key_value<'a>(metadata: &'a ParquetMetaData, key: &str) -> Option<&'a str> {
    let entries = metadata.file_metadata().key_value_metadata()?;
    entries.iter().find(|entry| entry.key == key)?.value.as_deref()
}

fn read(file: &dyn File, offset: u64, len: u64) -> std::result::Result<Bytes, PartError> {
    let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
    match file.read_exact_at(&mut bytes, offset) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(PartError::Damaged("it became shorter while it was read".to_owned()))
        }
        Err(error) => Err(PartError::Io(error)),
        Ok(()) => Ok(bytes.into()),
    }
}

/// The end of a file, under the offsets it has there.
struct Tail {
    start: u64,
    bytes: Bytes,
}

impl Length for Tail {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Tail {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let rest = self.len().saturating_sub(start);
        self.get_bytes(start, rest as usize).map(bytes::Buf::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let from = start.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let range = from.and_then(|from| Some(from..from.checked_add(length)?));
        match range.filter(|range| range.end <= self.bytes.len()) {
            Some(range) => Ok(self.bytes.slice(range)),
            None => Err(ParquetError::EOF(format!("nothing to read at {start}"))),
        }
    }
}
