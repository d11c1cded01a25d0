//! The order of rows in parts: by the signal's sort columns, then by time, then by arrival.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use storage::day_of_ns;

use crate::gather::Pick;
use crate::{Chunk, Signal};

/// How a row of one chunk compares with a row of another, or of the same.
pub(crate) fn compare(signal: &Signal, a: (&Chunk, usize), b: (&Chunk, usize)) -> Ordering {
    let text = |column: &usize| a.0.text(*column, a.1).cmp(b.0.text(*column, b.1));
    let texts = signal.sort.iter().map(text).find(|order| *order != Ordering::Equal);
    texts.unwrap_or_else(|| moment(a).cmp(&moment(b)))
}

fn moment((chunk, row): (&Chunk, usize)) -> (i64, i64) {
    (chunk.times()[row], chunk.sequences()[row])
}

/// All rows, sorted, apart by UTC day.
pub(crate) fn sorted_by_day(signal: &Signal, chunks: &[&Chunk]) -> BTreeMap<i64, Vec<Pick>> {
    let ranks = ranks(signal, chunks);
    let mut days: BTreeMap<i64, Vec<(u32, i64, i64, Pick)>> = BTreeMap::new();
    for (index, chunk) in chunks.iter().enumerate() {
        let mut group = Vec::new();
        let mut rank = None;
        for (row, (time_ns, sequence)) in chunk.times().iter().zip(chunk.sequences()).enumerate() {
            // Neighbours mostly belong together, so most rows need no look-up.
            let texts = || signal.sort.iter().map(|column| chunk.text(*column, row));
            if rank.is_none() || !group.iter().copied().eq(texts()) {
                group = texts().collect();
                rank = ranks.get(&group).copied();
            }
            let key = (rank.unwrap_or(0), *time_ns, *sequence, (index, row));
            days.entry(day_of_ns(*time_ns)).or_default().push(key);
        }
    }
    let sorted = |mut rows: Vec<(u32, i64, i64, Pick)>| {
        rows.sort_unstable();
        rows.into_iter().map(|(_, _, _, pick)| pick).collect()
    };
    days.into_iter().map(|(day, rows)| (day, sorted(rows))).collect()
}

/// The position of each combination of sort texts among all of them.
fn ranks<'a>(signal: &Signal, chunks: &[&'a Chunk]) -> BTreeMap<Vec<&'a str>, u32> {
    let mut groups = BTreeSet::new();
    for chunk in chunks {
        let mut last: Vec<&str> = Vec::new();
        for row in 0..chunk.rows() {
            let texts = || signal.sort.iter().map(|column| chunk.text(*column, row));
            if row == 0 || !last.iter().copied().eq(texts()) {
                last = texts().collect();
                groups.insert(last.clone());
            }
        }
    }
    groups.into_iter().zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChunkBuilder;
    use crate::signal::TIME;
    use crate::signal::tests::{EVENTS, SERVICE};

    const DAY_NS: i64 = 86_400_000_000_000;

    fn chunk(first_sequence: u64, rows: &[(i64, &str)]) -> Chunk {
        let mut builder = ChunkBuilder::new(&EVENTS, rows.len());
        for (time_ns, service) in rows {
            builder.int(TIME, *time_ns);
            builder.text(SERVICE, service);
            builder.end_row();
        }
        builder.finish(first_sequence)
    }

    #[test]
    fn rows_are_sorted_within_their_day() {
        let one = chunk(0, &[(5, "b"), (3, "b"), (DAY_NS, "a"), (-1, "z")]);
        let two = chunk(4, &[(3, "b"), (9, "a"), (4, "")]);
        let days = sorted_by_day(&EVENTS, &[&one, &two]);
        assert_eq!(days.keys().copied().collect::<Vec<_>>(), [-1, 0, 1]);
        assert_eq!(days[&0], [(1, 2), (1, 1), (0, 1), (1, 0), (0, 0)]);
        let chunks = [&one, &two];
        let is_sorted = |pair: &[Pick]| {
            let row = |pick: Pick| (chunks[pick.0], pick.1);
            compare(&EVENTS, row(pair[0]), row(pair[1])) == Ordering::Less
        };
        assert!(days[&0].windows(2).all(is_sorted));
    }
}
