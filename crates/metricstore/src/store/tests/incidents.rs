//! Incidents that others had, each named by its report.

use super::*;

fn fill(store: &DiskMetricStore, from: i64, to: i64) {
    (from..to).for_each(|t_ms| drop(append(store, batch(&[("a", t_ms, 1.0)])).unwrap()));
}

/// prometheus #16074, #18552: a corrupt segment in the middle keeps the log growing for ever, and
/// a restart drops everything before.
#[test]
fn a_corrupt_segment_stops_neither_flush_nor_truncation() {
    let world = World::new(1);
    fill(&world.open(), 0, 40);
    let segments: Vec<_> = world
        .sim
        .fs
        .files()
        .into_iter()
        .filter(|file| file.starts_with("/data/metrics/wal"))
        .collect();
    assert!(segments.len() > 4);
    world.sim.fs.tamper(&segments[2], |bytes| bytes[100..200].fill(0xff));
    let store = world.open();
    let found = content(&store);
    assert!(found.contains_key(&("a".to_owned(), 0)) && found.contains_key(&("a".to_owned(), 39)));
    assert!(found.len() >= 36, "{} of 40", found.len());
    store.flush().unwrap();
    assert_eq!((store.stats().wal_bytes, store.stats().quarantined.len()), (0, 1));
    world.crash(Survival::Synced);
    assert_eq!(content(&world.open()), found);
}

/// prometheus #7835: what was there after the recovery vanishes with the next compaction.
#[test]
fn what_was_recovered_stays_through_flush_and_merge() {
    let world = World::new(1);
    let store = world.open();
    fill(&store, 0, 10);
    world.sim.fs.set_capacity(100);
    assert!(append(&store, batch(&[("a", 10, 1.0)])).is_err());
    assert!(store.flush().is_err());
    world.sim.fs.set_capacity(1 << 30);
    world.crash(Survival::Synced);
    let store = world.open();
    let before = content(&store);
    assert_eq!(before.len(), 10);
    for round in 1..4 {
        store.flush().unwrap();
        world.merge(&store).unwrap();
        fill(&store, 100 * round, 100 * round + 2);
        let after = content(&store);
        assert!(before.iter().all(|(key, value)| after.get(key) == Some(value)));
    }
}

/// VictoriaMetrics #2877, #10302: garbage and stray names in the data directory cause a panic at
/// every start.
#[test]
fn stray_files_are_ignored_everywhere() {
    let world = World::new(1);
    let store = world.open();
    fill(&store, 0, 5);
    store.flush().unwrap();
    fill(&store, 5, 9);
    drop(store);
    for stray in [
        "metrics/x",
        "metrics/wal/lost+found/x",
        "metrics/wal/.nfs0001",
        "metrics/parts/x",
        "metrics/parts/lost+found/x",
        "metrics/parts/1970-01-01/x.metrics",
        "metrics/parts/1970-01-01/0000000000000001.metrics.tmp",
        "metrics/quarantine/x",
    ] {
        world.sim.fs.plant(&Path::new(DATA_DIR).join(stray), b"\0garbage");
    }
    let store = world.open();
    assert_eq!(content(&store).len(), 9);
    store.flush().unwrap();
    world.merge(&store).unwrap();
    assert_eq!(content(&world.open()).len(), 9);
}

/// Quickwit #3589: a torn frame at the end of the log prevents the start; #4535 and others: the log
/// is never truncated.
#[test]
fn a_torn_tail_is_cut_and_the_log_shrinks_again() {
    let world = World::new(1);
    for round in 0..30 {
        let store = world.open();
        fill(&store, round * 10, round * 10 + 3);
        drop(store);
        let last = world
            .sim
            .fs
            .files()
            .into_iter()
            .rfind(|file| file.extension().is_some_and(|extension| extension == "wal"));
        world.sim.fs.tamper(&last.unwrap(), |bytes| bytes.extend_from_slice(b"SGwr\x01\0\0\0torn"));
    }
    let store = world.open();
    assert_eq!(content(&store).len(), 90);
    store.flush().unwrap();
    assert_eq!(store.stats().wal_bytes, 0);
    assert!(store.stats().quarantined.is_empty(), "a torn tail is no damage");
}

/// Elasticsearch #9699 and others: the log is corrupt after kill -9. Here with the process dying
/// at random moments under load, many times.
#[test]
fn killed_again_and_again_under_load() {
    let world = World::new(1);
    let mut expected = 0;
    for round in 0..60 {
        let store = world.open();
        assert_eq!(content(&store).len(), expected, "round {round}");
        assert!(store.stats().quarantined.is_empty(), "dying is no damage");
        std::thread::scope(|scope| {
            let keeper = scope.spawn(|| {
                let _killed = store.flush().and_then(|()| world.merge(&store));
            });
            let writer = scope.spawn(|| {
                let acknowledged = (0..10i64)
                    .take_while(|n| append(&store, batch(&[("a", round * 1000 + n, 1.0)])).is_ok());
                acknowledged.count()
            });
            expected += writer.join().unwrap();
            if round % 3 > 0 {
                world.crash(Survival::All);
            }
            keeper.join().unwrap();
        });
        world.crash(Survival::All);
    }
}

/// prometheus #10028, #8312, #8243: the clock jumps, and data from the future stops ingestion or
/// expires everything.
#[test]
fn a_clock_that_jumps_expires_nothing_by_itself() {
    let world = World::new(1);
    let options = || MetricStoreOptions {
        retention: Retention { age_ms: Some(30 * DAY_MS), bytes: None },
        flush_age: Duration::from_secs(60),
        ..world.options()
    };
    let policy = MaintenancePolicy {
        retention: options().retention,
        flush_age: options().flush_age,
        ..MaintenancePolicy::default()
    };
    let store = DiskMetricStore::open(options()).unwrap();
    let start_ms = world.sim.env().clock.now_ms();
    let mut kept = 0;
    for jump_ms in [0, 600_000, -6 * 3_600_000, 365 * DAY_MS, 0] {
        world.sim.clock.set_ms(start_ms + jump_ms);
        // The sender's clock is right.
        append(&store, batch(&[("a", start_ms + kept, 1.0)])).unwrap();
        kept += 1;
        world.sim.clock.advance_ms(61_000);
        maintain(&*store, &policy, &world.sim.env()).unwrap();
        assert_eq!(store.stats().head_rows, 0, "heads are flushed by the monotonic clock");
        assert_eq!(content(&store).len() as i64, kept);
    }
    // One sample from next year does not expire the others: now is earlier.
    append(&store, batch(&[("a", start_ms + 365 * DAY_MS, 1.0)])).unwrap();
    store.flush().unwrap();
    maintain(&*store, &policy, &world.sim.env()).unwrap();
    assert_eq!(content(&store).len() as i64, kept + 1);
}
