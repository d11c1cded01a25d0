//! One segment: its name, its header, and the list of those that exist.

use std::io::{self, ErrorKind};
use std::path::Path;

use crc32c::crc32c;
use env::{File, Fs};
use parking_lot::Mutex;

use super::record::Place;
use crate::StoreDir;

/// The length of a segment's header; its first record follows.
pub(super) const HEADER_LEN: usize = 44;

/// The format that is written.
pub(super) const VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"SGWALSEG";
const EXTENSION: &str = ".wal";

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) version: u32,
    pub(super) number: u64,
    /// The end of the good part of the segment before, when that is known.
    pub(super) previous: Option<Place>,
}

impl Header {
    pub(super) fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let previous = self.previous.unwrap_or(Place { segment: 0, offset: 0 });
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&self.version.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.number.to_le_bytes());
        bytes[24..32].copy_from_slice(&previous.segment.to_le_bytes());
        bytes[32..40].copy_from_slice(&previous.offset.to_le_bytes());
        let crc = crc32c(&bytes[..40]);
        bytes[40..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// `None` when the bytes are no header.
    pub(super) fn decode(bytes: &[u8; HEADER_LEN]) -> Option<Self> {
        let (checked, crc) = bytes.split_at(40);
        if checked[..8] != MAGIC || crc32c(checked).to_le_bytes() != crc {
            return None;
        }
        let number = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&checked[at..at + 8]);
            u64::from_le_bytes(word)
        };
        let previous = Place { segment: number(24), offset: number(32) };
        Some(Header {
            version: (number(8) & u64::from(u32::MAX)) as u32,
            number: number(16),
            previous: (previous.offset > 0).then_some(previous),
        })
    }
}

/// The name of a segment's file.
pub(super) fn file_name(number: u64) -> String {
    format!("{number:020}{EXTENSION}")
}

/// The number of the segment with this name; `None` for the names of other files.
pub(super) fn parse_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(EXTENSION)?;
    (digits.len() == 20).then(|| digits.parse().ok()).flatten()
}

/// The segment that is being written.
pub(super) struct OpenSegment {
    file: Box<dyn File>,
    pub(super) number: u64,
    /// Behind the last good record.
    pub(super) end: u64,
    /// Whether all before `end` is on stable storage.
    pub(super) synced: bool,
}

/// What became of a write.
pub(super) enum Written {
    Yes,
    /// Not, but the segment is as it was before.
    No(io::Error),
    /// Not, and the segment must not be written to again.
    Broken(io::Error),
}

impl OpenSegment {
    /// Makes a segment and its name durable. A leftover of an attempt that failed is replaced: a
    /// number is taken only once its header is durable.
    pub(super) fn create(
        fs: &dyn Fs,
        dir: &Path,
        number: u64,
        previous: Option<Place>,
    ) -> io::Result<Self> {
        let path = dir.join(file_name(number));
        let file = match fs.create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                fs.remove(&path)?;
                fs.create(&path)?
            }
            file => file?,
        };
        let header = Header { version: VERSION, number, previous };
        let made = file
            .append(&header.encode())
            .and_then(|()| file.sync())
            .and_then(|()| fs.sync_dir(dir));
        if let Err(error) = made {
            // If it stays, the next attempt removes it.
            let _stays = fs.remove(&path);
            return Err(error);
        }
        Ok(OpenSegment { file, number, end: HEADER_LEN as u64, synced: true })
    }

    /// Adds whole records.
    pub(super) fn write(&mut self, records: &[u8], sync: bool) -> Written {
        if let Err(error) = self.file.append(records) {
            return match self.file.truncate(self.end) {
                Ok(()) => Written::No(error),
                Err(_) => Written::Broken(error),
            };
        }
        if sync && let Err(error) = self.file.sync() {
            return Written::Broken(error);
        }
        self.end += records.len() as u64;
        self.synced = sync;
        Written::Yes
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        if !self.synced {
            self.file.sync()?;
            self.synced = true;
        }
        Ok(())
    }

    pub(super) fn place(&self) -> Place {
        Place { segment: self.number, offset: self.end }
    }
}

/// Segments that are not written any more, and the length of the one that is.
pub(super) struct Segments {
    state: Mutex<State>,
}

struct State {
    closed: Vec<Closed>,
    open_bytes: u64,
    next: u64,
}

pub(super) struct Closed {
    pub(super) number: u64,
    pub(super) bytes: u64,
    /// It is put aside rather than removed.
    pub(super) damaged: bool,
}

impl Segments {
    pub(super) fn new(closed: Vec<Closed>, next: u64) -> Self {
        Segments { state: Mutex::new(State { closed, open_bytes: 0, next }) }
    }

    /// The number the next new segment will have.
    pub(super) fn next(&self) -> u64 {
        self.state.lock().next
    }

    pub(super) fn opened(&self, number: u64) {
        self.state.lock().next = number + 1;
    }

    pub(super) fn grown(&self, bytes: u64) {
        self.state.lock().open_bytes = bytes;
    }

    pub(super) fn closed(&self, number: u64, bytes: u64) {
        let mut state = self.state.lock();
        state.open_bytes = 0;
        state.closed.push(Closed { number, bytes, damaged: false });
    }

    pub(super) fn bytes(&self) -> u64 {
        let state = self.state.lock();
        state.open_bytes + state.closed.iter().map(|segment| segment.bytes).sum::<u64>()
    }

    /// Removes closed segments before a number, oldest first. The writer does not wait for it.
    pub(super) fn truncate_before(&self, dir: &StoreDir, number: u64) {
        while let Some((oldest, damaged)) = self.oldest().filter(|oldest| oldest.0 < number) {
            let path = dir.wal_dir().join(file_name(oldest));
            if damaged {
                if !dir.quarantine.put(&path, "a damaged segment, the rest of which is in parts") {
                    return;
                }
            } else if let Err(error) = remove_if_there(&*dir.env.fs, &path) {
                tracing::warn!("a superfluous segment stays for now: {error}");
                return;
            }
            self.state.lock().closed.retain(|segment| segment.number != oldest);
        }
    }

    fn oldest(&self) -> Option<(u64, bool)> {
        self.state.lock().closed.first().map(|segment| (segment.number, segment.damaged))
    }
}

/// Removes a file that may be gone already.
pub(super) fn remove_if_there(fs: &dyn Fs, path: &Path) -> io::Result<()> {
    match fs.remove(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbers() {
        assert_eq!(parse_name(&file_name(17)), Some(17));
        assert_eq!(parse_name(&file_name(u64::MAX)), Some(u64::MAX));
        for foreign in ["17.wal", "0000000000000000001a.wal", "LOCK", "00000000000000000017.wal.1"]
        {
            assert_eq!(parse_name(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn headers_come_back_and_flipped_bits_are_noticed() {
        for previous in [None, Some(Place { segment: 1, offset: 99 })] {
            let header = Header { version: VERSION, number: 2, previous };
            let mut bytes = header.encode();
            assert_eq!(Header::decode(&bytes), Some(header));
            for bit in 0..HEADER_LEN * 8 {
                bytes[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(Header::decode(&bytes), None, "bit {bit}");
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }
}
