//! Going through records: chunks in memory and row groups on disk alike.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use model::TimeRange;
use storage::{PartEntry, PartId};
use store::{Cancel, Order, QueryError};

use crate::part::PAGE_ROWS;
use crate::query::{ScanError, Snapshot};
use crate::reader::{Group, PartReader};
use crate::{Chunk, Condition, Layout, REST, TIME};

/// Which records are looked at.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    /// When they happened.
    pub range: TimeRange,
    /// What they look like.
    pub condition: &'a Condition,
    /// Stops it.
    pub cancel: &'a Cancel,
}

/// Which columns of a layout are wanted of the records that pass.
pub type Columns<'a> = &'a dyn Fn(&Layout) -> Vec<usize>;

/// Takes some rows, of which those that are set pass.
pub type Each<'a> = &'a mut dyn FnMut(&Chunk, &BooleanBuffer) -> Result<(), QueryError>;

/// Takes some rows of a group, and where they lie in it.
pub(crate) type EachPlaced<'a> = &'a mut dyn FnMut(&[usize], &Chunk) -> Result<(), QueryError>;

/// Records that lie together: a chunk or a part.
pub(crate) enum Unit {
    Chunk(Arc<Chunk>, TimeRange),
    Part(PartEntry),
}

impl Unit {
    pub(crate) fn range(&self) -> TimeRange {
        match self {
            Unit::Chunk(_, range) => *range,
            Unit::Part(part) => TimeRange::new(part.min_ns, part.max_ns),
        }
    }
}

impl Snapshot<'_> {
    /// What has records in a range, in the order in which they are likeliest to be found.
    pub(crate) fn units(&self, range: TimeRange, order: Order) -> Vec<Unit> {
        let chunks = self
            .chunks
            .iter()
            .filter_map(|chunk| Some(Unit::Chunk(chunk.clone(), chunk.time_range()?)));
        let parts = self.parts.iter().cloned().map(Unit::Part);
        let overlapping = |unit: &Unit| unit.range().overlaps(&range);
        let mut units: Vec<Unit> = chunks.chain(parts).filter(overlapping).collect();
        match order {
            Order::Newest => units.sort_by_key(|unit| std::cmp::Reverse(unit.range().end_ns)),
            Order::Oldest => units.sort_by_key(|unit| unit.range().start_ns),
        }
        units
    }

    /// The reader of a part.
    pub(crate) fn open(&self, part: &PartEntry) -> Result<Arc<PartReader>, ScanError> {
        let opened = self.store.open_parts.get(part.id, &self.store.parts.path(part));
        opened.map_err(|error| ScanError::Part(part.id, error))
    }

    /// Calls `each` with the wanted columns of all records that pass, in no particular order.
    ///
    /// # Errors
    /// Those of `each`, and when the query is stopped or a part cannot be read.
    pub fn scan(
        &self,
        scan: Scan<'_>,
        wanted: Columns<'_>,
        each: Each<'_>,
    ) -> Result<(), ScanError> {
        for unit in self.units(scan.range, Order::Newest) {
            self.scan_unit(&unit, scan, wanted, each)?;
        }
        Ok(())
    }

    pub(crate) fn scan_unit(
        &self,
        unit: &Unit,
        scan: Scan<'_>,
        wanted: Columns<'_>,
        each: Each<'_>,
    ) -> Result<(), ScanError> {
        match unit {
            Unit::Chunk(chunk, range) => {
                let passing = scan.select(chunk, *range)?;
                if passing.count_set_bits() > 0 {
                    each(chunk, &passing)?;
                }
            }
            Unit::Part(entry) => {
                let part = self.open(entry)?;
                for (group, Group { rows, .. }) in part.groups().iter().enumerate() {
                    let group = GroupScan { part: &part, id: entry.id, group, rows: 0..*rows };
                    group.run(scan, &wanted(part.layout()), each)?;
                }
            }
        }
        Ok(())
    }
}

impl Scan<'_> {
    /// The rows of a chunk that pass. The chunk's times lie in `range`.
    pub(crate) fn select(
        &self,
        chunk: &Chunk,
        range: TimeRange,
    ) -> Result<BooleanBuffer, QueryError> {
        self.cancel.check()?;
        let is_within = self.range.contains(range.start_ns) && self.range.contains(range.end_ns);
        let candidates: BooleanBuffer = match is_within {
            true => BooleanBuffer::new_set(chunk.rows()),
            false => chunk.times().iter().map(|time_ns| self.range.contains(*time_ns)).collect(),
        };
        Ok(self.condition.select(chunk, &candidates))
    }
}

/// What an answer may take in memory.
const ANSWER_BYTES_MAX: usize = 256 << 20;

/// How large an answer has become.
#[derive(Default)]
pub(crate) struct AnswerBytes(usize);

