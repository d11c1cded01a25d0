//! Parts: immutable files of samples, one UTC day each.
//!
//! `docs/format/metric-part.md` describes the bytes. A part is a sequence of compressed pages, each
//! with a checksum, and a footer that says where they are. Of an open part only the footer is in
//! memory; pages are read when a query needs them.

mod cache;
mod footer;
mod index;
mod pages;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

use model::Labels;

pub(crate) use cache::PageCache;
pub(crate) use reader::{PartReader, SampleReader, check_part};
pub(crate) use writer::{PartWriter, WrittenPart};

/// What part files' names end with.
pub(crate) const EXTENSION: &str = "metrics";

/// The format that is written, and the newest that is read.
pub(crate) const VERSION: u32 = 1;

/// How many series one page of the directory holds; the last holds the rest.
const SERIES_PER_PAGE: u32 = 256;

/// What a page holds. Pages of a kind are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageKind {
    Times = 1,
    Values = 2,
    Series = 3,
    Index = 4,
    Exemplars = 5,
    Metadata = 6,
}

impl PageKind {
    const ALL: [PageKind; 6] = [
        PageKind::Times,
        PageKind::Values,
        PageKind::Series,
        PageKind::Index,
        PageKind::Exemplars,
        PageKind::Metadata,
    ];

    fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// Where something begins: a page of its kind, and an offset in that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    page: u32,
    offset: u32,
}

/// Some samples of a series, in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    times: Place,
    values: Place,
    count: u32,
    first_ms: i64,
    last_ms: i64,
}

/// A series as the directory has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeriesEntry {
    pub(crate) labels: Labels,
    pub(crate) blocks: Vec<Block>,
    /// Where its exemplars begin, and how many there are.
    exemplars: Option<(Place, u32)>,
}
