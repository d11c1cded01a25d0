//! The contract of [`LogStore`], answered from columns.

use std::sync::Arc;

use model::LogBatch;
use records::{
    Admission, Batched, ChunkBuilder, Condition, OnVisible, RecordStore, RecordStoreOptions, Scan,
    Take,
};
use storage::{Maintained, OpenError, ReplayReport, StoreDir};
use store::{
    AppendError, Commit, Cursor, FieldSummary, FieldsQuery, Found, Histogram, HistogramQuery,
    LogSearch, LogStore, Page, QueryContext, QueryError, StoreStats, ValueCount, ValuesQuery,
};
use tokio::sync::broadcast;

use crate::record::{self, LOGS};

/// Batches that a subscriber may be behind before it misses some.
const FEED_BATCHES: usize = 64;

/// Where a log store lies and how it behaves.
#[derive(Clone)]
pub struct LogStoreOptions {
    /// Its directory and the world around it.
    pub dir: Arc<StoreDir>,
    /// Its log, flushing, merging and retention.
    pub records: RecordStoreOptions,
}

/// Log records on disk.
///
/// Fields come back sorted by name. Of two fields of one name in one record both are kept.
pub struct DiskLogStore {
    records: Arc<RecordStore>,
    feed: broadcast::Sender<Arc<Vec<Found>>>,
}

impl DiskLogStore {
    /// Opens a store, and replays what is in its log only.
    ///
    /// # Errors
    /// When a newer program wrote it, or the disk fails.
    pub fn open(options: &LogStoreOptions) -> Result<Arc<Self>, OpenError> {
        let records = RecordStore::open(&LOGS, &options.dir, options.records)?;
        Ok(Arc::new(DiskLogStore { records, feed: broadcast::channel(FEED_BATCHES).0 }))
    }

    /// Takes no more records, writes all there are into parts, syncs, and stops.
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
}

impl LogStore for DiskLogStore {
    fn append(&self, mut batch: LogBatch) -> Result<Commit, AppendError> {
        let mut admission = Admission::default();
        batch.records.retain(|record| admission.admits(record.time_ns, record::refusal(record)));
        let mut rows = ChunkBuilder::new(&LOGS, batch.records.len());
        for record in &batch.records {
            record::write(record, &mut rows);
            admission.check(&rows)?;
        }
        let (rejected, reason) = admission.finish();
        let feed = self.feed.clone();
        let on_visible: OnVisible = Box::new(move |chunk| {
            if feed.receiver_count() > 0 {
                let found = batch.records.into_iter().zip(chunk.sequences());
                let found = found.map(|(record, sequence)| {
                    let sequence = sequence.cast_unsigned();
                    Found { cursor: Cursor { time_ns: record.time_ns, sequence }, record }
                });
                let _the_last_one_went_away = feed.send(Arc::new(found.collect()));
            }
        });
        self.records.append(Batched { rows, rejected, reason, on_visible })
    }

    fn search(&self, search: &LogSearch, context: &QueryContext) -> Result<Page, QueryError> {
        let max = context.limits.records;
        if search.limit > max {
            let message = format!("{} records are more than {max} at once", search.limit);
            return Err(QueryError::TooExpensive(message));
        }
        let condition = Condition::from(&search.filter);
        let scan = Scan { range: search.range, condition: &condition, cancel: &context.cancel };
        // One more than wanted tells whether there are more.
        let limit = search.limit.saturating_add(1);
        let take = Take { order: search.order, after: search.after, limit };
        let mut records =
            self.records.query(|snapshot| snapshot.take(scan, take, &record::read))?;
        let more = records.len() > search.limit;
        records.truncate(search.limit);
        let found = |(cursor, record)| Found { cursor, record };
        Ok(Page { records: records.into_iter().map(found).collect(), more })
    }

    fn histogram(
        &self,
        query: &HistogramQuery,
        context: &QueryContext,
    ) -> Result<Histogram, QueryError> {
        let condition = Condition::from(&query.filter);
        self.records.query(|snapshot| snapshot.histogram(query, &condition, context))
    }

    fn fields(
        &self,
        query: &FieldsQuery,
        context: &QueryContext,
    ) -> Result<Vec<FieldSummary>, QueryError> {
        let condition = Condition::from(&query.filter);
        let scan = Scan { range: query.range, condition: &condition, cancel: &context.cancel };
        self.records.query(|snapshot| snapshot.fields(scan, context))
    }

    fn values(
        &self,
        query: &ValuesQuery,
        context: &QueryContext,
    ) -> Result<Vec<ValueCount>, QueryError> {
        let condition = Condition::from(&query.filter);
        let scan = Scan { range: query.range, condition: &condition, cancel: &context.cancel };
        self.records.query(|snapshot| snapshot.values(scan, &query.field, query.limit, context))
    }

    fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Found>>> {
        self.feed.subscribe()
    }

    fn stats(&self) -> StoreStats {
        self.records.stats()
    }
}

#[cfg(test)]
mod tests;
