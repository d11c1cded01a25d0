//! One series in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use model::{Exemplar, Labels, Sample};

use super::{note_day, same_exemplar};

/// Samples in order of time, those that came late, and exemplars.
pub(crate) struct HeadSeries {
    labels: Labels,
    /// The instant of the last of `ordered`, here so that a new sample need not touch the others.
    newest_ms: Option<i64>,
    ordered: Vec<Sample>,
    /// Those older than the newest when they came; none has an instant that `ordered` has too.
    late: BTreeMap<i64, f64>,
    exemplars: Vec<Exemplar>,
}

/// A series keeps so many exemplars, the newest ones.
pub(crate) const EXEMPLARS_MAX: usize = 128;

const LATE_BYTES: usize = 48;
const EXEMPLAR_BYTES: usize = 64;

impl HeadSeries {
    pub(crate) fn new(labels: Labels) -> Self {
        HeadSeries {
            labels,
            newest_ms: None,
            ordered: Vec::new(),
            late: BTreeMap::new(),
            exemplars: Vec::new(),
        }
    }

    pub(crate) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Takes in a sample and says how much memory that took; `None` when there is one of that
    /// instant, which stays.
    pub(super) fn push(&mut self, sample: Sample) -> Option<usize> {
        if self.newest_ms.is_none_or(|newest_ms| newest_ms < sample.t_ms) {
            self.newest_ms = Some(sample.t_ms);
            let before = self.ordered.capacity();
            self.ordered.push(sample);
            return Some((self.ordered.capacity() - before) * size_of::<Sample>());
        }
        let position = self.ordered.binary_search_by_key(&sample.t_ms, |s| s.t_ms);
        if position.is_ok() || self.late.contains_key(&sample.t_ms) {
            return None;
        }
        self.late.insert(sample.t_ms, sample.value);
        Some(LATE_BYTES)
    }

    /// Takes in an exemplar and says how much memory that took.
    pub(super) fn push_exemplar(&mut self, exemplar: Exemplar) -> usize {
        if self.exemplars.iter().any(|other| same_exemplar(other, &exemplar)) {
            return 0;
        }
        let bytes = exemplar.labels.byte_len() + EXEMPLAR_BYTES;
        let position = self.exemplars.partition_point(|other| other.t_ms <= exemplar.t_ms);
        self.exemplars.insert(position, exemplar);
        if self.exemplars.len() <= EXEMPLARS_MAX {
            return bytes;
        }
        self.exemplars.remove(0);
        0
    }

    /// The samples between two instants, in order of time.
    pub(crate) fn samples(&self, range_ms: RangeInclusive<i64>) -> Vec<Sample> {
        if range_ms.is_empty() {
            return Vec::new();
        }
        let start = self.ordered.partition_point(|sample| sample.t_ms < *range_ms.start());
        let end = self.ordered.partition_point(|sample| sample.t_ms <= *range_ms.end());
        let mut samples = self.ordered[start..end].to_vec();
        let late = self.late.range(range_ms).map(|(t_ms, value)| (*t_ms, *value));
        let before = samples.len();
        samples.extend(late.map(|(t_ms, value)| Sample { t_ms, value }));
        if samples.len() > before {
            samples.sort_by_key(|sample| sample.t_ms);
        }
        samples
    }

    /// Whether there is a sample between two instants.
    pub(crate) fn has_samples(&self, range_ms: RangeInclusive<i64>) -> bool {
        let start = self.ordered.partition_point(|sample| sample.t_ms < *range_ms.start());
        self.ordered.get(start).is_some_and(|sample| range_ms.contains(&sample.t_ms))
            || (!range_ms.is_empty() && self.late.range(range_ms).next().is_some())
    }

    /// The exemplars between two instants, in order of time.
    pub(crate) fn exemplars(
        &self,
        range_ms: RangeInclusive<i64>,
    ) -> impl Iterator<Item = &Exemplar> {
        self.exemplars.iter().filter(move |exemplar| range_ms.contains(&exemplar.t_ms))
    }

    /// The days of all samples and exemplars.
    pub(super) fn days(&self) -> BTreeSet<i64> {
        let mut days = BTreeSet::new();
        let late = self.late.keys().copied();
        let exemplars = self.exemplars.iter().map(|exemplar| exemplar.t_ms);
        let times = self.ordered.iter().map(|sample| sample.t_ms).chain(late).chain(exemplars);
        times.for_each(|t_ms| note_day(&mut days, t_ms));
        days
    }
}
