//! Records that arrived twice.

use std::collections::HashSet;

use crate::{Chunk, ColumnType, Signal};

/// Finds records that agree with an earlier one in all that identifies them. Rows come in the
/// order of parts, in which such records have only records of the same time between them.
pub(crate) struct Duplicates {
    signal: &'static Signal,
    time_ns: Option<i64>,
    seen: HashSet<Vec<u8>>,
}

impl Duplicates {
    pub(crate) fn new(signal: &'static Signal) -> Self {
        Duplicates { signal, time_ns: None, seen: HashSet::new() }
    }

    /// Whether a row is a repetition of one before it.
    pub(crate) fn is_repeat(&mut self, chunk: &Chunk, row: usize) -> bool {
        if self.signal.identity.is_empty() {
            return false;
        }
        let time_ns = chunk.times()[row];
        if self.time_ns != Some(time_ns) {
            self.time_ns = Some(time_ns);
            self.seen.clear();
        }
        !self.seen.insert(identity(self.signal, chunk, row))
    }
}

/// The bytes of all that identifies a record beside its time.
fn identity(signal: &Signal, chunk: &Chunk, row: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32);
    for column in signal.identity {
        match signal.columns[*column].kind {
            ColumnType::Text => bytes.extend_from_slice(chunk.text(*column, row).as_bytes()),
            _ => bytes.extend_from_slice(chunk.id(*column, row).unwrap_or_default()),
        }
        bytes.push(0);
    }
    bytes
}
