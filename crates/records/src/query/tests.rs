//! Questions to parts of many row groups and pages, compared with the naive store.

use std::path::Path;

use env::Simulation;
use model::{LogBatch, LogRecord, TimeRange, TraceId};
use storage::{Catalog, DiskGuard, Maintained, Reserve, StoreDir};
use store::{
    Cursor, FieldsQuery, HistogramQuery, LogSearch, LogStore, MemStore, Order, QueryContext,
    ValuesQuery,
};
use testkit::Rng;
use testkit::records::{filter, log_record};

use super::*;
use crate::part::{GROUP_ROWS, PAGE_ROWS};
use crate::record_store::{Batched, RecordStoreOptions};
use crate::signal::tests::{EVENTS, MESSAGE, SERVICE, TRACE_ID};
use crate::{ChunkBuilder, Condition, Scan, TIME, Take};

const NOW_NS: i64 = 1_787_392_800_000_000_000;
const SPREAD_NS: i64 = 3_600_000_000_000;

fn open() -> Arc<RecordStore> {
    let env = Simulation::seeded(1).env();
    let data_dir = Path::new("/data");
    let catalog = Arc::new(Catalog::in_memory(&env, data_dir));
    let disk = Arc::new(DiskGuard::new(&env, data_dir, Reserve::Bytes(0)));
    let dir = StoreDir::open(&env, data_dir, "events", catalog, disk).unwrap();
    RecordStore::open(&EVENTS, &dir, RecordStoreOptions::default()).unwrap()
}

/// A record with only the columns that the test signal knows.
fn random_record(rng: &Rng) -> LogRecord {
    let mut record = log_record(rng, NOW_NS, SPREAD_NS);
    record.severity = model::Severity::UNKNOWN;
    (record.observed_ns, record.span_id, record.stream) = (0, None, String::new());
    record.fields.retain(|(name, _)| !["severity", "stream", "span_id"].contains(&name.as_str()));
    record
}

fn append(store: &RecordStore, records: &[LogRecord]) {
    let mut rows = ChunkBuilder::new(&EVENTS, records.len());
    for record in records {
        rows.int(TIME, record.time_ns);
        rows.text(MESSAGE, &record.message);
        rows.text(SERVICE, &record.service);
        if let Some(id) = record.trace_id {
            rows.id(TRACE_ID, id.as_bytes());
        }
        record.fields.iter().for_each(|(name, value)| rows.field(name, value));
        rows.end_row();
    }
    let (rejected, reason, on_visible) = (0, None, Box::new(|_: &Chunk| {}));
    store.append(Batched { rows, rejected, reason, on_visible }).unwrap().wait().unwrap();
}

fn read(chunk: &Chunk, row: usize) -> LogRecord {
    LogRecord {
        time_ns: chunk.times()[row],
        message: chunk.text(MESSAGE, row).to_owned(),
        service: chunk.text(SERVICE, row).to_owned(),
        trace_id: chunk.id(TRACE_ID, row).and_then(TraceId::from_slice),
        fields: chunk.fields(row),
        ..LogRecord::default()
    }
}

/// Two parts of several groups each, and something in memory; the same in the naive store.
fn filled(rng: &Rng) -> (Arc<RecordStore>, MemStore) {
    let (store, mem) = (open(), MemStore::new());
    for turn in 0..3 {
        for _ in 0..[9, 7, 1][turn] {
            let records: Vec<_> = (0..200).map(|_| random_record(rng)).collect();
            append(&store, &records);
            mem.append(LogBatch { records }).unwrap().wait().unwrap();
        }
        if turn < 2 {
            store.flush().unwrap();
        }
    }
    (store, mem)
}

fn random_range(rng: &Rng) -> TimeRange {
    let instant = || NOW_NS - (rng.bits() % SPREAD_NS.unsigned_abs()).cast_signed();
    let (one, other) = (instant(), instant());
    if rng.one_in(3) { TimeRange::ALL } else { TimeRange::new(one.min(other), one.max(other)) }
}

fn compare(store: &RecordStore, mem: &MemStore, rng: &Rng) {
    let context = QueryContext::default();
    let (range, filter) = (random_range(rng), filter(rng, 1));
    let condition = Condition::from(&filter);
    let scan = Scan { range, condition: &condition, cancel: &context.cancel };
    let order = *rng.pick(&[Order::Newest, Order::Oldest]);
    let limit = *rng.pick(&[1, 20, 500, 4_000]);
    let (mut after, mut mem_after): (Option<Cursor>, Option<Cursor>) = (None, None);
    for _ in 0..2 {
        let take = Take { order, after, limit };
        let found = store.query(|snapshot| snapshot.take(scan, take, &read)).unwrap();
        let search = LogSearch { range, filter: filter.clone(), order, after: mem_after, limit };
        let expected = mem.search(&search, &context).unwrap().records;
        let texts: Vec<_> = found.iter().map(|(_, record)| format!("{record:?}")).collect();
        let wanted: Vec<_> = expected.iter().map(|found| format!("{:?}", found.record)).collect();
        assert_eq!(texts, wanted, "{search:?}");
        after = found.last().map(|(cursor, _)| *cursor);
        mem_after = expected.last().map(|found| found.cursor);
    }
    let by = rng.one_in(2).then(|| "status".to_owned());
    let query = HistogramQuery { range, filter: filter.clone(), interval_ns: SPREAD_NS / 9, by };
    let found = store.query(|snapshot| snapshot.histogram(&query, &condition, &context));
    assert_eq!(found, mem.histogram(&query, &context), "{query:?}");
    let found = store.query(|snapshot| snapshot.fields(scan, &context));
    let query = FieldsQuery { range, filter: filter.clone() };
    assert_eq!(found, mem.fields(&query, &context), "{query:?}");
    let found = store.query(|snapshot| snapshot.values(scan, "a", 30, &context));
    let query = ValuesQuery { range, filter, field: "a".to_owned(), limit: 30 };
    assert_eq!(found, mem.values(&query, &context), "{query:?}");
}

#[test]
fn large_parts_answer_as_the_naive_store() {
    let rng = Rng::seeded(4);
    let (store, mem) = filled(&rng);
    assert!(store.parts().iter().all(|part| part.rows > GROUP_ROWS as u64 + PAGE_ROWS as u64));
    for turn in 0..40 {
        if turn == 20 {
            store.merge(&store.parts()).unwrap();
            assert_eq!(store.parts().len(), 1);
        }
        compare(&store, &mem, &rng);
    }
}

#[test]
fn the_latest_identifiers_come_first() {
    let rng = Rng::seeded(8);
    let (store, mem) = filled(&rng);
    let context = QueryContext::default();
    for _ in 0..30 {
        let (range, filter) = (random_range(&rng), filter(&rng, 1));
        let condition = Condition::from(&filter);
        let scan = Scan { range, condition: &condition, cancel: &context.cancel };
        let limit = rng.below(9);
        let found = store.query(|snapshot| snapshot.latest_ids(scan, TRACE_ID, limit)).unwrap();
        let order = Order::Newest;
        let search =
            LogSearch { range, filter: filter.clone(), order, after: None, limit: usize::MAX - 1 };
        let mut expected: Vec<Vec<u8>> = Vec::new();
        for record in mem.search(&search, &context).unwrap().records {
            let id = record.record.trace_id.map(|id| id.as_bytes().to_vec());
            expected.extend(id.filter(|id| !expected.contains(id)));
        }
        expected.truncate(limit);
        assert_eq!(found, expected, "{search:?}");
    }
}
