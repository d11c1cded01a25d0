//! The identifiers whose last record is the latest, and all records that pass.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use store::{Order, QueryError};

use crate::query::{ScanError, Snapshot};
use crate::scan::{Scan, Unit};
use crate::search::Make;
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
        for unit in self.units(scan.range, Order::Newest) {
            if limit == 0 || latest.last_ns.is_some_and(|last_ns| unit.range().end_ns < last_ns) {
                break;
            }
            // What is earlier than the last of enough identifiers cannot bring another one.
            let mut range = scan.range;
            range.start_ns = range.start_ns.max(latest.last_ns.unwrap_or(i64::MIN));
            let scan = Scan { range, ..scan };
            self.scan_unit(&unit, scan, &|_| vec![TIME, column], &mut |chunk, rows| {
                for row in rows.set_indices() {
                    if let Some(id) = chunk.id(column, row) {
                        latest.add(id, chunk.times()[row]);
                    }
                }
                Ok(())
            })?;
            latest.prune();
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
        self.scan(scan, &|layout: &Layout| (0..layout.width()).collect(), &mut |chunk, rows| {
            if all.len() + rows.count_set_bits() > max {
                let name = self.signal().name;
                let message = format!("the answer has more than {max} {name}");
                return Err(QueryError::TooExpensive(message));
            }
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
        let columns = self.signal().summary;
        let texts = |chunk: &Chunk, row| -> Vec<String> {
            columns.iter().map(|column| chunk.text(*column, row).to_owned()).collect()
        };
        self.scan_unit(unit, scan, &|_| columns.to_vec(), &mut |chunk, rows| {
            let mut last = None;
            for row in rows.set_indices() {
                let is_same = last.is_some_and(|last| {
                    columns
                        .iter()
                        .all(|column| chunk.text(*column, row) == chunk.text(*column, last))
                });
                if !is_same {
                    found.insert(texts(chunk, row));
                    last = Some(row);
                }
            }
            Ok(())
        })
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
    fn add(&mut self, id: &[u8], time_ns: i64) {
        match self.ids.get_mut(id) {
            Some(latest_ns) => *latest_ns = time_ns.max(*latest_ns),
            None => drop(self.ids.insert(id.to_vec(), time_ns)),
        }
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
