//! The bytes of a part's rows, every block checked before it is used.

use std::io;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use env::File;
use parking_lot::Mutex;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use storage::PartError;

use crate::part::BLOCK_BYTES;

/// The rows of a part file.
#[derive(Clone)]
pub(crate) struct CheckedFile(Arc<Inner>);

struct Inner {
    file: Box<dyn File>,
    data_len: u64,
    checksums: Bytes,
    /// The error of the disk that made the last read fail, as opposed to damage.
    failure: Mutex<Option<io::Error>>,
}

impl CheckedFile {
    /// A file whose first `data_len` bytes have these checksums.
    pub(crate) fn new(file: Box<dyn File>, data_len: u64, checksums: Bytes) -> Self {
        CheckedFile(Arc::new(Inner { file, data_len, checksums, failure: Mutex::default() }))
    }

    /// What an error of the Parquet reader means.
    pub(crate) fn explain(&self, error: &dyn std::fmt::Display) -> PartError {
        match self.0.failure.lock().take() {
            Some(failure) => PartError::Io(failure),
            None => PartError::Damaged(error.to_string()),
        }
    }

    fn read(&self, start: u64, length: u64) -> Result<Bytes> {
        let inner = &self.0;
        let end = start.checked_add(length).filter(|end| *end <= inner.data_len);
        let end = end.ok_or_else(|| damage(format!("bytes at {start} lie behind the rows")))?;
        let first = start / BLOCK_BYTES;
        let from = first * BLOCK_BYTES;
        let to = end.div_ceil(BLOCK_BYTES).saturating_mul(BLOCK_BYTES).min(inner.data_len);
        let mut blocks = vec![0; (to - from) as usize];
        if let Err(error) = inner.file.read_exact_at(&mut blocks, from) {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                return Err(damage(format!("the file ends before {to}")));
            }
            let text = error.to_string();
            *inner.failure.lock() = Some(error);
            return Err(ParquetError::General(text));
        }
        for (number, block) in (first..).zip(blocks.chunks(BLOCK_BYTES as usize)) {
            let checksum = inner.checksums.get(number as usize * 4..number as usize * 4 + 4);
            if checksum != Some(&crc32c::crc32c(block).to_le_bytes()[..]) {
                let at = number * BLOCK_BYTES;
                return Err(damage(format!("the checksum of the block at {at} does not match")));
            }
        }
        Ok(Bytes::from(blocks).slice((start - from) as usize..(end - from) as usize))
    }
}

fn damage(text: String) -> ParquetError {
    ParquetError::General(text)
}

impl Length for CheckedFile {
    fn len(&self) -> u64 {
        self.0.data_len
    }
}

/// How much is read ahead when the length is not known.
const READ_AHEAD: u64 = 64 << 10;

impl ChunkReader for CheckedFile {
    type T = Sequential;

    fn get_read(&self, start: u64) -> Result<Sequential> {
        Ok(Sequential { file: self.clone(), position: start, ahead: Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.read(start, length as u64)
    }
}

/// Reads on from a position.
pub(crate) struct Sequential {
    file: CheckedFile,
    position: u64,
    ahead: Bytes,
}

impl io::Read for Sequential {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            let rest = self.file.len().saturating_sub(self.position);
            self.ahead = self.file.read(self.position, rest.min(READ_AHEAD))?;
            self.position += self.ahead.len() as u64;
        }
        let len = out.len().min(self.ahead.len());
        self.ahead.copy_to_slice(&mut out[..len]);
        Ok(len)
    }
}
