//! What is due when.

use std::sync::atomic::{AtomicU32, Ordering};

use env::Simulation;

use super::*;
use crate::part::testing::part;

/// Writes down what it is asked to do.
struct Recorder {
    head: Unflushed,
    parts: Mutex<Vec<PartEntry>>,
    flush_fails: bool,
    done: Mutex<Vec<String>>,
    flushes: AtomicU32,
}

impl Recorder {
    fn new(head: Unflushed, parts: Vec<PartEntry>) -> Self {
        let (parts, done, flushes) = (Mutex::new(parts), Mutex::default(), AtomicU32::new(0));
        Recorder { head, parts, flush_fails: false, done, flushes }
    }

    fn note(&self, what: &str, parts: &[PartEntry]) {
        let ids: Vec<_> = parts.iter().map(|part| part.id.0).collect();
        self.done.lock().push(format!("{what} {ids:?}"));
        self.parts.lock().retain(|part| !ids.contains(&part.id.0));
    }
}

impl Maintained for Recorder {
    fn unflushed(&self) -> Unflushed {
        self.head
    }

    fn flush(&self) -> io::Result<()> {
        self.flushes.fetch_add(1, Ordering::SeqCst);
        self.note("flush", &[]);
        if self.flush_fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn parts(&self) -> Vec<PartEntry> {
        self.parts.lock().clone()
    }

    fn merge(&self, parts: &[PartEntry]) -> io::Result<()> {
        self.note("merge", parts);
        Ok(())
    }

    fn expire(&self, parts: &[PartEntry]) -> io::Result<()> {
        self.note("expire", parts);
        Ok(())
    }
}

fn policy() -> MaintenancePolicy {
    MaintenancePolicy {
        flush_bytes: 1000,
        flush_age: Duration::from_secs(60),
        retention: Retention { age_ms: Some(86_400_000), bytes: None },
        merge: MergePolicy { parts_min: 2, bytes_max: 1 << 30 },
    }
}

fn check(head: Unflushed, expected: &[&str]) {
    let world = Simulation::seeded(1);
    world.clock.advance_ms(100_000);
    let store = Recorder::new(head, Vec::new());
    maintain(&store, &policy(), &world.env()).unwrap();
    assert_eq!(*store.done.lock(), expected);
}

#[test]
fn a_head_is_flushed_when_it_is_large_old_or_waiting() {
    let flush = ["flush []"];
    let now_ns = env::Clock::monotonic_ns(&*Simulation::seeded(1).clock) + 100_000_000_000;
    let old = Some(now_ns - 60_000_000_000);
    check(Unflushed::default(), &[]);
    check(Unflushed { bytes: 999, since_ns: old.map(|old| old + 1), waiting: false }, &[]);
    check(Unflushed { bytes: 1000, ..Unflushed::default() }, &flush);
    check(Unflushed { since_ns: old, ..Unflushed::default() }, &flush);
    check(Unflushed { waiting: true, ..Unflushed::default() }, &flush);
}

#[test]
fn old_parts_go_and_fresh_ones_are_merged() {
    let world = Simulation::seeded(1);
    let (today, two) = (19_723, [part(2, 19_723, 0, 2), part(3, 19_723, 0, 3)]);
    let parts = vec![part(1, today - 2, 0, 1), two[0].clone(), two[1].clone()];
    let store = Recorder::new(Unflushed::default(), parts);
    assert!(maintain(&store, &policy(), &world.env()).unwrap(), "there may be more to merge");
    assert!(!maintain(&store, &policy(), &world.env()).unwrap());
    assert_eq!(*store.done.lock(), ["expire [1]", "merge [2, 3]"]);
}

#[test]
fn a_failed_flush_does_not_keep_old_parts() {
    let world = Simulation::seeded(1);
    let parts = vec![part(1, 3, 0, 1), part(2, 19_723, 0, 2), part(3, 19_723, 0, 3)];
    let mut store = Recorder::new(Unflushed { waiting: true, ..Unflushed::default() }, parts);
    store.flush_fails = true;
    assert!(maintain(&store, &policy(), &world.env()).is_err());
    assert_eq!(*store.done.lock(), ["flush []", "expire [1]"], "merging needs room");
}

#[test]
fn the_thread_works_until_it_is_stopped_or_the_store_is_gone() {
    let env = Env::real();
    let waiting = Unflushed { waiting: true, ..Unflushed::default() };
    let store = Arc::new(Recorder::new(waiting, Vec::new()));
    let weak = Arc::downgrade(&store);
    let maintenance = Maintenance::start("test", weak, policy(), &env).unwrap();
    while store.flushes.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    maintenance.stop();
    let flushes = store.flushes.load(Ordering::SeqCst);
    maintenance.stop();
    assert_eq!(store.flushes.load(Ordering::SeqCst), flushes);
    let gone: Weak<Recorder> = Weak::new();
    Maintenance::start("gone", gone, policy(), &env).unwrap().stop();
}
