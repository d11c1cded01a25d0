//! Reads one segment record by record, and finds its way behind damage.

use std::io::{self, ErrorKind};

use env::File;

use crate::wal::record::{HEADER_LEN, Header, MARKER, Place};
use crate::wal::segment;

/// What comes next in a segment.
pub(super) enum Step {
    Record {
        place: Place,
        payload: Vec<u8>,
    },
    /// What could not be read, with a good record behind it.
    Damage {
        offset: u64,
        bytes: u64,
        reason: String,
    },
    /// What could not be read, with nothing good behind it.
    TornTail {
        offset: u64,
    },
    End {
        offset: u64,
    },
}

/// Reads from `offset` to `end`, holding one record at a time.
pub(super) struct SegmentReader<'a> {
    file: &'a dyn File,
    number: u64,
    offset: u64,
    end: u64,
    /// A record that was found behind damage and is the next step.
    found: Option<(Place, Vec<u8>)>,
}

/// A stretch that cannot be read is skipped in steps of this many bytes.
const BLOCK: u64 = 4096;
/// So much is searched at once for the next record.
const WINDOW: u64 = 64 << 10;

impl<'a> SegmentReader<'a> {
    pub(super) fn new(file: &'a dyn File, number: u64, offset: u64, end: u64) -> Self {
        SegmentReader { file, number, offset, end, found: None }
    }

    pub(super) fn next(&mut self) -> Step {
        if let Some((place, payload)) = self.found.take() {
            return Step::Record { place, payload };
        }
        if self.offset >= self.end {
            return Step::End { offset: self.offset };
        }
        let damaged_from = self.offset;
        let mut reason = None;
        while self.offset < self.end {
            let place = Place { segment: self.number, offset: self.offset };
            match self.record() {
                Ok(payload) => {
                    let Some(reason) = reason else { return Step::Record { place, payload } };
                    self.found = Some((place, payload));
                    let bytes = place.offset - damaged_from;
                    return Step::Damage { offset: damaged_from, bytes, reason };
                }
                Err(error) => reason = reason.or(Some(error)),
            }
        }
        Step::TornTail { offset: damaged_from }
    }

    /// The record at the offset, which moves behind it. Where there is none, the offset moves to
    /// where the next might be.
    fn record(&mut self) -> Result<Vec<u8>, String> {
        let place = Place { segment: self.number, offset: self.offset };
        let mut bytes = [0; HEADER_LEN];
        let header = match self.read(&mut bytes, self.offset) {
            Ok(()) => Header::parse(&bytes, place),
            Err(error) => {
                self.offset = self.search(self.offset + 1);
                return Err(error.to_string());
            }
        };
        let behind = |header: &Header| self.offset + (HEADER_LEN + header.stored_len()) as u64;
        let Some(header) = header.filter(|header| behind(header) <= self.end) else {
            self.offset = self.search(self.offset + 1);
            return Err("no record begins here".to_owned());
        };
        let mut stored = vec![0; header.stored_len()];
        let read = self.read(&mut stored, self.offset + HEADER_LEN as u64);
        self.offset = behind(&header);
        read.map_err(|error| error.to_string())?;
        header.unpack(stored, place)
    }

    /// Where the next header is from `start` on; the end when there is none.
    fn search(&self, start: u64) -> u64 {
        let mut window_start = start;
        while window_start + HEADER_LEN as u64 <= self.end {
            let len = WINDOW.min(self.end - window_start);
            let mut window = vec![0; usize::try_from(len).expect("a window is small")];
            if self.read(&mut window, window_start).is_err() {
                let len = BLOCK.min(self.end - window_start);
                window.truncate(usize::try_from(len).expect("a block is small"));
                if self.read(&mut window, window_start).is_err() {
                    window_start = (window_start / BLOCK + 1) * BLOCK;
                    continue;
                }
            }
            for (position, candidate) in window.windows(HEADER_LEN).enumerate() {
                let offset = window_start + position as u64;
                let place = Place { segment: self.number, offset };
                if candidate.starts_with(&MARKER)
                    && let Some(candidate) = candidate.first_chunk()
                    && Header::parse(candidate, place).is_some()
                {
                    return place.offset;
                }
            }
            // Windows overlap, so that a header across a border is found.
            let step = (window.len() as u64).saturating_sub(HEADER_LEN as u64 - 1).max(1);
            window_start += step;
        }
        self.end
    }

    fn read(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        if offset + out.len() as u64 > self.end {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        read_retrying(self.file, out, offset)
    }
}

/// Reads, and tries twice more when the disk fails: what is not read now is not replayed.
pub(super) fn read_retrying(file: &dyn File, out: &mut [u8], offset: u64) -> io::Result<()> {
    for _ in 0..2 {
        match file.read_exact_at(out, offset) {
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => {}
            outcome => return outcome,
        }
    }
    file.read_exact_at(out, offset)
}

/// Reads any bytes as the segment of that number and returns its payloads: for fuzzing.
pub fn check_segment(number: u64, bytes: &[u8]) -> Vec<Vec<u8>> {
    let header = bytes.first_chunk().and_then(segment::Header::decode);
    let start = if header.is_some() { segment::HEADER_LEN as u64 } else { 0 };
    let file = InMemory(bytes.to_vec());
    let mut reader = SegmentReader::new(&file, number, start, bytes.len() as u64);
    let mut payloads = Vec::new();
    loop {
        match reader.next() {
            Step::Record { payload, .. } => payloads.push(payload),
            Step::Damage { .. } => {}
            Step::TornTail { .. } | Step::End { .. } => return payloads,
        }
    }
}

struct InMemory(Vec<u8>);

impl File for InMemory {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let wanted = start.checked_add(out.len()).and_then(|end| self.0.get(start..end));
        out.copy_from_slice(wanted.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn append(&self, _: &[u8]) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn truncate(&self, _: u64) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn sync(&self) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}
