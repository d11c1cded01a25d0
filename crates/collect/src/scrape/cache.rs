//! What is remembered of a target between its scrapes.
//!
//! The text of a series leads to its final labels, so that a series seen before costs one look-up:
//! no parsing of labels, no relabelling. Series are numbered, for two texts may mean one series.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Exemplar, Labels, Metadata, MetricKind};

use super::target::Families;

/// Metadata stays for this many scrapes after its family was last mentioned.
const FAMILY_ROUNDS: u64 = 10;
/// Texts that failing scrapes may add beyond twice what the last good one had.
const TEXTS_MORE: usize = 1000;

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// A series, by its number.
    Series(u32),
    /// Nothing: a rule dropped it.
    Dropped,
}

#[derive(Default)]
pub(crate) struct SeriesCache {
    /// The number of the scrape that is going on; the first is 1.
    round: u64,
    /// The last scrape that worked; 0 when none did, or its series are marked as gone already.
    last_good: u64,
    texts: HashMap<Box<str>, Text>,
    numbers: HashMap<Labels, u32>,
    series: Vec<Option<Series>>,
    free: Vec<u32>,
    families: HashMap<Box<str>, Family>,
    families_changed: bool,
    texts_at_last_good: usize,
}

struct Text {
    known: Known,
    round: u64,
}

struct Series {
    labels: Labels,
    /// The last scrape in which it was tried to be stored.
    tried: u64,
    /// The last scrape that worked and had it.
    stored: u64,
    /// Whether its absence is marked.
    tracked: bool,
    exemplar: Option<Exemplar>,
}

struct Family {
    metadata: Metadata,
    round: u64,
}

impl SeriesCache {
    pub(super) fn begin(&mut self) {
        self.round += 1;
    }

    /// What a text stands for, if it was seen before.
    pub(super) fn find(&mut self, text: &str) -> Option<Known> {
        let found = self.texts.get_mut(text)?;
        found.round = self.round;
        Some(found.known)
    }

    pub(super) fn add_dropped(&mut self, text: &str) {
        self.texts.insert(text.into(), Text { known: Known::Dropped, round: self.round });
    }

    /// Notes what a text stands for, and numbers the series when it is a new one.
    pub(super) fn add_series(&mut self, text: &str, labels: &Labels) -> u32 {
        let number = match self.numbers.get(labels) {
            Some(number) => *number,
            None => self.number(labels),
        };
        self.texts.insert(text.into(), Text { known: Known::Series(number), round: self.round });
        number
    }

    fn number(&mut self, labels: &Labels) -> u32 {
        let series =
            Series { labels: labels.clone(), tried: 0, stored: 0, tracked: false, exemplar: None };
        let number = match self.free.pop() {
            Some(number) => {
                self.series[number as usize] = Some(series);
                number
            }
            None => {
                self.series.push(Some(series));
                self.series.len() as u32 - 1
            }
        };
        self.numbers.insert(labels.clone(), number);
        number
    }

    fn get(&mut self, number: u32) -> &mut Series {
        self.series[number as usize].as_mut().expect("numbers are given out with a series")
    }

    pub(super) fn labels(&mut self, number: u32) -> &Labels {
        &self.get(number).labels
    }

    /// Notes that this scrape has the series; whether it had it before already.
    pub(super) fn try_again(&mut self, number: u32, tracked: bool) -> bool {
        let round = self.round;
        let series = self.get(number);
        series.tracked = tracked;
        std::mem::replace(&mut series.tried, round) == round
    }

    /// Whether an exemplar is another than the series' last one.
    pub(super) fn is_new_exemplar(
        &mut self,
        number: u32,
        exemplar: &Exemplar,
        timed: bool,
    ) -> bool {
        let series = self.get(number);
        let is_known = series.exemplar.as_ref().is_some_and(|last| {
            last.labels == exemplar.labels
                && last.value.to_bits() == exemplar.value.to_bits()
                && (!timed || last.t_ms == exemplar.t_ms)
        });
        if !is_known {
            series.exemplar = Some(exemplar.clone());
        }
        !is_known
    }

    /// Ends a scrape that worked. Returns the series that the last good one had and this has not,
    /// and forgets what was not seen.
    pub(super) fn end_good(&mut self) -> Vec<Labels> {
        let (round, last_good) = (self.round, self.last_good);
        let mut gone = Vec::new();
        for (number, slot) in self.series.iter_mut().enumerate() {
            let Some(series) = slot else { continue };
            if series.tried == round {
                series.stored = round;
                continue;
            }
            if series.tracked && last_good > 0 && series.stored == last_good {
                gone.push(series.labels.clone());
            }
            self.numbers.remove(&series.labels);
            self.free.push(number as u32);
            *slot = None;
        }
        self.last_good = round;
        self.forget_texts();
        self.texts_at_last_good = self.texts.len();
        let families = self.families.len();
        self.families.retain(|_, family| round - family.round <= FAMILY_ROUNDS);
        self.families_changed |= self.families.len() != families;
        gone
    }

    /// Ends a scrape that failed, or the scraping altogether: all series of the last good one are
    /// gone.
    pub(super) fn end_failed(&mut self) -> Vec<Labels> {
        let last_good = std::mem::take(&mut self.last_good);
        let stored =
            |series: &&Series| last_good > 0 && series.tracked && series.stored == last_good;
        let gone = self.series.iter().flatten().filter(stored).map(|s| s.labels.clone()).collect();
        if self.texts.len() > self.texts_at_last_good * 2 + TEXTS_MORE {
            self.forget_texts();
            self.forget_series();
        }
        gone
    }

    /// Forgets texts that this scrape did not have.
    fn forget_texts(&mut self) {
        let round = self.round;
        self.texts.retain(|_, text| text.round == round);
    }

    /// Forgets series that no text leads to.
    fn forget_series(&mut self) {
        let mut used = vec![false; self.series.len()];
        for text in self.texts.values() {
            if let Known::Series(number) = text.known {
                used[number as usize] = true;
            }
        }
        for (number, slot) in self.series.iter_mut().enumerate() {
            if let Some(series) = slot.take_if(|_| !used[number]) {
                self.numbers.remove(&series.labels);
                self.free.push(number as u32);
            }
        }
    }

    /// Forgets what texts mean, because rules changed; which series there were stays known.
    pub(super) fn forget_meanings(&mut self) {
        self.texts.clear();
    }

    /// How many texts and series are held.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> [usize; 2] {
        [self.texts.len(), self.series.len()]
    }

    /// Notes something about a family; what is known of it now, if that changed.
    pub(super) fn describe(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Metadata),
    ) -> Option<&Metadata> {
        let round = self.round;
        if !self.families.contains_key(name) {
            let family = Family { metadata: Metadata::default(), round: 0 };
            self.families.insert(name.into(), family);
        }
        let family = self.families.get_mut(name).expect("it was inserted if it was missing");
        let before = family.metadata.clone();
        change(&mut family.metadata);
        let changed = family.metadata != before || family.round == 0;
        family.round = round;
        self.families_changed |= changed;
        changed.then_some(&family.metadata)
    }

    /// The kind of a family as it was last said.
    pub(super) fn kind(&self, family: &str) -> Option<MetricKind> {
        self.families.get(family).map(|family| family.metadata.kind)
    }

    /// All families, if any of them changed since this was last asked.
    pub(super) fn changed_families(&mut self) -> Option<Arc<Families>> {
        std::mem::take(&mut self.families_changed).then(|| {
            let all = self.families.iter();
            Arc::new(all.map(|(name, f)| (name.to_string(), f.metadata.clone())).collect())
        })
    }
}
