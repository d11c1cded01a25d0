//! The contract between storage and everything else.
//!
//! Languages, alerting and the API see only this: batches go in and come back acknowledged once
//! they are on stable storage, plans go down, results come up. Two implementations exist: the
//! stores on disk, and [`MemStore`], the naive one that tests compare them with.

mod commit;
mod documents;
mod error;
mod filter;
mod limits;
mod logs;
mod mem;
mod metrics;
mod stats;
mod traces;
mod words;

pub use commit::{Appended, Commit, CommitSender};
pub use documents::{Document, Documents};
pub use error::{AppendError, DocumentError, QueryError};
pub use filter::{FieldName, Filter, Predicate, Range, Test, Wildcard, date_ns};
pub use limits::{Cancel, CancelReason, QueryContext, QueryLimits};
pub use logs::{
    Bucket, Cursor, FieldKind, FieldSummary, FieldsQuery, Found, Histogram, HistogramQuery,
    LogSearch, LogStore, Order, Page, ValueCount, ValuesQuery,
};
pub use mem::MemStore;
pub use metrics::{MetricStore, Select, Series, SeriesExemplars};
pub use stats::{QuarantinedFile, StoreStats};
pub use traces::{Operation, TraceSearch, TraceStore};
pub use words::{contains_words, words};
