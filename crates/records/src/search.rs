//! The newest or oldest records that pass.

use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use model::TimeRange;
use store::{Cursor, Order, QueryError};

use crate::query::{ScanError, Snapshot};
use crate::reader::PartReader;
use crate::scan::{AnswerBytes, GroupScan, Scan, Unit, columns_of, waves};
use crate::{Chunk, SEQUENCE, TIME};

/// Which of the records that pass are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Take {
    /// Which come first.
    pub order: Order,
    /// Goes on behind this record.
    pub after: Option<Cursor>,
    /// How many at most.
    pub limit: usize,
}

/// Makes something of a row.
pub type Make<'a, T> = &'a dyn Fn(&Chunk, usize) -> T;

impl Snapshot<'_> {
    /// The first records in the wanted order.
    ///
    /// Only time, number and the columns of the condition are read to find them, and nothing of
    /// what lies behind the last of those found so far; the rest is fetched for the winners.
    ///
    /// # Errors
    /// When the query is stopped or a part cannot be read.
    pub fn take<T>(
        &self,
        scan: Scan<'_>,
        take: Take,
        make: Make<'_, T>,
    ) -> Result<Vec<(Cursor, T)>, ScanError> {
        let mut best = Best::new(take);
        let mut places: Vec<Place> = Vec::new();
        for unit in self.units(best.clip(scan.range), take.order) {
            if best.excludes(unit.range()) {
                continue;
            }
            match unit {
                Unit::Chunk(chunk, range) => {
                    let scan = Scan { range: best.clip(scan.range), ..scan };
                    let passing = scan.select(&chunk, range)?;
                    for row in passing.set_indices() {
                        best.offer(cursor(&chunk, row), (places.len(), row));
                    }
                    places.push(Place::Chunk(chunk));
                }
                Unit::Part(entry) => {
                    let part = self.open(&entry)?;
                    for group in part.groups_by(take.order) {
                        if best.excludes(part.groups()[group].range) {
                            continue;
                        }
                        for rows in waves(part.groups()[group].rows, take.order) {
                            let group = GroupScan { part: &part, id: entry.id, group, rows };
                            group.offer(scan, places.len(), &mut best)?;
                        }
                        places.push(Place::Group(part.clone(), group, entry.id));
                    }
                }
            }
        }
        fetch(&places, best.finish(), scan, make)
    }
}

/// Where a record lies.
enum Place {
    Chunk(Arc<Chunk>),
    Group(Arc<PartReader>, usize, storage::PartId),
}

fn cursor(chunk: &Chunk, row: usize) -> Cursor {
    Cursor { time_ns: chunk.times()[row], sequence: chunk.sequences()[row].cast_unsigned() }
}

impl GroupScan<'_> {
    /// Offers the rows that pass; `place` stands for the group.
    fn offer(&self, scan: Scan<'_>, place: usize, best: &mut Best) -> Result<(), ScanError> {
        let scan = Scan { range: best.clip(scan.range), ..scan };
        let Some(candidates) = self.candidates(scan)? else { return Ok(()) };
        let mut columns = columns_of(scan.condition, self.part.layout());
        columns.extend([TIME, SEQUENCE]);
        let columns: Vec<usize> = columns.into_iter().collect();
        self.read(scan, &columns, Some(&candidates), &mut |positions, chunk| {
            for row in scan.select(chunk, TimeRange::ALL)?.set_indices() {
                best.offer(cursor(chunk, row), (place, positions[row]));
            }
            Ok(())
        })
    }
}

/// The records that come first among those offered, one more than wanted at most.
struct Best {
    take: Take,
    /// The last of them on top.
    heap: BinaryHeap<(Key, (usize, usize))>,
}

/// Smaller keys come first.
type Key = (i64, u64);

impl Best {
    fn new(take: Take) -> Self {
        Best { take, heap: BinaryHeap::new() }
    }

    fn key(&self, cursor: Cursor) -> Key {
        match self.take.order {
            Order::Newest => (!cursor.time_ns, !cursor.sequence),
            Order::Oldest => (cursor.time_ns, cursor.sequence),
        }
    }

