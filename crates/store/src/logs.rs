//! What a log store does.

use std::sync::Arc;

use model::{LogBatch, LogRecord, TimeRange};
use tokio::sync::broadcast;

use crate::{AppendError, Commit, Filter, QueryContext, QueryError, StoreStats};

/// The place of a record: unique, and stable over flushes, merges and restarts. Its order is the
/// order of records, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// When the record happened.
    pub time_ns: i64,
    /// Its number in the order of arrival.
    pub sequence: u64,
}

/// Which end of time comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest records first.
    #[default]
    Newest,
    /// Oldest records first.
    Oldest,
}

/// Which records are wanted.
#[derive(Clone, Debug)]
pub struct LogSearch {
    /// When they happened.
    pub range: TimeRange,
    /// What they look like.
    pub filter: Filter,
    /// Which come first.
    pub order: Order,
    /// Goes on behind this record, which need not pass the filter.
    pub after: Option<Cursor>,
    /// How many at most.
    pub limit: usize,
}

/// A record and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its place.
    pub cursor: Cursor,
    /// The record.
    pub record: LogRecord,
}

/// Some of the records that were searched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records in the order asked for.
    pub records: Vec<Found>,
    /// Whether there are more behind the last.
    pub more: bool,
}

/// How many records per bucket of time.
#[derive(Clone, Debug)]
pub struct HistogramQuery {
    /// When they happened.
    pub range: TimeRange,
    /// What they look like.
    pub filter: Filter,
    /// The width of a bucket; buckets begin at multiples of it.
    pub interval_ns: i64,
    /// Counts apart by the values of this field.
    pub by: Option<String>,
}

/// One bucket that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Where it begins.
    pub start_ns: i64,
    /// Counts by value, sorted by value; one count of the empty value when nothing splits it.
    pub counts: Vec<(String, u64)>,
}

/// Counts over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// The buckets in order of time.
    pub buckets: Vec<Bucket>,
    /// All of them together.
    pub total: u64,
}

/// Which fields records have.
#[derive(Clone, Debug)]
pub struct FieldsQuery {
    /// When the records happened.
    pub range: TimeRange,
    /// What they look like.
    pub filter: Filter,
}

/// What kind of values a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// True and false.
    Bool,
    /// Instants.
    Time,
    /// Several of these.
    Mixed,
}

/// A field and how common it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSummary {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// In how many records it is set.
    pub count: u64,
}

/// The most common values of a field.
#[derive(Clone, Debug)]
pub struct ValuesQuery {
    /// When the records happened.
    pub range: TimeRange,
    /// What they look like.
    pub filter: Filter,
    /// The field.
    pub field: String,
    /// How many values at most.
    pub limit: usize,
}

/// A value and how common it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount {
    /// The value as text.
    pub value: String,
    /// How many records have it.
    pub count: u64,
}

/// A store of log records.
pub trait LogStore: Send + Sync {
    /// Stores a batch.
    ///
    /// # Errors
    /// When it cannot even be queued; all else is said by the commit.
    fn append(&self, batch: LogBatch) -> Result<Commit, AppendError>;

    /// Some of the records that pass.
    ///
    /// # Errors
    /// When a limit is met, the query is stopped, or reading fails.
    fn search(&self, search: &LogSearch, context: &QueryContext) -> Result<Page, QueryError>;

    /// How many records pass, over time.
    ///
    /// # Errors
    /// As [`LogStore::search`].
    fn histogram(
        &self,
        query: &HistogramQuery,
        context: &QueryContext,
    ) -> Result<Histogram, QueryError>;

    /// The fields that are set in records that pass, sorted by name.
    ///
    /// # Errors
    /// As [`LogStore::search`].
    fn fields(
        &self,
        query: &FieldsQuery,
        context: &QueryContext,
    ) -> Result<Vec<FieldSummary>, QueryError>;

    /// The most common values of a field in records that pass, most common first and then by
    /// value; elements of arrays count each.
    ///
    /// # Errors
    /// As [`LogStore::search`].
    fn values(
        &self,
        query: &ValuesQuery,
        context: &QueryContext,
    ) -> Result<Vec<ValueCount>, QueryError>;

    /// The records of each batch and their places, as they become visible. A receiver that falls
    /// behind misses some and is told.
    fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Found>>>;

    /// How large everything is.
    fn stats(&self) -> StoreStats;
}
