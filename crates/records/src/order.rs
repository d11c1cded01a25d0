//! The order of rows in parts: by time, and by arrival when the time is the same.
//!
//! `docs/decisions/` says why a service does not come before the time.

use std::collections::BTreeMap;

use storage::day_of_ns;

use crate::Chunk;
use crate::gather::Pick;

/// The place of a row in the order.
pub(crate) type Moment = (i64, i64);

/// The place of a row in the order.
pub(crate) fn moment(chunk: &Chunk, row: usize) -> Moment {
    (chunk.times()[row], chunk.sequences()[row])
}

/// All rows, sorted, apart by UTC day.
pub(crate) fn sorted_by_day(chunks: &[&Chunk]) -> BTreeMap<i64, Vec<Pick>> {
    let mut days: BTreeMap<i64, Vec<(Moment, Pick)>> = BTreeMap::new();
    for (index, chunk) in chunks.iter().enumerate() {
        for (row, time_ns) in chunk.times().iter().enumerate() {
            let rows = days.entry(day_of_ns(*time_ns)).or_default();
            rows.push((moment(chunk, row), (index, row)));
        }
    }
    let sorted = |mut rows: Vec<(Moment, Pick)>| {
        rows.sort_unstable();
        rows.into_iter().map(|(_, pick)| pick).collect()
    };
    days.into_iter().map(|(day, rows)| (day, sorted(rows))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::TIME;
    use crate::signal::tests::EVENTS;
    use crate::{Chunk, ChunkBuilder};

    fn chunk(first_sequence: u64, times: &[i64]) -> Chunk {
        let mut builder = ChunkBuilder::new(&EVENTS, times.len());
        for time_ns in times {
            builder.int(TIME, *time_ns);
            builder.end_row();
        }
        builder.finish(first_sequence)
    }

    #[test]
    fn rows_are_sorted_within_their_day() {
        let day_ns = 86_400_000_000_000;
        let one = chunk(0, &[5, 3, day_ns, -1]);
        let two = chunk(4, &[3, 9, 4]);
        let days = sorted_by_day(&[&one, &two]);
        assert_eq!(days.keys().copied().collect::<Vec<_>>(), [-1, 0, 1]);
        assert_eq!(days[&0], [(0, 1), (1, 0), (1, 2), (0, 0), (1, 1)]);
    }
}
