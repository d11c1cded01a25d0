//! What a writer sent, what was promised about it, and whether the promise was kept.

use super::found::{count, found};
use crate::server::Server;
use crate::writers::{Batch, Kind, Outcome, Signal, Writer};

/// What is known about a record.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    is_acknowledged: bool,
    /// How often it was sent without an answer: it may be there as often.
    unanswered: u32,
}

/// One writer's records of one round.
pub struct Ledger {
    kind: &'static Kind,
    round: u64,
    base_ms: i64,
    entries: Vec<Entry>,
}

impl Ledger {
    /// Nothing was sent yet.
    pub fn new(kind: &'static Kind, round: u64, base_ms: i64) -> Ledger {
        Ledger { kind, round, base_ms, entries: Vec::new() }
    }

    /// The writer's name.
    pub fn writer(&self) -> &'static str {
        self.kind.name
    }

    /// The next batch, of so many records.
    pub fn next(&mut self, size: u64) -> Batch {
        let start = self.entries.len() as u64;
        self.entries.resize((start + size) as usize, Entry::default());
        self.batch(start, start + size)
    }

    fn batch(&self, start: u64, end: u64) -> Batch {
        let Ledger { kind, round, base_ms, .. } = *self;
        Batch { writer: kind.name, round, base_ms, numbers: start..end }
    }

    /// A batch is about to be sent: from here on it may be there.
    pub fn sent(&mut self, batch: &Batch) {
        self.each(batch, |entry| entry.unanswered += 1);
    }

    /// The server promised to keep a batch that was sent.
    pub fn acknowledge(&mut self, batch: &Batch) {
        self.each(batch, |entry| {
            entry.unanswered -= 1;
            entry.is_acknowledged = true;
        });
    }

    /// The server said that nothing of a batch that was sent is kept.
    pub fn refused(&mut self, batch: &Batch) {
        self.each(batch, |entry| entry.unanswered -= 1);
    }

    fn each(&mut self, batch: &Batch, change: impl Fn(&mut Entry)) {
        let range = batch.numbers.start as usize..batch.numbers.end as usize;
        self.entries[range].iter_mut().for_each(change);
    }

    /// How many records are promised.
    pub fn acknowledged(&self) -> u64 {
        self.entries.iter().filter(|entry| entry.is_acknowledged).count() as u64
    }

    /// How many records were sent and neither promised nor refused.
    pub fn in_doubt(&self) -> u64 {
        let doubtful = |entry: &&Entry| !entry.is_acknowledged && entry.unanswered > 0;
        self.entries.iter().filter(doubtful).count() as u64
    }

    /// Compares every record with what is stored; says how many of the doubtful are there.
    ///
    /// # Panics
    /// When a promised record is missing, one is there too often, or one that was never sent.
    pub fn check(&self, server: &Server) -> u64 {
        let Ledger { kind, round, .. } = self;
        let name = kind.name;
        let last = self.entries.len() as u64;
        let found = found(server, kind, *round, self.base_ms, last);
        let mut kept = 0;
        for (number, entry) in self.entries.iter().enumerate() {
            let times = found.get(&(number as u64)).copied().unwrap_or(0);
            let least = u32::from(entry.is_acknowledged);
            // Only a log record has no name by which its second copy is known for one.
            let most = match kind.signal {
                Signal::Logs => least + entry.unanswered,
                Signal::Metrics | Signal::Traces => u32::from(least + entry.unanswered > 0),
            };
            assert!(
                (least..=most).contains(&times),
                "{name}, round {round}: record {number} of {last} is there {times} times, not \
                 {least} to {most}; acknowledged: {}",
                entry.is_acknowledged
            );
            kept += u64::from(least == 0 && times > 0);
        }
        if let Some(number) = found.keys().find(|number| **number >= last) {
            panic!("{name}, round {round}: record {number} was never sent, there were {last}");
        }
        kept
    }

    /// Compares how many records are stored, which costs less than looking at each.
    ///
    /// # Panics
    /// When they are too few or too many.
    pub fn check_count(&self, server: &Server) {
        let counted = count(server, self.kind, self.round, self.base_ms, self.entries.len() as u64);
        let Some(counted) = counted else { return };
        let doubtful = self.entries.iter().map(|entry| u64::from(entry.unanswered)).sum::<u64>();
        let least = self.acknowledged();
        let most = match self.kind.signal {
            Signal::Logs => least + doubtful,
            Signal::Metrics | Signal::Traces => least + self.in_doubt(),
        };
        assert!(
            (least..=most).contains(&counted),
            "{}, round {}: there are {counted} records, not {least} to {most}",
            self.kind.name,
            self.round
        );
    }

    /// Sends again what was not answered, as clients do.
    ///
    /// # Panics
    /// When it is not taken.
    pub fn send_doubtful_again(&mut self, server: &Server) {
        let doubtful = |entry: &Entry| !entry.is_acknowledged && entry.unanswered > 0;
        let Some(start) = self.entries.iter().position(doubtful) else { return };
        let batch = self.batch(start as u64, self.entries.len() as u64);
        self.sent(&batch);
        let outcome = Writer::to(self.kind, server).send(&batch);
        assert!(matches!(outcome, Outcome::Acknowledged), "{}: {outcome:?}", batch.writer);
        self.acknowledge(&batch);
    }
}
