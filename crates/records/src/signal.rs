//! What distinguishes one kind of records from another: its known columns and its order.

use crate::ColumnType;

/// The column of every signal that holds when a record happened.
pub const TIME: usize = 0;
/// The column of every signal that holds the number of a record in the order of arrival.
pub const SEQUENCE: usize = 1;
/// The column of every signal that holds, as a JSON object, the fields that found no column.
pub const REST: usize = 2;

/// Who sees a known column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// No query does: a field of the same name is another column.
    Internal,
    /// Queries that name it.
    Named,
    /// Also queries for any field and for fields by pattern.
    Searched,
}

/// A column that every part has.
#[derive(Debug)]
pub struct KnownColumn {
    /// Its name, in queries and on disk.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Who sees it.
    pub visibility: Visibility,
}

impl KnownColumn {
    /// A column.
    pub const fn new(name: &'static str, kind: ColumnType, visibility: Visibility) -> Self {
        KnownColumn { name, kind, visibility }
    }
}

/// A kind of records. Columns are referred to by their index in `columns`.
#[derive(Debug)]
pub struct Signal {
    /// What it is called in parts and messages.
    pub name: &'static str,
    /// The known columns; the first three are [`TIME`], [`SEQUENCE`] and [`REST`].
    pub columns: &'static [KnownColumn],
    /// Columns of texts or identifiers that identify a record together with its time. Of records
    /// that agree in them parts keep only the first to arrive; nothing is dropped when this is
    /// empty.
    pub identity: &'static [usize],
    /// Columns with a Bloom filter per row group.
    pub bloom: &'static [usize],
    /// Text columns whose distinct combinations each part lists, with the times of their first and
    /// last record; no list is kept when this is empty.
    pub summary: &'static [usize],
}

impl Signal {
    /// The known column that a field name of a query means.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|known| known.name == name && known.visibility != Visibility::Internal)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small signal for the tests of this crate.
    pub(crate) static EVENTS: Signal = Signal {
        name: "events",
        columns: &[
            KnownColumn::new("timestamp", ColumnType::Time, Visibility::Named),
            KnownColumn::new("_sequence", ColumnType::Int, Visibility::Internal),
            KnownColumn::new("_rest", ColumnType::Json, Visibility::Internal),
            KnownColumn::new("message", ColumnType::Text, Visibility::Searched),
            KnownColumn::new("service.name", ColumnType::Text, Visibility::Searched),
            KnownColumn::new("trace_id", ColumnType::TraceId, Visibility::Searched),
        ],
        identity: &[],
        bloom: &[TRACE_ID],
        summary: &[SERVICE],
    };
    pub(crate) const MESSAGE: usize = 3;
    pub(crate) const SERVICE: usize = 4;
    pub(crate) const TRACE_ID: usize = 5;
}