impl AnswerBytes {
    /// Adds rows of a chunk.
    ///
    /// # Errors
    /// When the answer becomes too large.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: usize) -> Result<(), QueryError> {
        self.0 += chunk.byte_len() / chunk.rows().max(1) * rows;
        match self.0 > ANSWER_BYTES_MAX {
            true => Err(QueryError::TooExpensive(format!(
                "the answer has more than {ANSWER_BYTES_MAX} bytes, ask for fewer records"
            ))),
            false => Ok(()),
        }
    }
}

/// Rows of a row group that are being looked at.
pub(crate) struct GroupScan<'a> {
    pub(crate) part: &'a PartReader,
    pub(crate) id: PartId,
    pub(crate) group: usize,
    pub(crate) rows: Range<usize>,
}

/// The rows of a group in stretches that double, beginning at the wanted end of time: whoever has
/// enough after the first need not read the others.
pub(crate) fn waves(rows: usize, order: Order) -> Vec<Range<usize>> {
    let (mut waves, mut done, mut len) = (Vec::new(), 0, PAGE_ROWS);
    while done < rows {
        let wave = done..rows.min(done + len);
        (done, len) = (wave.end, len * 2);
        waves.push(match order {
            Order::Oldest => wave,
            Order::Newest => rows - wave.end..rows - wave.start,
        });
    }
    waves
}

impl GroupScan<'_> {
    /// Calls `each` with the wanted columns of the rows that pass. Those of the condition are read
    /// first, and the others only of the rows that pass it.
    pub(crate) fn run(
        &self,
        scan: Scan<'_>,
        wanted: &[usize],
        each: Each<'_>,
    ) -> Result<(), ScanError> {
        let group = self.part.groups()[self.group];
        let Some(candidates) = self.candidates(scan)? else { return Ok(()) };
        let is_within =
            scan.range.contains(group.range.start_ns) && scan.range.contains(group.range.end_ns);
        let mut asked = columns_of(scan.condition, self.part.layout());
        if !is_within {
            asked.insert(TIME);
        }
        if asked.is_empty() {
            return self.read(scan, wanted, Some(&candidates), &mut |_, chunk| {
                each(chunk, &BooleanBuffer::new_set(chunk.rows()))
            });
        }
        let each_selected = |chunk: &Chunk| -> Result<BooleanBuffer, QueryError> {
            let range = if is_within { scan.range } else { TimeRange::ALL };
            scan.select(chunk, range)
        };
        let asked: Vec<usize> = asked.into_iter().collect();
        if wanted.iter().all(|column| asked.contains(column)) {
            return self.read(scan, &asked, Some(&candidates), &mut |_, chunk| {
                let passing = each_selected(chunk)?;
                if passing.count_set_bits() > 0 { each(chunk, &passing) } else { Ok(()) }
            });
        }
        let mut passing = BooleanBufferBuilder::new(group.rows);
        passing.append_n(group.rows, false);
        self.read(scan, &asked, Some(&candidates), &mut |positions, chunk| {
            let selected = each_selected(chunk)?;
            selected.set_indices().for_each(|row| passing.set_bit(positions[row], true));
            Ok(())
        })?;
        let passing = passing.finish();
        if passing.count_set_bits() == 0 {
            return Ok(());
        }
        self.read(scan, wanted, Some(&passing), &mut |_, chunk| {
            each(chunk, &BooleanBuffer::new_set(chunk.rows()))
        })
    }

    /// The rows that may pass.
    pub(crate) fn candidates(&self, scan: Scan<'_>) -> Result<Option<BooleanBuffer>, ScanError> {
        scan.cancel.check()?;
        let candidates = self.part.candidates(self.group, scan.range, scan.condition);
        let candidates = candidates.map_err(|error| ScanError::Part(self.id, error))?;
        let total = self.part.groups()[self.group].rows;
        if self.rows == (0..total) {
            return Ok(candidates);
        }
        let mut wave = BooleanBufferBuilder::new(total);
        wave.append_n(self.rows.start, false);
        wave.append_n(self.rows.len(), true);
        wave.append_n(total - self.rows.end, false);
        let candidates = candidates.map(|candidates| &candidates & &wave.finish());
        Ok(candidates.filter(|candidates| candidates.count_set_bits() > 0))
    }

    /// Calls `each` with columns of rows, and where the rows lie in the group.
    pub(crate) fn read(
        &self,
        scan: Scan<'_>,
        columns: &[usize],
        rows: Option<&BooleanBuffer>,
        each: EachPlaced<'_>,
    ) -> Result<(), ScanError> {
        let failed = |error| ScanError::Part(self.id, error);
        let mut read = self.part.read(self.group, columns, rows).map_err(failed)?;
        while let Some((positions, chunk)) = read.next().map_err(failed)? {
            scan.cancel.check()?;
            each(&positions, &chunk)?;
        }
        Ok(())
    }
}

/// The columns a condition looks at.
pub(crate) fn columns_of(condition: &Condition, layout: &Layout) -> BTreeSet<usize> {
    let mut columns = BTreeSet::new();
    condition.for_each_leaf(&mut |leaf| {
        columns.extend(layout.columns_of(&leaf.field));
        if layout.rest_may_hold(&leaf.field) {
            columns.insert(REST);
        }
    });
    columns
}
