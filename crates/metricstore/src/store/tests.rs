//! The store against the reference, faults, damage and the incidents others had.

mod damage;
mod faults;
mod incidents;
mod reference;

use std::collections::BTreeMap;
use std::path::Path;

use env::{Simulation, Survival};
use model::{Exemplar, Labels, MatchOp, Matcher, Metadata, Sample};
use storage::{Durability, Reserve, maintain};
use store::{Cancel, CancelReason, MetricStore, QueryContext, QueryError, QueryLimits, Select};

use super::*;

/// A disk, a catalog that outlives crashes, and how the store is opened on them.
#[derive(Clone)]
struct World {
    sim: Simulation,
    catalog: Arc<Catalog>,
    reserve: Reserve,
}

const DATA_DIR: &str = "/data";

impl World {
    fn new(seed: u64) -> Self {
        let sim = Simulation::seeded(seed);
        let catalog = Arc::new(Catalog::in_memory(&sim.env(), Path::new(DATA_DIR)));
        World { sim, catalog, reserve: Reserve::Bytes(0) }
    }

    /// The same disk and catalog as they are, to be damaged apart.
    fn fork(&self) -> Self {
        let sim = Simulation { fs: Arc::new(self.sim.fs.fork()), ..self.sim.clone() };
        let copy = self.catalog.copy_in_memory("metrics", &sim.env(), Path::new(DATA_DIR));
        World { sim, catalog: Arc::new(copy), reserve: self.reserve }
    }

    /// The same disk with an empty catalog.
    fn without_catalog(self) -> Self {
        let catalog = Catalog::in_memory(&self.sim.env(), Path::new(DATA_DIR));
        World { catalog: Arc::new(catalog), ..self }
    }

    fn options(&self) -> MetricStoreOptions {
        let (env, root) = (self.sim.env(), Path::new(DATA_DIR));
        let disk = Arc::new(DiskGuard::new(&env, root, self.reserve));
        let wal = WalOptions { segment_bytes: 500, ..WalOptions::default() };
        let defaults = MetricStoreOptions::new(env, root.into(), self.catalog.clone(), disk);
        MetricStoreOptions { wal, background: false, ..defaults }
    }

    fn try_open(&self) -> Result<Arc<DiskMetricStore>, OpenError> {
        DiskMetricStore::open(self.options())
    }

    fn open(&self) -> Arc<DiskMetricStore> {
        self.try_open().unwrap()
    }

    fn crash(&self, survival: Survival) {
        self.sim.fs.crash(survival);
    }

    /// Merges what can be merged, two parts being enough.
    fn merge(&self, store: &DiskMetricStore) -> io::Result<()> {
        let policy = MaintenancePolicy {
            flush_bytes: u64::MAX,
            flush_age: Duration::MAX,
            merge: MergePolicy { parts_min: 2, bytes_max: 1 << 30 },
            ..MaintenancePolicy::default()
        };
        while maintain(store, &policy, &self.sim.env())? {}
        Ok(())
    }
}

fn set(name: &str) -> Labels {
    Labels::from_pairs([("__name__", name), ("job", "test")])
}

fn batch(samples: &[(&str, i64, f64)]) -> MetricBatch {
    let mut batch = MetricBatch::default();
    samples.iter().for_each(|(name, t_ms, value)| batch.push(set(name), *t_ms, *value));
    batch
}

fn append(store: &DiskMetricStore, batch: MetricBatch) -> Result<Appended, AppendError> {
    store.append(batch)?.wait()
}

fn all() -> Select {
    Select { matchers: Vec::new(), start_ms: i64::MIN, end_ms: i64::MAX }
}

/// Everything in a store: by name and time.
fn content(store: &DiskMetricStore) -> BTreeMap<(String, i64), u64> {
    let series = store.select(&all(), &QueryContext::default()).unwrap();
    let samples = series.into_iter().flat_map(|series| {
        let name = series.labels.metric_name().to_owned();
        series.samples.into_iter().map(move |s| ((name.clone(), s.t_ms), s.value.to_bits()))
    });
    samples.collect()
}

const DAY_MS: i64 = 86_400_000;

