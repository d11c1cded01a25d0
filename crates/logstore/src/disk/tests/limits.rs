//! What is bounded, and the values at the bounds.

use model::Value;
use records::MAX_FIELDS;
use store::{CancelReason, QueryLimits};

use super::*;
use crate::MAX_RECORD_BYTES;

/// What was appended comes back the same from the head, after a flush, a merge and a restart.
fn check_kept(records: &[LogRecord]) {
    let mut world = World::new(9);
    let expected: Vec<String> = {
        let mut sorted = records.to_vec();
        sorted.sort_by_key(|record| record.time_ns);
        sorted.iter().map(|record| format!("{record:?}")).collect()
    };
    let check = |world: &World, when: &str| {
        let found = world.all(Order::Oldest);
        let found: Vec<String> = found.iter().map(|f| format!("{:?}", f.record)).collect();
        assert!(found == expected, "{when}: {} records of {}", found.len(), expected.len());
    };
    let (first, second) = records.split_at(records.len() / 2);
    world.append(first.to_vec()).unwrap();
    world.flush();
    world.append(second.to_vec()).unwrap();
    check(&world, "in memory");
    world.crash(Survival::Synced);
    check(&world, "from the log");
    world.flush();
    check(&world, "in parts");
    world.maintain(Retention::default());
    world.restart();
    check(&world, "merged");
}

#[test]
fn ten_thousand_fields() {
    let record = |index: i64| LogRecord {
        fields: (0..500).map(|n| (format!("field{:05}", index * 500 + n), Value::Int(n))).collect(),
        ..record("wide", NOW_NS + index)
    };
    let wide: Vec<_> = (0..20).map(record).collect();
    check_kept(&wide);
    let world = World::new(1);
    world.append(wide).unwrap();
    world.flush();
    let context = QueryContext::default();
    let query = FieldsQuery { range: TimeRange::ALL, filter: Filter::All };
    let fields = world.store().fields(&query, &context).unwrap();
    assert_eq!(fields.len(), 10_001, "all of them are known, not only {MAX_FIELDS}");
    let is = |name: &str| Filter::field(name, store::Test::Is("499".into()));
    for name in ["field00499", "field09999"] {
        let search = LogSearch {
            range: TimeRange::ALL,
            filter: is(name),
            order: Order::Newest,
            after: None,
            limit: 5,
        };
        let found = world.store().search(&search, &context).unwrap();
        assert_eq!(found.records.len(), 1, "{name}");
    }
}

#[test]
fn large_values() {
    let large = |index: i64| LogRecord {
        message: "m".repeat(1 << 20),
        fields: vec![
            ("body".into(), Value::Str(format!("{index}").repeat(1 << 19))),
            ("raw".into(), Value::Bytes(vec![7; 1 << 18])),
        ],
        ..record("", NOW_NS + index)
    };
    check_kept(&(0..24).map(large).collect::<Vec<_>>());
}

#[test]
fn times_from_the_beginning_to_the_end() {
    let times = [i64::MIN, -1, 0, 1, 4_102_444_800_000_000_000, i64::MAX];
    check_kept(&times.map(|time_ns| record("when", time_ns)));
}

#[test]
fn what_cannot_be_stored_is_refused_alone() {
    let world = World::new(1);
    let deep = (0..200).fold(Value::Int(1), |value, _| Value::Array(vec![value]));
    let refused = LogRecord { fields: vec![("deep".into(), deep)], ..record("deep", NOW_NS) };
    let huge = record(&"x".repeat(MAX_RECORD_BYTES + 1), NOW_NS);
    let appended = world.append(vec![refused, record("good", NOW_NS), huge]).unwrap();
    assert_eq!((appended.accepted, appended.rejected), (1, 2));
    assert!(appended.reason.unwrap().contains("\"deep\" is nested"));
    assert_eq!(world.messages(), ["good"]);
    let nothing = world.append(vec![]).unwrap();
    assert_eq!(nothing, Appended::default());
}

#[test]
fn a_batch_of_too_many_days_or_bytes_is_cut_or_refused() {
    let world = World::new(1);
    let days = (0..1_003).map(|day| record("scattered", NOW_NS - day * 24 * HOUR_NS)).collect();
    let appended = world.append(days).unwrap();
    assert_eq!((appended.accepted, appended.rejected), (1_000, 3));
    let large = (0..9).map(|_| record(&"x".repeat(9 << 20), NOW_NS)).collect();
    let refused = world.append(large).unwrap_err();
    assert!(matches!(refused, AppendError::Invalid(_)), "{refused:?}");
    assert_eq!(world.all(Order::Newest).len(), 1_000);
}

