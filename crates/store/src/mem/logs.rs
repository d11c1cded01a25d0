//! Log records in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{LogBatch, LogRecord, TimeRange, Value};
use tokio::sync::broadcast;

use super::MemStore;
use crate::{
    AppendError, Appended, Bucket, Commit, Cursor, FieldKind, FieldSummary, FieldsQuery, Filter,
    Found, Histogram, HistogramQuery, LogSearch, LogStore, Order, Page, QueryContext, QueryError,
    StoreStats, ValueCount, ValuesQuery,
};

impl MemStore {
    /// Calls `each` with every record that passes.
    fn scan(
        &self,
        range: TimeRange,
        filter: &Filter,
        context: &QueryContext,
        mut each: impl FnMut(&Found),
    ) -> Result<(), QueryError> {
        for found in self.logs.lock().iter() {
            context.cancel.check()?;
            if range.contains(found.record.time_ns) && filter.matches(&found.record) {
                each(found);
            }
        }
        Ok(())
    }
}

/// The values a field has in a record, elements of arrays apart, as text.
fn texts(record: &LogRecord, field: &str) -> Vec<String> {
    match record.get(field).as_deref() {
        None => Vec::new(),
        Some(Value::Array(elements)) => {
            elements.iter().map(|element| element.to_text().into_owned()).collect()
        }
        Some(value) => vec![value.to_text().into_owned()],
    }
}

fn kind(name: &str, value: &Value) -> FieldKind {
    match value {
        _ if name == "timestamp" => FieldKind::Time,
        Value::Int(_) | Value::Float(_) => FieldKind::Number,
        Value::Bool(_) => FieldKind::Bool,
        Value::Array(elements) => {
            let mut kinds = elements.iter().map(|element| kind(name, element));
            let first = kinds.next().unwrap_or(FieldKind::Mixed);
            if kinds.all(|other| other == first) { first } else { FieldKind::Mixed }
        }
        _ => FieldKind::Text,
    }
}

impl LogStore for MemStore {
    fn append(&self, batch: LogBatch) -> Result<Commit, AppendError> {
        let mut logs = self.logs.lock();
        let accepted = batch.records.len() as u64;
        let first = logs.len() as u64;
        let found = |(sequence, record): (u64, LogRecord)| Found {
            cursor: Cursor { time_ns: record.time_ns, sequence },
            record,
        };
        let new: Arc<Vec<Found>> = Arc::new((first..).zip(batch.records).map(found).collect());
        logs.extend(new.iter().cloned());
        let _nobody_listens = self.log_feed.send(new);
        Ok(Commit::ready(Ok(Appended { accepted, ..Appended::default() })))
    }

    fn search(&self, search: &LogSearch, context: &QueryContext) -> Result<Page, QueryError> {
        let mut records = Vec::new();
        let behind = |cursor: Cursor| match (search.after, search.order) {
            (None, _) => true,
            (Some(after), Order::Newest) => cursor < after,
            (Some(after), Order::Oldest) => cursor > after,
        };
        self.scan(search.range, &search.filter, context, |found| {
            if behind(found.cursor) {
                records.push(found.clone());
            }
        })?;
        match search.order {
            Order::Newest => records.sort_by_key(|found| Reverse(found.cursor)),
            Order::Oldest => records.sort_by_key(|found| found.cursor),
        }
        let more = records.len() > search.limit;
        records.truncate(search.limit);
        Ok(Page { records, more })
    }

    fn histogram(
        &self,
        query: &HistogramQuery,
        context: &QueryContext,
    ) -> Result<Histogram, QueryError> {
        if query.interval_ns <= 0 {
            return Err(QueryError::Invalid("the interval must be positive".into()));
        }
        let mut buckets: BTreeMap<i64, BTreeMap<String, u64>> = BTreeMap::new();
        let mut total = 0;
        self.scan(query.range, &query.filter, context, |found| {
            let time_ns = found.record.time_ns;
            let start_ns = time_ns - time_ns.rem_euclid(query.interval_ns);
            let value = match &query.by {
                None => String::new(),
                Some(field) => texts(&found.record, field).into_iter().next().unwrap_or_default(),
            };
            *buckets.entry(start_ns).or_default().entry(value).or_default() += 1;
            total += 1;
        })?;
        let buckets = buckets
            .into_iter()
            .map(|(start_ns, counts)| Bucket { start_ns, counts: counts.into_iter().collect() })
            .collect();
        Ok(Histogram { buckets, total })
    }

    fn fields(
        &self,
        query: &FieldsQuery,
        context: &QueryContext,
    ) -> Result<Vec<FieldSummary>, QueryError> {
        let mut fields: BTreeMap<String, (FieldKind, u64)> = BTreeMap::new();
        self.scan(query.range, &query.filter, context, |found| {
            for (name, value) in found.record.iter() {
                let kind = kind(name, &value);
                let entry = fields.entry(name.to_owned()).or_insert((kind, 0));
                entry.1 += 1;
                if entry.0 != kind {
                    entry.0 = FieldKind::Mixed;
                }
            }
        })?;
        let summary = |(name, (kind, count))| FieldSummary { name, kind, count };
        Ok(fields.into_iter().map(summary).collect())
    }

    fn values(
        &self,
        query: &ValuesQuery,
        context: &QueryContext,
    ) -> Result<Vec<ValueCount>, QueryError> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        self.scan(query.range, &query.filter, context, |found| {
            for text in texts(&found.record, &query.field) {
                *counts.entry(text).or_default() += 1;
            }
        })?;
        let value_count = |(value, count)| ValueCount { value, count };
        let mut values: Vec<_> = counts.into_iter().map(value_count).collect();
        values.sort_by_key(|value| Reverse(value.count));
        values.truncate(query.limit);
        Ok(values)
    }

    fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Found>>> {
        self.log_feed.subscribe()
    }

    fn stats(&self) -> StoreStats {
        StoreStats { head_rows: self.logs.lock().len() as u64, ..StoreStats::default() }
    }
}
