//! What is in memory only, apart from the write-ahead log.

use std::collections::BTreeSet;
use std::sync::Arc;

use storage::day_of_ns;

use crate::gather::{common_layout, concat_chunks};
use crate::{Chunk, Signal};

/// A chunk of so many rows is left alone.
const SEALED_ROWS: usize = 4 << 10;
/// And so is a chunk of so many bytes.
const SEALED_BYTES: usize = 8 << 20;
/// So many small chunks become one, so that a row is copied a few times at most.
const FAN_IN: usize = 8;

/// Chunks in the order in which they became durable.
#[derive(Debug)]
pub(crate) struct Head {
    signal: &'static Signal,
    chunks: Vec<Arc<Chunk>>,
    rows: u64,
    bytes: u64,
    /// When the oldest row arrived, on the monotonic clock.
    since_ns: Option<u64>,
    /// The UTC days of the rows.
    days: BTreeSet<i64>,
}

/// A head of more days is flushed at once, for each of them becomes a file.
pub(crate) const DAYS_MAX: usize = 1_000;

impl Head {
    pub(crate) fn new(signal: &'static Signal) -> Self {
        Head {
            signal,
            chunks: Vec::new(),
            rows: 0,
            bytes: 0,
            since_ns: None,
            days: BTreeSet::new(),
        }
    }

    pub(crate) fn push(&mut self, chunk: Arc<Chunk>, now_ns: u64) {
        self.since_ns.get_or_insert(now_ns);
        self.rows += chunk.rows() as u64;
        self.bytes += chunk.byte_len() as u64;
        add_days(&chunk, &mut self.days);
        self.chunks.push(chunk);
        while self.join_last() {}
    }

    pub(crate) fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn since_ns(&self) -> Option<u64> {
        self.since_ns
    }

    /// Whether the rows are of too many days.
    pub(crate) fn is_scattered(&self) -> bool {
        self.days.len() > DAYS_MAX
    }

    /// Joins the last chunks when enough of about the same size have gathered.
    fn join_last(&mut self) -> bool {
        let size = |chunk: &Arc<Chunk>| match chunk.byte_len() >= SEALED_BYTES {
            true => usize::MAX,
            false => chunk.rows().max(1).ilog(FAN_IN) as usize,
        };
        let Some(last) = self.chunks.last() else { return false };
        if last.rows() >= SEALED_ROWS || last.byte_len() >= SEALED_BYTES {
            return false;
        }
        let max = size(last);
        let count = self.chunks.iter().rev().take_while(|chunk| size(chunk) <= max).count();
        let bytes: usize = self.chunks.iter().rev().take(count).map(|c| c.byte_len()).sum();
        if count < FAN_IN && !(count > 1 && bytes >= SEALED_BYTES) {
            return false;
        }
        let first = self.chunks.len() - count;
        let small = &self.chunks[first..];
        let layout = common_layout(self.signal, small.iter().map(AsRef::as_ref));
        // They stay as they are should Arrow refuse, which it does beyond two gigabytes only.
        let Ok(joined) = concat_chunks(small, &layout) else { return false };
        self.bytes = self.bytes.saturating_sub(bytes as u64) + joined.byte_len() as u64;
        self.chunks.truncate(first);
        self.chunks.push(Arc::new(joined));
        true
    }
}

fn add_days(chunk: &Chunk, days: &mut BTreeSet<i64>) {
    let mut last = None;
    for day in chunk.times().iter().map(|time_ns| day_of_ns(*time_ns)) {
        if last != Some(day) {
            days.insert(day);
            last = Some(day);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::TIME;
    use crate::signal::tests::{EVENTS, MESSAGE};
    use crate::{ChunkBuilder, Condition};

    fn batch(first_sequence: u64, rows: usize, text: &str) -> Arc<Chunk> {
        let mut builder = ChunkBuilder::new(&EVENTS, rows);
        for row in 0..rows {
            builder.int(TIME, row as i64);
            builder.text(MESSAGE, text);
            builder.field("n", &model::Value::Int(row as i64));
            builder.end_row();
        }
        Arc::new(builder.finish(first_sequence))
    }

    #[test]
    fn many_small_batches_become_few_chunks() {
        let mut head = Head::new(&EVENTS);
        let mut sequence = 0;
        for turn in 0..3_000 {
            let rows = [1, 1, 2, 40, 1][turn % 5];
            head.push(batch(sequence, rows, "text"), 7);
            sequence += rows as u64;
        }
        assert_eq!((head.rows(), head.since_ns()), (sequence, Some(7)));
        assert!(head.chunks().len() < 40, "{}", head.chunks().len());
        let sequences = head.chunks().iter().flat_map(|chunk| chunk.sequences().to_vec());
        assert!(sequences.eq(0..sequence.cast_signed()));
        let bytes: usize = head.chunks().iter().map(|chunk| chunk.byte_len()).sum();
        assert_eq!(head.bytes(), bytes as u64);
        let all = Condition::All;
        let rows = |chunk: &Arc<Chunk>| {
            let every = arrow_buffer::BooleanBuffer::new_set(chunk.rows());
            all.select(chunk, &every).count_set_bits() as u64
        };
        assert_eq!(head.chunks().iter().map(rows).sum::<u64>(), sequence);
    }

    #[test]
    fn large_values_are_not_copied_again_and_again() {
        let mut head = Head::new(&EVENTS);
        let text = "x".repeat(1 << 20);
        (0..40).for_each(|n| head.push(batch(n, 1, &text), 0));
        let largest = head.chunks().iter().map(|chunk| chunk.byte_len()).max().unwrap();
        assert!(largest < 2 * SEALED_BYTES, "{largest}");
        assert!(head.chunks().len() <= 40 / 4, "{}", head.chunks().len());
    }
}
