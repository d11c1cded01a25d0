//! The store against the naive one, against faults, and against damage.

use std::path::Path;

use env::{Simulation, Survival};
use model::Value;
use storage::{Catalog, DiskGuard, MaintenancePolicy, MergePolicy, Reserve, Retention, maintain};
use store::MemStore;
use testkit::Rng;
use testkit::records::{span, trace_id, trace_search};

use super::*;

/// 2026-08-22T10:00:00Z
const NOW_NS: i64 = 1_787_392_800_000_000_000;
const HOUR_NS: i64 = 3_600_000_000_000;

/// A simulated machine and the store on it.
struct World {
    simulation: Simulation,
    catalog: Arc<Catalog>,
    store: Option<Arc<DiskTraceStore>>,
}

impl World {
    fn new(seed: u64) -> Self {
        let simulation = Simulation::seeded(seed);
        simulation.clock.set_ms(NOW_NS / 1_000_000);
        let catalog = Arc::new(Catalog::in_memory(&simulation.env(), Path::new("/data")));
        let mut world = World { simulation, catalog, store: None };
        world.open();
        world
    }

    fn open(&mut self) {
        let env = self.simulation.env();
        let data_dir = Path::new("/data");
        let disk = Arc::new(DiskGuard::new(&env, data_dir, Reserve::Bytes(0)));
        let dir = StoreDir::open(&env, data_dir, "traces", self.catalog.clone(), disk).unwrap();
        let records = RecordStoreOptions::default();
        self.store = Some(DiskTraceStore::open(&TraceStoreOptions { dir, records }).unwrap());
    }

    fn store(&self) -> &DiskTraceStore {
        self.store.as_ref().unwrap()
    }

    fn crash(&mut self, survival: Survival) {
        self.store = None;
        self.simulation.fs.crash(survival);
        self.simulation.fs.clear_faults();
        self.open();
    }

    fn append(&self, spans: Vec<Span>) -> Result<store::Appended, AppendError> {
        self.store().append(SpanBatch { spans })?.wait()
    }

    fn flush(&self) {
        self.store().maintained().flush().unwrap();
    }

    fn merge(&self) {
        let merge = MergePolicy { parts_min: 2, ..MergePolicy::default() };
        let retention = Retention::default();
        let policy = MaintenancePolicy { merge, retention, ..MaintenancePolicy::default() };
        while maintain(self.store().maintained(), &policy, &self.simulation.env()).unwrap() {}
    }
}

/// Both stores, given the same.
struct Pair {
    world: World,
    mem: MemStore,
    rng: Rng,
    sent: Vec<Span>,
}

impl Pair {
    fn append(&mut self) {
        let spread_ns = *self.rng.pick(&[HOUR_NS / 60, HOUR_NS, 60 * HOUR_NS]);
        let count = *self.rng.pick(&[0, 1, 5, 40]);
        let mut spans: Vec<Span> = (0..count).map(|_| span(&self.rng, NOW_NS, spread_ns)).collect();
        // Senders repeat themselves, within a batch and later.
        for _ in 0..self.rng.below(3) {
            if !self.sent.is_empty() {
                spans.push(self.rng.pick(&self.sent).clone());
            }
        }
        self.sent.extend(spans.iter().cloned());
        let mem = self.mem.append(SpanBatch { spans: spans.clone() }).unwrap().wait();
        assert_eq!(self.world.append(spans), mem);
    }

    fn compare(&self) {
        let context = QueryContext::default();
        let store = self.world.store();
        let id = trace_id(self.rng.below(60));
        let trace = |store: &dyn TraceStore| store.trace(id, &context).unwrap();
        assert_eq!(format!("{:?}", trace(store)), format!("{:?}", trace(&self.mem)));
        let search = trace_search(&self.rng, NOW_NS, 60 * HOUR_NS);
        let found = |store: &dyn TraceStore| store.search(&search, &context).unwrap();
        let (here, there) = (found(store), found(&self.mem));
        assert_eq!(format!("{here:?}"), format!("{there:?}"), "{search:?}");
        let range = search.range;
        let services = |store: &dyn TraceStore| store.services(range, &context).unwrap();
        assert_eq!(services(store), services(&self.mem), "{range:?}");
        for service in ["api", "", "none"] {
            let names = |store: &dyn TraceStore| store.operations(service, range, &context);
            assert_eq!(names(store), names(&self.mem), "{service} in {range:?}");
        }
    }
}

#[test]
fn the_store_answers_as_the_naive_one() {
    for seed in 0..20 {
        let world = World::new(seed);
        let (mem, rng) = (MemStore::new(), Rng::seeded(seed));
        let mut pair = Pair { world, mem, rng, sent: Vec::new() };
        for _ in 0..24 {
            match pair.rng.below(10) {
                0..=3 => pair.append(),
                4 => pair.world.flush(),
                5 => pair.world.merge(),
                6 => pair.world.crash(*pair.rng.pick(&[Survival::Synced, Survival::All])),
                _ => pair.compare(),
            }
        }
    }
}