    fn offer(&mut self, cursor: Cursor, place: (usize, usize)) {
        let key = self.key(cursor);
        if self.take.after.is_some_and(|after| key <= self.key(after)) {
            return;
        }
        if self.heap.len() < self.take.limit {
            self.heap.push((key, place));
        } else if let Some(mut last) = self.heap.peek_mut()
            && key < last.0
        {
            *last = (key, place);
        }
    }

    /// The time of the last, when there are enough.
    fn last_ns(&self) -> Option<i64> {
        let (key, _) = self.heap.peek().filter(|_| self.heap.len() == self.take.limit)?;
        Some(if self.take.order == Order::Newest { !key.0 } else { key.0 })
    }

    /// The part of a range in which records may still come before the last.
    fn clip(&self, mut range: TimeRange) -> TimeRange {
        if let Some(after) = self.take.after {
            match self.take.order {
                Order::Newest => range.end_ns = range.end_ns.min(after.time_ns),
                Order::Oldest => range.start_ns = range.start_ns.max(after.time_ns),
            }
        }
        if let Some(last_ns) = self.last_ns() {
            match self.take.order {
                Order::Newest => range.start_ns = range.start_ns.max(last_ns),
                Order::Oldest => range.end_ns = range.end_ns.min(last_ns),
            }
        }
        range
    }

    fn excludes(&self, range: TimeRange) -> bool {
        self.take.limit == 0 || !self.clip(TimeRange::ALL).overlaps(&range)
    }

    /// The cursors and places in the wanted order.
    fn finish(self) -> Vec<(Cursor, (usize, usize))> {
        let order = self.take.order;
        let cursor = |(time_ns, sequence): Key| match order {
            Order::Newest => Cursor { time_ns: !time_ns, sequence: !sequence },
            Order::Oldest => Cursor { time_ns, sequence },
        };
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|(key, place)| (cursor(key), place)).collect()
    }
}

/// Makes something of each winner, reading every group once.
fn fetch<T>(
    places: &[Place],
    winners: Vec<(Cursor, (usize, usize))>,
    scan: Scan<'_>,
    make: Make<'_, T>,
) -> Result<Vec<(Cursor, T)>, ScanError> {
    let mut rows: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for (index, (_, (place, row))) in winners.iter().enumerate() {
        rows.entry(*place).or_default().insert(*row, index);
    }
    let mut made: Vec<Option<T>> = winners.iter().map(|_| None).collect();
    let mut bytes = AnswerBytes::default();
    for (place, rows) in rows {
        match &places[place] {
            Place::Chunk(chunk) => {
                bytes.add(chunk, rows.len())?;
                for (row, index) in rows {
                    made[index] = Some(make(chunk, row));
                }
            }
            Place::Group(part, group, id) => {
                let total = part.groups()[*group].rows;
                let group = GroupScan { part, id: *id, group: *group, rows: 0..total };
                let wanted = wanted(total, rows.keys());
                let columns: Vec<usize> = (0..part.layout().width()).collect();
                group.read(scan, &columns, Some(&wanted), &mut |positions, chunk| {
                    bytes.add(chunk, chunk.rows())?;
                    for (row, position) in positions.iter().enumerate() {
                        if let Some(index) = rows.get(position) {
                            made[*index] = Some(make(chunk, row));
                        }
                    }
                    Ok(())
                })?;
            }
        }
    }
    let pairs = winners.into_iter().zip(made).map(|((cursor, _), made)| Some((cursor, made?)));
    let all: Option<Vec<_>> = pairs.collect();
    all.ok_or_else(|| QueryError::Io("a record vanished while it was read".to_owned()).into())
}

fn wanted<'a>(rows: usize, set: impl Iterator<Item = &'a usize>) -> BooleanBuffer {
    let mut wanted = BooleanBufferBuilder::new(rows);
    wanted.append_n(rows, false);
    set.for_each(|row| wanted.set_bit(*row, true));
    wanted.finish()
}
