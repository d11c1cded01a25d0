//! Filling pages and writing them.

use std::io::{self, Write};

use crc32c::crc32c;
use storage::PartFile;
use zstd::bulk::Compressor;

use super::footer::{HEADER_LEN, Page, header};
use super::{PageKind, Place};

/// A page that has reached this length is closed.
const PAGE_BYTES: usize = 64 << 10;

/// The longest page, after decompression: a posting list or a series directory of extreme labels.
pub(super) const PAGE_BYTES_MAX: u32 = 256 << 20;

/// Fast enough to keep up with ingest; measured against higher levels it loses a few percent.
const ZSTD_LEVEL: i32 = 3;

/// One page of each kind that is being filled, and the file behind them.
pub(super) struct PageWriter {
    pub(super) file: PartFile,
    pub(super) table: Vec<Page>,
    open: [Open; PageKind::ALL.len()],
    zstd: Compressor<'static>,
    offset: u64,
}

#[derive(Default)]
struct Open {
    closed: u32,
    bytes: Vec<u8>,
}

impl PageWriter {
    pub(super) fn new(mut file: PartFile) -> io::Result<Self> {
        file.write_all(&header())?;
        let (table, open) = (Vec::new(), Default::default());
        let (zstd, offset) = (Compressor::new(ZSTD_LEVEL)?, HEADER_LEN as u64);
        Ok(PageWriter { file, table, open, zstd, offset })
    }

    fn open(&mut self, kind: PageKind) -> &mut Open {
        &mut self.open[kind as usize - 1]
    }

    /// Where the next byte of a kind goes.
    pub(super) fn place(&mut self, kind: PageKind) -> Place {
        let open = self.open(kind);
        Place { page: open.closed, offset: open.bytes.len() as u32 }
    }

    /// The page that is being filled.
    pub(super) fn bytes(&mut self, kind: PageKind) -> &mut Vec<u8> {
        &mut self.open(kind).bytes
    }

    /// Ends the page when it is full; nothing that was written at once is divided.
    pub(super) fn close_if_full(&mut self, kind: PageKind) -> io::Result<()> {
        if self.bytes(kind).len() >= PAGE_BYTES { self.close(kind) } else { Ok(()) }
    }

    /// Ends the page unless it is empty, and writes it.
    pub(super) fn close(&mut self, kind: PageKind) -> io::Result<()> {
        let open = self.open(kind);
        if open.bytes.is_empty() {
            return Ok(());
        }
        open.closed += 1;
        let mut bytes = std::mem::take(&mut open.bytes);
        let len = u32::try_from(bytes.len()).ok().filter(|len| *len <= PAGE_BYTES_MAX);
        let len = len.ok_or_else(|| io::Error::other("a page would be too long"))?;
        let compressed = self.zstd.compress(&bytes)?;
        let stored = if compressed.len() < bytes.len() { &compressed } else { &bytes };
        let (offset, stored_len) = (self.offset, stored.len() as u32);
        self.table.push(Page { kind, offset, stored_len, len, crc: crc32c(stored) });
        self.file.write_all(stored)?;
        self.offset += u64::from(stored_len);
        bytes.clear();
        self.open(kind).bytes = bytes;
        Ok(())
    }

    /// Behind the last page.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }
}
