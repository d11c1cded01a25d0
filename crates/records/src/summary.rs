//! Which combinations of texts occur in some records, and when.

use std::collections::{BTreeMap, HashMap};

use arrow_buffer::BooleanBuffer;
use model::TimeRange;

use crate::{Chunk, Signal};

/// More combinations than this are not listed; queries then look at the rows.
const COMBINATIONS_MAX: usize = 10_000;

/// The distinct combinations of a signal's summary columns, with the times of the first and the
/// last record that has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary(BTreeMap<Vec<String>, TimeRange>);

impl Summary {
    /// The combinations in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[String], TimeRange)> {
        self.0.iter().map(|(texts, range)| (texts.as_slice(), *range))
    }

    /// As JSON: a list of `[[text, …], first, last]`.
    pub(crate) fn to_json(&self) -> String {
        let row = |(texts, range): (&[String], TimeRange)| {
            serde_json::json!([texts, range.start_ns, range.end_ns])
        };
        serde_json::Value::from(self.iter().map(row).collect::<Vec<_>>()).to_string()
    }

    pub(crate) fn from_json(text: &str) -> Option<Self> {
        let rows: Vec<(Vec<String>, i64, i64)> = serde_json::from_str(text).ok()?;
        let rows =
            rows.into_iter().map(|(texts, first, last)| (texts, TimeRange::new(first, last)));
        Some(Summary(rows.collect()))
    }
}

/// Gathers combinations row by row.
pub(crate) struct Summarizer {
    columns: &'static [usize],
    /// By the texts behind each other, each behind its length.
    ranges: HashMap<Vec<u8>, TimeRange>,
    key: Vec<u8>,
}

impl Summarizer {
    pub(crate) fn new(signal: &'static Signal) -> Self {
        Summarizer { columns: signal.summary, ranges: HashMap::new(), key: Vec::new() }
    }

    /// Adds rows of a chunk that holds the summary columns.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: &BooleanBuffer) {
        if self.columns.is_empty() {
            return;
        }
        let times = chunk.times();
        for row in rows.set_indices() {
            self.key.clear();
            for column in self.columns {
                let text = chunk.text(*column, row);
                self.key.extend((text.len() as u32).to_le_bytes());
                self.key.extend_from_slice(text.as_bytes());
            }
            let time_ns = times[row];
            match self.ranges.get_mut(&self.key) {
                Some(range) => {
                    range.start_ns = range.start_ns.min(time_ns);
                    range.end_ns = range.end_ns.max(time_ns);
                }
                None => {
                    self.ranges.insert(self.key.clone(), TimeRange::new(time_ns, time_ns));
                }
            }
        }
    }

    /// Whether there are too many combinations to be listed.
    pub(crate) fn is_too_long(&self) -> bool {
        self.ranges.len() > COMBINATIONS_MAX
    }

    pub(crate) fn finish(self) -> Summary {
        Summary(self.ranges.into_iter().map(|(key, range)| (texts(&key), range)).collect())
    }
}

/// The texts of a key.
fn texts(mut key: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some((len, rest)) = key.split_first_chunk() {
        let (text, rest) = rest.split_at(u32::from_le_bytes(*len) as usize);
        texts.push(String::from_utf8_lossy(text).into_owned());
        key = rest;
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChunkBuilder;
    use crate::signal::TIME;
    use crate::signal::tests::{EVENTS, SERVICE};

    #[test]
    fn combinations_have_their_times_and_survive_json() {
        let mut rows = ChunkBuilder::new(&EVENTS, 4);
        for (time_ns, service) in [(7, "shop \"1\""), (i64::MAX, ""), (i64::MIN, "shop \"1\"")] {
            rows.int(TIME, time_ns);
            rows.text(SERVICE, service);
            rows.end_row();
        }
        let chunk = rows.finish(0);
        let mut summarizer = Summarizer::new(&EVENTS);
        summarizer.add(&chunk, &BooleanBuffer::new_set(chunk.rows()));
        assert!(!summarizer.is_too_long());
        let summary = summarizer.finish();
        let found: Vec<_> = summary.iter().map(|(t, r)| (t[0].as_str(), r)).collect();
        let expected =
            [("", TimeRange::new(i64::MAX, i64::MAX)), ("shop \"1\"", TimeRange::new(i64::MIN, 7))];
        assert_eq!(found, expected);
        assert_eq!(Summary::from_json(&summary.to_json()), Some(summary));
        assert_eq!(Summary::from_json("[[1]]"), None);
    }
}