fn count(world: &World, id: usize) -> usize {
    world.store().trace(trace_id(id), &QueryContext::default()).unwrap().len()
}

#[test]
fn repetitions_go_when_parts_are_written_and_merged() {
    let world = World::new(1);
    let rng = Rng::seeded(7);
    let mut spans: Vec<Span> = (0..40).map(|_| span(&rng, NOW_NS, HOUR_NS)).collect();
    spans.iter_mut().for_each(|span| span.trace_id = trace_id(1));
    for turn in 1..=3 {
        world.append(spans.clone()).unwrap();
        world.append(spans.clone()).unwrap();
        assert_eq!(count(&world, 1), 40);
        world.flush();
        assert_eq!(world.store().stats().part_rows, 40 * turn);
        assert_eq!(count(&world, 1), 40);
    }
    world.merge();
    let stats = world.store().stats();
    assert_eq!((stats.part_rows, stats.parts), (40, 1));
    assert_eq!(count(&world, 1), 40);
}

/// Power is lost at every operation in turn: acknowledged spans are all there, none twice.
#[test]
fn power_lost_at_any_operation() {
    let rng = Rng::seeded(3);
    let mut spans: Vec<Span> = (0..20).map(|_| span(&rng, NOW_NS, 30 * HOUR_NS)).collect();
    spans.iter_mut().for_each(|span| span.trace_id = trace_id(2));
    let run = |world: &World| {
        let mut acknowledged = 0;
        for part in spans.chunks(5) {
            // A client sends again what was not acknowledged.
            for _ in 0..2 {
                if world.append(part.to_vec()).is_ok() {
                    acknowledged += part.len();
                    break;
                }
            }
            let _fails_sometimes = world.store().maintained().flush();
        }
        acknowledged
    };
    let world = World::new(1);
    let before = world.simulation.fs.operations();
    run(&world);
    let operations = world.simulation.fs.operations() - before;
    for nth in 1..=operations {
        let mut world = World::new(1);
        world.simulation.fs.power_off_at(nth);
        let acknowledged = run(&world);
        world.crash(if nth % 2 == 0 { Survival::Synced } else { Survival::Chance });
        let found = count(&world, 2);
        assert!((acknowledged..=20).contains(&found), "{found} of {acknowledged}, lost at {nth}");
        world.append(spans.clone()).unwrap();
        world.flush();
        world.merge();
        assert_eq!(count(&world, 2), 20, "power lost at {nth}");
    }
}

#[test]
fn a_damaged_part_is_put_aside() {
    let mut world = World::new(1);
    let rng = Rng::seeded(9);
    for id in 0..3 {
        let mut spans: Vec<Span> = (0..9).map(|_| span(&rng, NOW_NS, HOUR_NS / 2)).collect();
        spans.iter_mut().for_each(|span| span.trace_id = trace_id(id));
        world.append(spans).unwrap();
        world.flush();
    }
    let part = world.store().maintained().parts()[0].clone();
    world.store().stop();
    world.store = None;
    world.open();
    let path = Path::new("/data/traces").join(&part.file);
    world.simulation.fs.tamper(&path, |bytes| bytes[100] ^= 1);
    assert_eq!([0, 1, 2].map(|id| count(&world, id)), [0, 9, 9]);
    let stats = world.store().stats();
    assert_eq!((stats.parts, stats.quarantined.len()), (2, 1));
}

#[test]
fn limits_are_kept() {
    let world = World::new(1);
    let rng = Rng::seeded(5);
    let deep = (0..200).fold(Value::Int(1), |value, _| Value::Array(vec![value]));
    let mut spans: Vec<Span> = (0..20).map(|_| span(&rng, NOW_NS, HOUR_NS)).collect();
    spans.iter_mut().for_each(|span| span.trace_id = trace_id(1));
    spans[3].attributes.push(("deep".to_owned(), deep));
    spans[5].name = "n".repeat(span::MAX_SPAN_BYTES);
    let appended = world.append(spans).unwrap();
    assert_eq!((appended.accepted, appended.rejected), (18, 2));
    let limits = store::QueryLimits { records: 17, ..store::QueryLimits::default() };
    let context = QueryContext { limits, ..QueryContext::default() };
    let error = world.store().trace(trace_id(1), &context).unwrap_err();
    assert_eq!(error, QueryError::TooExpensive("the answer has more than 17 spans".into()));
    let search = TraceSearch { limit: 18, ..trace_search(&Rng::seeded(1), NOW_NS, HOUR_NS) };
    assert!(matches!(world.store().search(&search, &context), Err(QueryError::TooExpensive(_))));
}
