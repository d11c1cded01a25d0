//! Reading a log back, whatever has happened to it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use env::File;

use super::segment::{self, Closed, Segments, VERSION};
use crate::{OpenError, StoreDir};

mod reader;

pub use reader::check_segment;
use reader::{SegmentReader, Step, read_retrying};

/// A record that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The segment it lies in.
    pub segment: u64,
    /// What was appended.
    pub payload: Vec<u8>,
}

/// What replaying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// Segments that were read.
    pub segments: u64,
    /// Records that were taken.
    pub records: u64,
    /// Bytes of payload in them.
    pub bytes: u64,
    /// Segments that ended in the middle of a record, as they do after a crash.
    pub torn_tails: u64,
    /// What could not be read, the first hundred of it.
    pub damage: Vec<Damage>,
}

/// A stretch of a log that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: String,
    /// Where it begins.
    pub offset: u64,
    /// How long it is.
    pub bytes: u64,
    /// What is wrong.
    pub reason: String,
}

const DAMAGE_NAMED_MAX: usize = 100;

/// Reads all segments from `from` on, removes those before, and says what there is.
pub(super) fn replay(
    dir: &StoreDir,
    from: u64,
    mut take: impl FnMut(Record) -> Result<(), String>,
) -> Result<(Segments, ReplayReport), OpenError> {
    let mut replay = Replay { dir, report: ReplayReport::default() };
    let numbers = replay.numbers(from)?;
    let headers = replay.headers(&numbers)?;
    // The end of a segment's good part stands in the header of the one behind it.
    let ends: BTreeMap<u64, u64> = headers
        .values()
        .filter_map(|header| header.as_ref()?.previous)
        .map(|end| (end.segment, end.offset))
        .collect();
    let mut closed = Vec::new();
    for number in numbers {
        let header_is_valid = headers.get(&number).is_some_and(Option::is_some);
        let end = ends.get(&number).copied();
        closed.extend(replay.segment(number, header_is_valid, end, &mut take));
    }
    let next = closed.last().map_or(0, |segment: &Closed| segment.number + 1).max(from).max(1);
    Ok((Segments::new(closed, next), replay.report))
}

struct Replay<'a> {
    dir: &'a StoreDir,
    report: ReplayReport,
}

type Headers = BTreeMap<u64, Option<segment::Header>>;

impl Replay<'_> {
    /// The segments that count; those before are removed, other files are reported.
    fn numbers(&self, from: u64) -> Result<Vec<u64>, OpenError> {
        let (fs, wal_dir) = (&self.dir.env.fs, self.dir.wal_dir());
        let mut numbers = Vec::new();
        for entry in fs.list(&wal_dir)? {
            let path = wal_dir.join(&entry.name);
            match segment::parse_name(&entry.name).filter(|_| !entry.is_dir) {
                Some(number) if number >= from => numbers.push(number),
                Some(_) => {
                    if let Err(error) = segment::remove_if_there(&**fs, &path) {
                        tracing::warn!("a superfluous segment stays for now: {error}");
                    }
                }
                None => tracing::warn!("{} is no segment and is ignored", path.display()),
            }
        }
        Ok(numbers)
    }

    fn headers(&self, numbers: &[u64]) -> Result<Headers, OpenError> {
        let mut headers = Headers::new();
        for number in numbers {
            let path = self.dir.wal_dir().join(segment::file_name(*number));
            let header = self.header(&path).ok().flatten();
            let header = header.filter(|header| header.number == *number);
            if let Some(found) = header.map(|header| header.version).filter(|v| *v > VERSION) {
                let path = path.display().to_string();
                return Err(OpenError::Newer { path, found, known: VERSION });
            }
            headers.insert(*number, header);
        }
        Ok(headers)
    }

    fn header(&self, path: &Path) -> io::Result<Option<segment::Header>> {
        let file = self.open(path)?;
        let mut bytes = [0; segment::HEADER_LEN];
        read_retrying(&*file, &mut bytes, 0)?;
        Ok(segment::Header::decode(&bytes))
    }

    /// An error of the disk may pass, and what cannot be opened is not replayed: so it tries again.
    fn open(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let fs = &self.dir.env.fs;
        fs.open(path).or_else(|_| fs.open(path)).or_else(|_| fs.open(path))
    }

    /// Reads one segment. A file without a single record is put aside and no segment any more.
    fn segment(
        &mut self,
        number: u64,
        header_is_valid: bool,
        end: Option<u64>,
        take: &mut impl FnMut(Record) -> Result<(), String>,
    ) -> Option<Closed> {
        let path = self.dir.wal_dir().join(segment::file_name(number));
        let opened = self.open(&path).and_then(|file| {
            let len = file.len().or_else(|_| file.len())?;
            Ok((file, len))
        });
        let (file, len) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.damage(&path, 0, 0, &error.to_string());
                return Some(Closed { number, bytes: 0, damaged: true });
            }
        };
        let first = if header_is_valid { segment::HEADER_LEN as u64 } else { 0 };
        let reader = SegmentReader::new(&*file, number, first, end.unwrap_or(len).min(len));
        let (records, mut damaged) = self.records(&path, reader, end, take);
        self.report.segments += 1;
        self.report.records += records;
        if records == 0 && !header_is_valid {
            let reason = "it holds neither a header nor a record";
            if !damaged {
                self.damage(&path, 0, len, reason);
            }
            if self.dir.quarantine.put(&path, reason) {
                return None;
            }
        }
        damaged |= !header_is_valid;
        if damaged {
            self.dir.quarantine.note(&path, "it is damaged; what can be read of it is used");
        }
        Some(Closed { number, bytes: len, damaged })
    }

    /// How many records a segment holds, and whether there is damage. `end` is where the segment
    /// behind it says that it ends: what lies before that was good once.
    fn records(
        &mut self,
        path: &Path,
        mut reader: SegmentReader<'_>,
        end: Option<u64>,
        take: &mut impl FnMut(Record) -> Result<(), String>,
    ) -> (u64, bool) {
        let (mut records, mut damaged) = (0, false);
        let good_until = loop {
            match reader.next() {
                Step::Record { place, payload } => {
                    records += 1;
                    self.report.bytes += payload.len() as u64;
                    if let Err(reason) = take(Record { segment: place.segment, payload }) {
                        damaged = true;
                        self.damage(path, place.offset, 0, &reason);
                    }
                }
                Step::Damage { offset, bytes, reason } => {
                    damaged = true;
                    self.damage(path, offset, bytes, &reason);
                }
                Step::TornTail { offset } if end.is_none() => {
                    self.report.torn_tails += 1;
                    tracing::info!("{} ends at {offset}, as after a crash", path.display());
                    break offset;
                }
                Step::TornTail { offset } | Step::End { offset } => break offset,
            }
        };
        if let Some(missing) = end.and_then(|end| end.checked_sub(good_until)).filter(|n| *n > 0) {
            damaged = true;
            self.damage(path, good_until, missing, "no record can be read to the end");
        }
        (records, damaged)
    }

    fn damage(&mut self, path: &Path, offset: u64, bytes: u64, reason: &str) {
        let file = path.display().to_string();
        tracing::warn!("{file} is damaged at {offset}, {bytes} bytes are skipped: {reason}");
        if self.report.damage.len() < DAMAGE_NAMED_MAX {
            let reason = reason.to_owned();
            self.report.damage.push(Damage { file, offset, bytes, reason });
        }
    }
}