#[test]
fn samples_are_found_wherever_they_lie() {
    let world = World::new(1);
    let store = world.open();
    append(&store, batch(&[("a", 10, 1.0), ("b", DAY_MS, 2.0)])).unwrap();
    store.flush().unwrap();
    append(&store, batch(&[("a", 20, 3.0), ("a", 10, 9.0)])).unwrap();
    store.flush().unwrap();
    world.merge(&store).unwrap();
    append(&store, batch(&[("a", 30, 4.0), ("a", 20, 9.0)])).unwrap();
    let found = store.select(&all(), &QueryContext::default()).unwrap();
    let sample = |t_ms, value| Sample { t_ms, value };
    let a = vec![sample(10, 1.0), sample(20, 3.0), sample(30, 4.0)];
    let expected = [
        store::Series { labels: set("a"), samples: a, ..Default::default() },
        store::Series {
            labels: set("b"),
            samples: vec![sample(DAY_MS, 2.0)],
            ..Default::default()
        },
    ];
    assert_eq!(found, expected, "of one instant the first stays");
    let stats = store.stats();
    assert_eq!((stats.parts, stats.part_rows, stats.head_rows, stats.series), (2, 3, 2, 1));
    assert_eq!((stats.oldest_ns, stats.newest_ns), (Some(10_000_000), Some(DAY_MS * 1_000_000)));
    assert!(stats.wal_bytes > 0 && stats.part_bytes > 0 && stats.head_bytes > 0);
}

#[test]
fn stopping_leaves_nothing_to_replay() {
    let world = World::new(1);
    let store = world.open();
    append(&store, batch(&[("a", 10, 1.0)])).unwrap();
    store.stop();
    assert_eq!(append(&store, batch(&[("a", 20, 1.0)])), Err(AppendError::Stopping));
    assert_eq!(store.stats().wal_bytes, 0);
    assert_eq!(content(&store).len(), 1, "queries are answered still");
    world.crash(Survival::Synced);
    let store = world.open();
    assert_eq!(store.stats().head_rows, 0);
    assert_eq!(content(&store).len(), 1);
}

#[test]
fn metadata_outlives_the_parts_it_came_in() {
    let world = World::new(1);
    let store = world.open();
    let metadata = |help: &str| Metadata { help: help.to_owned(), ..Metadata::default() };
    let mut first = batch(&[("a", 0, 1.0)]);
    first.metadata = vec![("a".to_owned(), metadata("old")), ("b".to_owned(), metadata("b"))];
    append(&store, first).unwrap();
    store.flush().unwrap();
    let metadata_only = vec![("a".to_owned(), metadata("new"))];
    append(&store, MetricBatch { metadata: metadata_only, ..MetricBatch::default() }).unwrap();
    store.flush().unwrap();
    append(&store, batch(&[("a", 9 * DAY_MS, 1.0)])).unwrap();
    store.flush().unwrap();
    let oldest = store.parts()[0].clone();
    store.expire(&[oldest]).unwrap();
    world.crash(Survival::Synced);
    let store = world.open();
    let expected = [("a".to_owned(), metadata("new")), ("b".to_owned(), metadata("b"))];
    assert_eq!(store.metadata(), expected);
}

#[test]
fn a_query_has_limits_and_can_be_stopped() {
    let world = World::new(1);
    let store = world.open();
    append(&store, batch(&[("a", 1, 1.0), ("a", 2, 1.0), ("b", 1, 1.0)])).unwrap();
    store.flush().unwrap();
    append(&store, batch(&[("a", 3, 1.0), ("b", 2, 1.0)])).unwrap();
    let limited = |samples, series| {
        let limits = QueryLimits { samples, series, ..QueryLimits::default() };
        store.select(&all(), &QueryContext { limits, ..QueryContext::default() }).map(|s| s.len())
    };
    let too_many =
        |what: &str| Err(QueryError::TooExpensive(format!("the query selects more than {what}")));
    assert_eq!(limited(5, 2), Ok(2));
    assert_eq!(limited(4, 2), too_many("4 samples"));
    assert_eq!(limited(5, 1), too_many("1 series"));
    let cancel = Cancel::default();
    cancel.cancel(CancelReason::Timeout);
    let context = QueryContext { cancel, ..QueryContext::default() };
    assert_eq!(store.select(&all(), &context), Err(QueryError::Timeout));
    assert_eq!(store.series(&all(), &context), Err(QueryError::Timeout));
    assert_eq!(store.label_names(&all(), &context), Err(QueryError::Timeout));
    assert_eq!(store.label_values("job", &all(), &context), Err(QueryError::Timeout));
}

#[test]
fn what_can_never_be_stored_is_refused_by_itself() {
    let world = World::new(1);
    let store = world.open();
    let mut mixed = batch(&[("a", 1, 1.0)]);
    mixed.push(Labels::from_pairs([("long", "x".repeat(70_000))]), 1, 1.0);
    let appended = append(&store, mixed).unwrap();
    assert_eq!((appended.accepted, appended.rejected), (1, 1));
    assert!(appended.reason.unwrap().contains("more than 65536"));
    assert_eq!(append(&store, MetricBatch::default()), Ok(Appended::default()));
    assert_eq!(content(&store).len(), 1);
}