#[test]
fn memory_is_bounded_while_nothing_can_be_flushed() {
    let mut world = World::new(1);
    world.store = None;
    let maintenance = MaintenancePolicy { flush_bytes: 50_000, ..MaintenancePolicy::default() };
    world.options = RecordStoreOptions { maintenance, ..RecordStoreOptions::default() };
    world.open().unwrap();
    let batch = || (0..100).map(|n| record("some text", NOW_NS + n)).collect::<Vec<_>>();
    let mut accepted = 0;
    let refused = loop {
        match world.append(batch()) {
            Ok(appended) => accepted += appended.accepted,
            Err(refused) => break refused,
        }
        assert!(accepted < 100_000, "nothing is refused");
    };
    assert!(matches!(refused, AppendError::Overloaded { .. }), "{refused:?}");
    let held = world.store().stats().head_bytes;
    assert!((200_000..300_000).contains(&held), "{held}");
    world.flush();
    assert!(world.append(batch()).is_ok());
    assert_eq!(world.store().stats().part_rows, accepted);
}

#[test]
fn an_answer_has_a_size() {
    let world = World::new(1);
    // Some in parts and some in the head, which could not hold them all.
    for flush in [true, true, true, false, false] {
        let large = (0..7).map(|_| record(&"x".repeat(8 << 20), NOW_NS)).collect();
        world.append(large).unwrap();
        if flush {
            world.flush();
        }
    }
    let search = |limit| LogSearch {
        range: TimeRange::ALL,
        filter: Filter::All,
        order: Order::Newest,
        after: None,
        limit,
    };
    let context = QueryContext::default();
    let found = |limit| world.store().search(&search(limit), &context);
    assert_eq!(found(20).unwrap().records.len(), 20);
    assert!(matches!(found(35), Err(QueryError::TooExpensive(_))));
}

#[test]
fn subscribers_hear_of_what_is_visible() {
    let world = World::new(1);
    let mut feed = world.store().subscribe();
    world.append(vec![record("one", NOW_NS)]).unwrap();
    assert_eq!(*feed.try_recv().unwrap(), world.all(Order::Newest));
    assert!(feed.try_recv().is_err());
}

#[test]
fn queries_stop_at_their_limits() {
    let world = World::new(1);
    let records = (0..50).map(|n| record(&format!("message {n}"), NOW_NS + n)).collect();
    world.append(records).unwrap();
    world.flush();
    let limits = QueryLimits { records: 10, values: 20, ..QueryLimits::default() };
    let context = QueryContext { limits, ..QueryContext::default() };
    let all = || (TimeRange::ALL, Filter::All);
    let ((range, filter), order) = (all(), Order::Newest);
    let search = |limit| LogSearch { range, filter: filter.clone(), order, after: None, limit };
    let too_expensive = |error| matches!(error, QueryError::TooExpensive(_));
    let store = world.store();
    assert!(too_expensive(store.search(&search(11), &context).unwrap_err()));
    assert!(store.search(&search(10), &context).unwrap().more);
    let values = ValuesQuery { range, filter: filter.clone(), field: "message".into(), limit: 5 };
    assert!(too_expensive(store.values(&values, &context).unwrap_err()));
    let by = Some("message".to_owned());
    let histogram = HistogramQuery { range, filter: filter.clone(), interval_ns: 5, by };
    assert!(too_expensive(store.histogram(&histogram, &context).unwrap_err()));
    let never = HistogramQuery { interval_ns: 0, by: None, ..histogram };
    assert!(matches!(store.histogram(&never, &context), Err(QueryError::Invalid(_))));
    context.cancel.cancel(CancelReason::Timeout);
    assert_eq!(store.search(&search(1), &context), Err(QueryError::Timeout));
}

#[test]
fn retention_removes_the_oldest() {
    let world = World::new(1);
    for day in 0..4 {
        world.append(vec![record("old", NOW_NS - day * 24 * HOUR_NS)]).unwrap();
    }
    world.flush();
    assert_eq!(world.part_files().len(), 4);
    let days = |days: i64| Retention { age_ms: Some(days * 86_400_000), bytes: None };
    world.maintain(days(2));
    assert_eq!(world.messages().len(), 3);
    world.maintain(Retention { age_ms: None, bytes: Some(1) });
    assert_eq!((world.messages().len(), world.part_files().len()), (0, 0));
    let stats = world.store().stats();
    assert_eq!((stats.parts, stats.oldest_ns), (0, None));
}

#[test]
fn figures_add_up() {
    let mut world = World::new(1);
    world.append(vec![record("a", NOW_NS), record("b", NOW_NS - HOUR_NS)]).unwrap();
    world.flush();
    world.append(vec![record("c", NOW_NS + 1)]).unwrap();
    let check = |world: &World| {
        let stats = world.store().stats();
        assert_eq!((stats.head_rows, stats.part_rows, stats.parts), (1, 2, 1));
        assert!(stats.head_bytes > 0 && stats.wal_bytes > 0 && stats.part_bytes > 0);
        let range = (stats.oldest_ns, stats.newest_ns);
        assert_eq!(range, (Some(NOW_NS - HOUR_NS), Some(NOW_NS + 1)));
    };
    check(&world);
    world.crash(Survival::Synced);
    assert_eq!(world.store().replayed().records, 1);
    check(&world);
}
