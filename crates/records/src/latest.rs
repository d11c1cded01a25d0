//! The identifiers whose last record is the latest, and all records that pass.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use arrow_buffer::BooleanBuffer;
use model::TimeRange;
use store::{Order, QueryError};

use crate::query::{ScanError, Snapshot};
use crate::scan::{AnswerBytes, GroupScan, Scan, Unit, waves};
use crate::search::Make;
use crate::summary::Summarizer;
use crate::{Chunk, Layout, TIME};

impl Snapshot<'_> {
    /// The identifiers in `column` of the records that pass, those with the latest record first and
    /// then in their own order, `limit` at most.
    ///
    /// # Errors
    /// When the query is stopped or a part cannot be read.
    pub fn latest_ids(
        &self,
        scan: Scan<'_>,
        column: usize,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, ScanError> {
        let mut latest = Latest { limit, ids: HashMap::new(), last_ns: None };
        let wanted = |_: &Layout| vec![TIME, column];
        for unit in self.units(scan.range, Order::Newest) {
            let Unit::Part(entry) = &unit else {
                if let Some(scan) = latest.narrow(scan, unit.range()) {
                    self.scan_unit(&unit, scan, &wanted, &mut |c, r| latest.add(c, r, column))?;
                    latest.prune();
                }
                continue;
            };
            let part = self.open(entry)?;
            for group in part.groups_by(Order::Newest) {
                for rows in waves(part.groups()[group].rows, Order::Newest) {
                    let Some(scan) = latest.narrow(scan, part.groups()[group].range) else { break };
                    let group = GroupScan { part: &part, id: entry.id, group, rows };
                    let columns = wanted(part.layout());
                    group.run(scan, &columns, &mut |c, r| latest.add(c, r, column))?;
                    latest.prune();
                }
            }
        }
        Ok(latest.finish())
    }

    /// Makes something of every record that passes, in no particular order.
    ///
    /// # Errors
    /// When there are more than `max`, the query is stopped, or a part cannot be read.
    pub fn collect<T>(
        &self,
        scan: Scan<'_>,
        max: usize,
        make: Make<'_, T>,
    ) -> Result<Vec<T>, ScanError> {
        let mut all = Vec::new();
        let mut bytes = AnswerBytes::default();
        self.scan(scan, &|layout: &Layout| (0..layout.width()).collect(), &mut |chunk, rows| {
            if all.len() + rows.count_set_bits() > max {
                let name = self.signal().name;
                let message = format!("the answer has more than {max} {name}");
                return Err(QueryError::TooExpensive(message));
            }
            bytes.add(chunk, rows.count_set_bits())?;
            all.extend(rows.set_indices().map(|row| make(chunk, row)));
            Ok(())
        })?;
        Ok(all)
    }

    /// The distinct combinations of the signal's summary columns among records in a range.
    ///
    /// Parts list them with the times of their first and last record; rows are looked at only where
    /// that does not decide.
    ///
    /// # Errors
    /// When the query is stopped or a part cannot be read.
    pub fn combinations(&self, scan: Scan<'_>) -> Result<BTreeSet<Vec<String>>, ScanError> {
        let mut found = BTreeSet::new();
        let mut undecided = Vec::new();
        for unit in self.units(scan.range, Order::Newest) {
            scan.cancel.check()?;
            let Unit::Part(entry) = &unit else {
                undecided.push((unit, None));
                continue;
            };
            let Some(summary) = self.open(entry)?.summary() else {
                undecided.push((unit, None));
                continue;
            };
            let mut doubtful = BTreeSet::new();
            for (texts, range) in summary.iter().filter(|(_, r)| r.overlaps(&scan.range)) {
                match scan.range.contains(range.start_ns) || scan.range.contains(range.end_ns) {
                    true => found.insert(texts.to_vec()),
                    false => doubtful.insert(texts.to_vec()),
                };
            }
            undecided.push((unit, Some(doubtful)));
        }
        for (unit, doubtful) in undecided {
            if doubtful.is_none_or(|doubtful| !doubtful.is_subset(&found)) {
                self.add_combinations(&unit, scan, &mut found)?;
            }
        }
        Ok(found)
    }

    fn add_combinations(
        &self,
        unit: &Unit,
        scan: Scan<'_>,
        found: &mut BTreeSet<Vec<String>>,
    ) -> Result<(), ScanError> {
        let signal = self.signal();
        let mut summarizer = Summarizer::new(signal);
        let wanted = |_: &Layout| signal.summary.iter().copied().chain([TIME]).collect();
        self.scan_unit(unit, scan, &wanted, &mut |chunk, rows| {
            summarizer.add(chunk, rows);
            Ok(())
        })?;
        found.extend(summarizer.finish().iter().map(|(texts, _)| texts.to_vec()));
        Ok(())
    }
}

/// Identifiers and the times of their latest records.
struct Latest {
    limit: usize,
    ids: HashMap<Vec<u8>, i64>,
    /// The time of the last, once there are enough.
    last_ns: Option<i64>,
}

impl Latest {
    /// The scan without what is earlier than the last of enough identifiers; `None` when all of
    /// `range` is.
    fn narrow<'a>(&self, scan: Scan<'a>, range: TimeRange) -> Option<Scan<'a>> {
        let mut narrow = scan.range;
        narrow.start_ns = narrow.start_ns.max(self.last_ns.unwrap_or(i64::MIN));
        let is_worth_it = self.limit > 0 && narrow.overlaps(&range);
        is_worth_it.then_some(Scan { range: narrow, ..scan })
    }

    fn add(
        &mut self,
        chunk: &Chunk,
        rows: &BooleanBuffer,
        column: usize,
    ) -> Result<(), QueryError> {
        for row in rows.set_indices() {
            let (Some(id), time_ns) = (chunk.id(column, row), chunk.times()[row]) else { continue };
            match self.ids.get_mut(id) {
                Some(latest_ns) => *latest_ns = time_ns.max(*latest_ns),
                None => drop(self.ids.insert(id.to_vec(), time_ns)),
            }
        }
        Ok(())
    }

    fn sorted(&self) -> Vec<(Reverse<i64>, &Vec<u8>)> {
        let mut sorted: Vec<_> = self.ids.iter().map(|(id, ns)| (Reverse(*ns), id)).collect();
        sorted.sort_unstable();
        sorted.truncate(self.limit);
        sorted
    }

    /// Keeps what can still be among the first. What is dropped comes back when a later record of
    /// it turns up.
    fn prune(&mut self) {
        if self.ids.len() < self.limit {
            return;
        }
        let kept: HashMap<_, _> =
            self.sorted().into_iter().map(|(Reverse(ns), id)| (id.clone(), ns)).collect();
        self.last_ns = kept.values().min().copied();
        self.ids = kept;
    }

    fn finish(self) -> Vec<Vec<u8>> {
        self.sorted().into_iter().map(|(_, id)| id.clone()).collect()
    }
}
