//! Where a part's bytes go: to a file, with a checksum of every block.

use std::io::{self, Write};

use crate::part::{BLOCK_BYTES, seal};

/// Passes rows on as they come, and holds back all that follows them until it can be sealed.
pub(crate) struct Sink<W> {
    file: W,
    /// What follows the rows.
    held_back: Vec<u8>,
    holds_back: bool,
    /// How many bytes of rows there are.
    data_len: u64,
    /// The checksum of the block that is not complete.
    block: u32,
    /// The checksums of the complete ones.
    checksums: Vec<u8>,
}

impl<W: Write> Sink<W> {
    pub(crate) fn new(file: W) -> Self {
        let (held_back, checksums) = (Vec::new(), Vec::new());
        Sink { file, held_back, holds_back: false, data_len: 0, block: 0, checksums }
    }

    /// Ends the rows: where they end, and the checksums of their blocks. From now on bytes are held
    /// back.
    pub(crate) fn end_data(&mut self) -> (u64, Vec<u8>) {
        if !self.data_len.is_multiple_of(BLOCK_BYTES) {
            self.checksums.extend(self.block.to_le_bytes());
        }
        self.holds_back = true;
        (self.data_len, std::mem::take(&mut self.checksums))
    }

    /// Seals what was held back and passes it on.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if !seal::close(&mut self.held_back) {
            return Err(io::Error::other("the footer of a part has no seal"));
        }
        self.file.write_all(&self.held_back)?;
        self.file.flush()
    }

    fn checksum(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BLOCK_BYTES - self.data_len % BLOCK_BYTES;
            let (now, later) = bytes.split_at(bytes.len().min(room as usize));
            self.block = crc32c::crc32c_append(self.block, now);
            self.data_len += now.len() as u64;
            if self.data_len.is_multiple_of(BLOCK_BYTES) {
                self.checksums.extend(self.block.to_le_bytes());
                self.block = 0;
            }
            bytes = later;
        }
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.holds_back {
            true => self.held_back.extend_from_slice(bytes),
            false => {
                self.file.write_all(bytes)?;
                self.checksum(bytes);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
