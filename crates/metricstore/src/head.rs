//! What is in no part yet: series in memory.
//!
//! The write-ahead log's writer applies batches to the active head; a frozen one does not change
//! any more and becomes parts.

mod index;
mod series;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use model::{Exemplar, Labels, MetricBatch, Sample};
use storage::day_of_ms;

pub(crate) use index::HeadIndex;
pub(crate) use series::{EXEMPLARS_MAX, HeadSeries};

/// Series with their newest samples.
#[derive(Default)]
pub(crate) struct Head {
    numbers: HashMap<Labels, u32>,
    series: Vec<HeadSeries>,
    index: HeadIndex,
    /// The series that took a sample last.
    applied: u32,
    /// The series whose label set was shared last.
    shared: u32,
    /// The days of samples and exemplars; each becomes a file.
    days: BTreeSet<i64>,
    samples: u64,
    bytes: usize,
    range: Option<(i64, i64)>,
    since_ns: Option<u64>,
}

/// What a series takes besides its labels and samples, about.
const SERIES_BYTES: usize = 320;

impl Head {
    /// Takes in a batch that arrived at `now_ns` on the monotonic clock.
    pub(crate) fn apply(&mut self, batch: MetricBatch, now_ns: u64) {
        self.since_ns.get_or_insert(now_ns);
        for group in batch.samples.chunk_by(|a, b| a.labels == b.labels) {
            let number = self.number(&group[0].labels);
            let series = &mut self.series[number as usize];
            for new in group {
                let Sample { t_ms, .. } = new.sample;
                if let Some(bytes) = series.push(new.sample) {
                    self.samples += 1;
                    self.bytes += bytes;
                }
                note_day(&mut self.days, t_ms);
                let (min_ms, max_ms) = self.range.unwrap_or((t_ms, t_ms));
                self.range = Some((min_ms.min(t_ms), max_ms.max(t_ms)));
            }
        }
        for (labels, exemplar) in batch.exemplars {
            let number = self.number(&labels);
            note_day(&mut self.days, exemplar.t_ms);
            self.bytes += self.series[number as usize].push_exemplar(exemplar);
        }
    }

    /// The number of a series, which is new if need be. A target sends its series in the same
    /// order each time, so the one behind the last is tried first.
    fn number(&mut self, labels: &Labels) -> u32 {
        let guess = self.applied.wrapping_add(1);
        let is_right = self.series.get(guess as usize).is_some_and(|s| s.labels() == labels);
        self.applied = if is_right {
            guess
        } else {
            self.numbers.get(labels).copied().unwrap_or_else(|| self.add(labels))
        };
        self.applied
    }

    /// The label set with this one-string form, shared with its series where there is one; `None`
    /// when it is not valid.
    pub(crate) fn shared(&mut self, encoded: &[u8]) -> Option<Labels> {
        let guess = self.shared.wrapping_add(1);
        let next = self.series.get(guess as usize).map(HeadSeries::labels);
        if let Some(labels) = next.filter(|labels| labels.as_encoded().as_bytes() == encoded) {
            self.shared = guess;
            return Some(labels.clone());
        }
        let labels = Labels::from_encoded(std::str::from_utf8(encoded).ok()?)?;
        let Some(number) = self.numbers.get(&labels) else { return Some(labels) };
        self.shared = *number;
        Some(self.series[*number as usize].labels().clone())
    }

    fn add(&mut self, labels: &Labels) -> u32 {
        let number = self.index.add(labels);
        self.bytes += labels.byte_len() + SERIES_BYTES;
        self.numbers.insert(labels.clone(), number);
        self.series.push(HeadSeries::new(labels.clone()));
        number
    }

    pub(crate) fn index(&self) -> &HeadIndex {
        &self.index
    }

    pub(crate) fn series(&self, number: u32) -> &HeadSeries {
        &self.series[number as usize]
    }

    /// How many series there are.
    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    pub(crate) fn samples(&self) -> u64 {
        self.samples
    }

    /// Bytes of memory, about.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// When the first batch arrived, on the monotonic clock; `None` for an empty head.
    pub(crate) fn since_ns(&self) -> Option<u64> {
        self.since_ns
    }

    /// The oldest and the newest instant of a sample.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        self.range
    }

    /// Whether there may be samples between these instants.
    pub(crate) fn overlaps(&self, start_ms: i64, end_ms: i64) -> bool {
        self.range.is_some_and(|(min_ms, max_ms)| start_ms.max(min_ms) <= end_ms.min(max_ms))
    }

    /// How many days there are.
    pub(crate) fn day_count(&self) -> usize {
        self.days.len()
    }

    /// The days of all samples and exemplars, each with its series in the order of their labels.
    pub(crate) fn days(&self) -> BTreeMap<i64, Vec<u32>> {
        let mut sorted: Vec<u32> = (0..self.series.len() as u32).collect();
        sorted.sort_by(|a, b| self.series(*a).labels().cmp(self.series(*b).labels()));
        if let [day] = self.days.iter().copied().collect::<Vec<_>>()[..] {
            return BTreeMap::from([(day, sorted)]);
        }
        let mut days: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for number in sorted {
            for day in self.series(number).days() {
                days.entry(day).or_default().push(number);
            }
        }
        days
    }
}

/// The milliseconds of a day.
pub(crate) fn milliseconds_of(day: i64) -> RangeInclusive<i64> {
    const DAY_MS: i64 = 86_400_000;
    let start_ms = day.saturating_mul(DAY_MS);
    start_ms..=start_ms.saturating_add(DAY_MS - 1)
}

/// Whether two exemplars are one that was sent twice, as clients do.
pub(crate) fn same_exemplar(a: &Exemplar, b: &Exemplar) -> bool {
    a.t_ms == b.t_ms && a.value.to_bits() == b.value.to_bits() && a.labels == b.labels
}

/// Adds the day of an instant.
fn note_day(days: &mut BTreeSet<i64>, t_ms: i64) {
    // Mostly it is today.
    if !days.last().is_some_and(|day| milliseconds_of(*day).contains(&t_ms)) {
        days.insert(day_of_ms(t_ms));
    }
}
