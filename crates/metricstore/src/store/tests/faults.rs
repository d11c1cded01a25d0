//! Nothing acknowledged is lost and nothing is invented, whatever the disk does.

use std::io::ErrorKind;

use super::*;

/// What was sent, and what of it was acknowledged.
#[derive(Default)]
struct Ledger {
    sent: BTreeMap<(String, i64), u64>,
    acknowledged: BTreeMap<(String, i64), u64>,
}

const NAMES: [&str; 3] = ["a", "b", "c"];

impl Ledger {
    /// Sends one sample of each series; the value tells them apart.
    fn send(&mut self, store: &DiskMetricStore, t_ms: i64) -> Result<Appended, AppendError> {
        let samples = NAMES.map(|name| (name, t_ms, t_ms as f64 / 8.0 + name.len() as f64));
        let entries = samples.map(|(name, t_ms, v)| ((name.to_owned(), t_ms), v.to_bits()));
        self.sent.extend(entries.clone());
        let outcome = append(store, batch(&samples));
        if outcome.is_ok() {
            self.acknowledged.extend(entries);
        }
        outcome
    }

    fn check(&self, found: &BTreeMap<(String, i64), u64>, what: &str) {
        for (key, value) in &self.acknowledged {
            assert_eq!(found.get(key), Some(value), "{what}: {key:?} was acknowledged");
        }
        for (key, value) in found {
            assert_eq!(self.sent.get(key), Some(value), "{what}: {key:?} was never sent");
        }
    }
}

/// Appends, flushes, merges, expires and restarts, going on after whatever fails.
fn scenario(world: &World, ledger: &mut Ledger) {
    let mut t_ms = 0;
    for _restart in 0..2 {
        let Some(store) = (0..3).find_map(|_| world.try_open().ok()) else { return };
        for _part in 0..3 {
            for _batch in 0..2 {
                t_ms += DAY_MS / 3;
                let _refused = ledger.send(&store, t_ms);
            }
            let _tried_again_later = store.flush();
        }
        let _tried_again_later = world.merge(&store);
        let _refused = ledger.send(&store, t_ms + 1);
        if let Ok(series) = store.select(&all(), &QueryContext::default()) {
            assert!(series.len() <= NAMES.len());
        }
    }
}

/// After a crash the store opens, has all, and goes on.
fn check_recovery(world: &World, ledger: &mut Ledger, survival: Survival, what: &str) {
    world.crash(survival);
    let store = world.open();
    ledger.check(&content(&store), what);
    ledger.send(&store, 99 * DAY_MS).unwrap();
    store.flush().unwrap();
    world.merge(&store).unwrap();
    ledger.check(&content(&store), &format!("{what}, after merging"));
    assert_eq!(store.stats().wal_bytes, 0, "{what}: the log is empty again");
    world.crash(Survival::Synced);
    ledger.check(&content(&world.open()), &format!("{what}, after another crash"));
}

#[test]
fn a_fault_at_every_operation() {
    for (survival, error) in [
        (Survival::Synced, ErrorKind::Other),
        (Survival::Chance, ErrorKind::StorageFull),
        (Survival::All, ErrorKind::Other),
    ] {
        for nth in 1.. {
            let (world, mut ledger) = (World::new(nth), Ledger::default());
            let before = world.sim.fs.operations();
            world.sim.fs.fail_nth(None, nth, error);
            scenario(&world, &mut ledger);
            let done = world.sim.fs.operations() - before < nth;
            let what = format!("{error:?} at operation {nth}, {survival:?}");
            assert!(ledger.acknowledged.len() + NAMES.len() >= ledger.sent.len(), "{what}");
            check_recovery(&world, &mut ledger, survival, &what);
            if done {
                assert!(nth > 150, "only {nth} operations");
                break;
            }
        }
    }
}

#[test]
fn power_loss_at_every_operation() {
    for survival in [Survival::Synced, Survival::Chance] {
        for nth in 1.. {
            let (world, mut ledger) = (World::new(nth), Ledger::default());
            let before = world.sim.fs.operations();
            world.sim.fs.power_off_at(nth);
            scenario(&world, &mut ledger);
            let done = world.sim.fs.operations() - before < nth;
            let what = format!("power lost at operation {nth}, {survival:?}");
            check_recovery(&world, &mut ledger, survival, &what);
            if done {
                break;
            }
        }
    }
}

#[test]
fn two_faults_one_after_the_other() {
    for seed in 0..150 {
        let (world, mut ledger) = (World::new(seed), Ledger::default());
        let random = world.sim.env().random;
        for _ in 0..2 {
            world.sim.fs.fail_nth(None, random.next_u64() % 150, ErrorKind::Other);
        }
        scenario(&world, &mut ledger);
        check_recovery(&world, &mut ledger, Survival::Chance, &format!("seed {seed}"));
    }
}

#[test]
fn a_lost_catalog_is_made_anew_from_the_parts() {
    for nth in (1..150).step_by(3) {
        let (world, mut ledger) = (World::new(nth), Ledger::default());
        world.sim.fs.power_off_at(nth);
        scenario(&world, &mut ledger);
        world.crash(Survival::Synced);
        let world = world.without_catalog();
        check_recovery(&world, &mut ledger, Survival::Synced, &format!("operation {nth}"));
    }
}

#[test]
fn a_full_disk_refuses_answers_and_resumes() {
    let mut world = World::new(1);
    world.reserve = Reserve::Bytes(1000);
    world.sim.fs.set_capacity(4000);
    let mut ledger = Ledger::default();
    let store = world.open();
    let mut refusals = 0;
    for t_ms in 0..200 {
        world.sim.clock.advance_ms(2000);
        match ledger.send(&store, t_ms) {
            Ok(_) => {}
            Err(AppendError::DiskFull(_)) => refusals += 1,
            Err(other) => panic!("{other}"),
        }
        // A flush may make room or fail for want of it.
        if t_ms % 50 == 49 {
            let _full = store.flush();
        }
        ledger.check(&content(&store), "a full disk");
    }
    assert!(refusals > 50 && ledger.acknowledged.len() > 30, "{refusals}");
    world.sim.fs.set_capacity(1 << 30);
    world.sim.clock.advance_ms(2000);
    ledger.send(&store, 1000).unwrap();
    check_recovery(&world, &mut ledger, Survival::Synced, "a disk that was full");
}

#[test]
fn a_disk_that_fills_up_at_any_byte() {
    for capacity in (100..6000).step_by(37) {
        let (world, mut ledger) = (World::new(capacity), Ledger::default());
        world.sim.fs.set_capacity(capacity);
        scenario(&world, &mut ledger);
        world.sim.fs.set_capacity(1 << 30);
        let what = format!("a disk of {capacity} bytes");
        check_recovery(&world, &mut ledger, Survival::Chance, &what);
    }
}
