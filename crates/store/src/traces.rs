//! What a trace store does.

use model::{Span, SpanBatch, SpanKind, TimeRange, TraceId};

use crate::{AppendError, Commit, QueryContext, QueryError, StoreStats};

/// Which traces are wanted: those with a span for which all conditions hold at once (Jaeger's rule).
#[derive(Clone, Debug)]
pub struct TraceSearch {
    /// When that span began.
    pub range: TimeRange,
    /// Its service.
    pub service: Option<String>,
    /// Its name.
    pub operation: Option<String>,
    /// Attributes it must have, as text, on itself, its resource, scope, events or links.
    ///
    /// `error=true` also holds for spans whose status is an error, and `span.kind`, `otel.status_code`
    /// and the scope's `otel.scope.name` and `otel.scope.version` are found under these names.
    pub tags: Vec<(String, String)>,
    /// The shortest duration.
    pub duration_min_ns: Option<i64>,
    /// The longest duration.
    pub duration_max_ns: Option<i64>,
    /// How many traces at most; those whose matching span began last are taken.
    pub limit: usize,
}

/// A name that spans of a service have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The name.
    pub name: String,
    /// The kind of those spans, empty when unspecified.
    pub kind: &'static str,
}

impl Operation {
    /// The operation of a name and kind.
    pub fn new(name: &str, kind: SpanKind) -> Self {
        Operation { name: name.to_owned(), kind: kind.name() }
    }
}

/// A store of spans.
///
/// A span that arrives twice, with the same trace, identifier, kind and start, is one span.
pub trait TraceStore: Send + Sync {
    /// Stores a batch.
    ///
    /// # Errors
    /// When it cannot even be queued; all else is said by the commit.
    fn append(&self, batch: SpanBatch) -> Result<Commit, AppendError>;

    /// All spans of a trace in order of their start, wherever they lie; none when it is unknown.
    ///
    /// # Errors
    /// When a limit is met, the query is stopped, or reading fails.
    fn trace(&self, id: TraceId, context: &QueryContext) -> Result<Vec<Span>, QueryError>;

    /// Whole traces, the latest matching span first.
    ///
    /// # Errors
    /// As [`TraceStore::trace`].
    fn search(
        &self,
        search: &TraceSearch,
        context: &QueryContext,
    ) -> Result<Vec<Vec<Span>>, QueryError>;

    /// The services that have spans in the range, sorted.
    ///
    /// # Errors
    /// As [`TraceStore::trace`].
    fn services(&self, range: TimeRange, context: &QueryContext)
    -> Result<Vec<String>, QueryError>;

    /// The operations of a service in the range, sorted.
    ///
    /// # Errors
    /// As [`TraceStore::trace`].
    fn operations(
        &self,
        service: &str,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<Vec<Operation>, QueryError>;

    /// How large everything is.
    fn stats(&self) -> StoreStats;
}
