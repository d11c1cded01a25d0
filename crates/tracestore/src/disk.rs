//! The contract of [`TraceStore`], answered from columns.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::{Resource, Scope, Span, SpanBatch, SpanId, SpanKind, TimeRange, TraceId};
use records::{
    Admission, Batched, CellTest, Chunk, ChunkBuilder, Condition, RecordStore, RecordStoreOptions,
    Scan, ScanError, Snapshot,
};
use storage::{Maintained, OpenError, ReplayReport, StoreDir};
use store::{
    AppendError, Commit, Operation, QueryContext, QueryError, StoreStats, TraceSearch, TraceStore,
};

use crate::search;
use crate::span::{self, SPANS, TRACE_ID, kind_of_name};

/// Where a trace store lies and how it behaves.
#[derive(Clone)]
pub struct TraceStoreOptions {
    /// Its directory and the world around it.
    pub dir: Arc<StoreDir>,
    /// Its log, flushing, merging and retention.
    pub records: RecordStoreOptions,
}

/// Spans on disk.
///
/// Attributes come back sorted by name. Of two attributes of one name both are kept.
pub struct DiskTraceStore {
    records: Arc<RecordStore>,
}

impl DiskTraceStore {
    /// Opens a store, and replays what is in its log only.
    ///
    /// # Errors
    /// When a newer program wrote it, or the disk fails.
    pub fn open(options: &TraceStoreOptions) -> Result<Arc<Self>, OpenError> {
        let records = RecordStore::open(&SPANS, &options.dir, options.records)?;
        Ok(Arc::new(DiskTraceStore { records }))
    }

    /// Takes no more spans, writes all there are into parts, syncs, and stops.
    pub fn stop(&self) {
        self.records.stop();
    }

    /// What the log held that was in no part at the start.
    pub fn replayed(&self) -> &ReplayReport {
        self.records.replayed()
    }

    /// What [`storage::maintain`] looks after when nothing runs in the background.
    pub fn maintained(&self) -> &dyn Maintained {
        &*self.records
    }

    /// Service, operation and kind of the spans in a range.
    fn combinations(
        &self,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<impl Iterator<Item = [String; 3]>, QueryError> {
        let scan = Scan { range, condition: &Condition::All, cancel: &context.cancel };
        let found = self.records.query(|snapshot| snapshot.combinations(scan))?;
        Ok(found.into_iter().filter_map(|texts| texts.try_into().ok()))
    }
}

impl TraceStore for DiskTraceStore {
    fn append(&self, batch: SpanBatch) -> Result<Commit, AppendError> {
        let mut rows = ChunkBuilder::new(&SPANS, batch.spans.len());
        let mut admission = Admission::default();
        for span in &batch.spans {
            if admission.admits(span.start_ns, span::refusal(span)) {
                span::write(span, &mut rows);
                admission.check(&rows)?;
            }
        }
        let (rejected, reason) = admission.finish();
        let on_visible = Box::new(|_: &Chunk| {});
        self.records.append(Batched { rows, rejected, reason, on_visible })
    }

    fn trace(&self, id: TraceId, context: &QueryContext) -> Result<Vec<Span>, QueryError> {
        let ids = [id.as_bytes().to_vec()];
        let mut traces = self.records.query(|snapshot| traces(snapshot, &ids, context))?;
        Ok(traces.pop().unwrap_or_default())
    }

    fn search(
        &self,
        search: &TraceSearch,
        context: &QueryContext,
    ) -> Result<Vec<Vec<Span>>, QueryError> {
        let max = context.limits.records;
        if search.limit > max {
            let message = format!("{} traces are more than {max} at once", search.limit);
            return Err(QueryError::TooExpensive(message));
        }
        let condition = search::condition(search);
        let scan = Scan { range: search.range, condition: &condition, cancel: &context.cancel };
        self.records.query(|snapshot| {
            let ids = snapshot.latest_ids(scan, TRACE_ID, search.limit)?;
            traces(snapshot, &ids, context)
        })
    }

    fn services(
        &self,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        let services = self.combinations(range, context)?.map(|[service, _, _]| service);
        let mut services: Vec<String> = services.filter(|service| !service.is_empty()).collect();
        services.dedup();
        Ok(services)
    }

    fn operations(
        &self,
        service: &str,
        range: TimeRange,
        context: &QueryContext,
    ) -> Result<Vec<Operation>, QueryError> {
        let all = self.combinations(range, context)?;
        let of_service = all.filter(|[of, _, _]| of == service);
        let mut operations: Vec<Operation> =
            of_service.map(|[_, name, kind]| Operation::new(&name, kind_of_name(&kind))).collect();
        operations.sort();
        Ok(operations)
    }

    fn stats(&self) -> StoreStats {
        self.records.stats()
    }
}

/// The traces of these identifiers in the same order, each with all its spans in order of their
/// start; of spans that arrived twice the first.
fn traces(
    snapshot: &Snapshot<'_>,
    ids: &[Vec<u8>],
    context: &QueryContext,
) -> Result<Vec<Vec<Span>>, ScanError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let condition = Condition::field("trace_id", CellTest::id_in(ids.iter().cloned()));
    let range = TimeRange::ALL;
    let scan = Scan { range, condition: &condition, cancel: &context.cancel };
    let arrived =
        |chunk: &Chunk, row: usize| Some((chunk.sequences()[row], span::read(chunk, row)?));
    let spans = snapshot.collect(scan, context.limits.records, &arrived)?;
    let mut spans: Vec<(i64, Span)> = spans.into_iter().flatten().collect();
    spans.sort_by_key(|(sequence, span)| (span.start_ns, span.span_id, *sequence));
    let mut traces: BTreeMap<TraceId, Vec<Span>> = BTreeMap::new();
    let mut seen: HashSet<(TraceId, SpanId, SpanKind, i64)> = HashSet::new();
    let mut shared = Shared::default();
    for (_, mut span) in spans {
        if seen.insert((span.trace_id, span.span_id, span.kind, span.start_ns)) {
            shared.share(&mut span);
            traces.entry(span.trace_id).or_default().push(span);
        }
    }
    let trace = |id: &Vec<u8>| traces.remove(&TraceId::from_slice(id)?);
    Ok(ids.iter().filter_map(trace).collect())
}

/// Resources and scopes that several spans have, so that they occupy memory once.
#[derive(Default)]
struct Shared {
    /// By the service or library, of which the others are variations.
    resources: HashMap<String, Vec<Arc<Resource>>>,
    scopes: HashMap<String, Vec<Arc<Scope>>>,
}

impl Shared {
    fn share(&mut self, span: &mut Span) {
        let resources = self.resources.entry(span.resource.service().to_owned()).or_default();
        share(resources, &mut span.resource);
        share(self.scopes.entry(span.scope.name.clone()).or_default(), &mut span.scope);
    }
}

/// Instances beyond this many are not compared any more.
const INSTANCES_MAX: usize = 16;

fn share<T: PartialEq>(known: &mut Vec<Arc<T>>, own: &mut Arc<T>) {
    match known.iter().find(|other| ***other == **own) {
        Some(same) => *own = same.clone(),
        None if known.len() < INSTANCES_MAX => known.push(own.clone()),
        None => {}
    }
}

#[cfg(test)]
mod tests;
