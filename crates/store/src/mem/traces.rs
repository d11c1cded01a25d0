//! Spans in memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::{Attributes, Span, SpanBatch, StatusCode, TimeRange, TraceId};

use super::MemStore;
use crate::{
    AppendError, Appended, Commit, Operation, QueryContext, QueryError, StoreStats, TraceSearch,
    TraceStore,
};

fn is_same(a: &Span, b: &Span) -> bool {
    (a.trace_id, a.span_id, a.kind, a.start_ns) == (b.trace_id, b.span_id, b.kind, b.start_ns)
}

impl TraceSearch {
    /// Whether all conditions hold for this span.
    pub fn matches(&self, span: &Span) -> bool {
        let is =
            |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|w| w == value);
        self.range.contains(span.start_ns)
            && is(&self.service, span.resource.service())
            && is(&self.operation, &span.name)
            && self.duration_min_ns.is_none_or(|min_ns| span.duration_ns >= min_ns)
            && self.duration_max_ns.is_none_or(|max_ns| span.duration_ns <= max_ns)
            && self.tags.iter().all(|(name, value)| has_tag(span, name, value))
    }
}

fn has_tag(span: &Span, name: &str, value: &str) -> bool {
    let among = |list: &Attributes| list.iter().any(|(n, v)| n == name && v.to_text() == value);
    let is_derived = match name {
        "error" => value == "true" && span.status.code == StatusCode::Error,
        "span.kind" => span.kind.name() == value && !value.is_empty(),
        "otel.status_code" => match span.status.code {
            StatusCode::Unset => false,
            StatusCode::Ok => value == "OK",
            StatusCode::Error => value == "ERROR",
        },
        "otel.scope.name" => span.scope.name == value && !value.is_empty(),
        "otel.scope.version" => span.scope.version == value && !value.is_empty(),
        _ => false,
    };
    is_derived
        || among(&span.attributes)
        || among(&span.resource.attributes)
        || among(&span.scope.attributes)
        || span.events.iter().any(|event| among(&event.attributes))
        || span.links.iter().any(|link| among(&link.attributes))
}

impl TraceStore for MemStore {
    fn append(&self, batch: SpanBatch) -> Result<Commit, AppendError> {
        let accepted = batch.spans.len() as u64;
        let mut spans = self.spans.lock();
        for span in batch.spans {
            if !spans.iter().any(|other| is_same(other, &span)) {
                spans.push(span);
            }
        }
        Ok(Commit::ready(Ok(Appended { accepted, ..Appended::default() })))
    }

    fn trace(&self, id: TraceId, context: &QueryContext) -> Result<Vec<Span>, QueryError> {
        context.cancel.check()?;
        let spans = self.spans.lock();
        let mut trace: Vec<_> = spans.iter().filter(|span| span.trace_id == id).cloned().collect();
        trace.sort_by_key(|span| (span.start_ns, span.span_id));
        Ok(trace)
    }

    fn search(
        &self,
        search: &TraceSearch,
        context: &QueryContext,
    ) -> Result<Vec<Vec<Span>>, QueryError> {
        let mut latest: BTreeMap<TraceId, i64> = BTreeMap::new();
        for span in self.spans.lock().iter().filter(|span| search.matches(span)) {
            let start_ns = latest.entry(span.trace_id).or_insert(span.start_ns);
            *start_ns = span.start_ns.max(*start_ns);
        }
        let mut ids: Vec<_> = latest.into_iter().collect();
        ids.sort_by_key(|(id, start_ns)| (Reverse(*start_ns), *id));
        ids.truncate(search.limit);
        ids.into_iter().map(|(id, _)| self.trace(id, context)).collect()
    }

    fn services(
        &self,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        context.cancel.check()?;
        let spans = self.spans.lock();
        let in_range = spans.iter().filter(|span| range.contains(span.start_ns));
        let names = in_range.map(|span| span.resource.service().to_owned());
        Ok(names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn operations(
        &self,
        service: &str,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<Vec<Operation>, QueryError> {
        context.cancel.check()?;
        let spans = self.spans.lock();
        let operations = spans
            .iter()
            .filter(|span| range.contains(span.start_ns) && span.resource.service() == service)
            .map(|span| Operation::new(&span.name, span.kind));
        Ok(operations.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn stats(&self) -> StoreStats {
        StoreStats { head_rows: self.spans.lock().len() as u64, ..StoreStats::default() }
    }
}