#[test]
fn a_head_that_is_not_flushed_in_time_refuses_more() {
    let world = World::new(1);
    let options = MetricStoreOptions { flush_bytes: 1000, ..world.options() };
    let store = DiskMetricStore::open(options).unwrap();
    let refused = (0..1000).find_map(|t_ms| append(&store, batch(&[("a", t_ms, 1.0)])).err());
    assert!(matches!(refused, Some(AppendError::Overloaded { .. })), "{refused:?}");
    store.flush().unwrap();
    append(&store, batch(&[("a", 1000, 1.0)])).unwrap();
}

#[test]
fn a_head_of_too_many_days_is_flushed_first() {
    let world = World::new(1);
    let store = world.open();
    let days = |from: i64| {
        let samples: Vec<_> = (from..from + 600).map(|day| ("a", day * DAY_MS, 1.0)).collect();
        append(&store, batch(&samples))
    };
    days(0).unwrap();
    days(600).unwrap();
    assert!(matches!(days(1200), Err(AppendError::Overloaded { .. })));
    maintain(&*store, &MaintenancePolicy::default(), &world.sim.env()).unwrap();
    assert_eq!((store.stats().head_rows, store.stats().parts), (0, 1200));
    days(1200).unwrap();
}

#[test]
fn replaying_a_long_log_makes_parts_on_the_way() {
    let world = World::new(1);
    let store = world.open();
    for t_ms in 0..100 {
        append(&store, batch(&[("a", t_ms, 1.0)])).unwrap();
    }
    drop(store);
    let options = MetricStoreOptions { flush_bytes: 800, ..world.options() };
    let store = DiskMetricStore::open(options).unwrap();
    let stats = store.stats();
    assert!(stats.parts > 2 && stats.head_bytes < 2000, "{stats:?}");
    assert_eq!(content(&store).len(), 100);
    world.crash(Survival::Synced);
    assert_eq!(content(&world.open()).len(), 100);
}

#[test]
fn the_thread_flushes_merges_and_expires() {
    let world = World::new(1);
    let options = MetricStoreOptions {
        flush_bytes: 1,
        merge: MergePolicy { parts_min: 2, bytes_max: 1 << 30 },
        retention: Retention { age_ms: Some(5 * DAY_MS), bytes: None },
        background: true,
        ..world.options()
    };
    let store = DiskMetricStore::open(options).unwrap();
    let now_ms = world.sim.env().clock.now_ms();
    append(&store, batch(&[("old", now_ms - 9 * DAY_MS, 1.0)])).unwrap();
    let is_merged = || store.parts().iter().any(|part| part.level == 1);
    let has_old = || content(&store).keys().any(|(name, _)| name == "old");
    for t_ms in now_ms.. {
        if is_merged() && !has_old() {
            break;
        }
        // Two heads make two parts of a day, and those become one.
        if store.stats().head_rows == 0 {
            append(&store, batch(&[("new", t_ms, 1.0)])).unwrap();
        }
        std::thread::yield_now();
    }
    store.stop();
}

#[test]
fn a_batch_is_seen_whole_or_not_at_all() {
    let world = World::new(1);
    let store = world.open();
    let names = ["a", "b", "c", "d"];
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for t_ms in 0..300 {
                append(&store, batch(&names.map(|name| (name, t_ms, 1.0)))).unwrap();
            }
        });
        let writing = || !writer.is_finished();
        scope.spawn(|| {
            while content(&store).len() < 300 * names.len() {
                store.flush().unwrap();
                world.merge(&store).unwrap();
            }
        });
        while writing() {
            let found = store.select(&all(), &QueryContext::default()).unwrap();
            assert!(found.is_empty() || found.len() == names.len());
            for series in &found {
                assert_eq!(series.samples, found[0].samples);
                let expected: Vec<_> = (0..series.samples.len() as i64).collect();
                let times: Vec<_> = series.samples.iter().map(|sample| sample.t_ms).collect();
                assert_eq!(times, expected, "none twice, none missing");
            }
        }
    });
    assert_eq!(content(&store).len(), 300 * names.len());
}

#[test]
fn durability_can_be_chosen() {
    let world = World::new(1);
    let wal = WalOptions { durability: Durability::None, ..WalOptions::default() };
    let store = DiskMetricStore::open(MetricStoreOptions { wal, ..world.options() }).unwrap();
    append(&store, batch(&[("a", 1, 1.0)])).unwrap();
    world.crash(Survival::Synced);
    assert_eq!(content(&world.open()).len(), 0);
}
