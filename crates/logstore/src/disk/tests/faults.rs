//! A disk that fails at every operation in turn: what was acknowledged is all there, nothing is
//! invented, and the store goes on by itself.

use std::io::ErrorKind;

use super::*;

/// What a run was told.
struct Told {
    /// Messages whose commit resolved well.
    acknowledged: Vec<String>,
    /// All that were offered.
    offered: Vec<String>,
}

/// Appends, flushes and merges while the disk may fail.
fn run(world: &World) -> Told {
    let mut told = Told { acknowledged: Vec::new(), offered: Vec::new() };
    for turn in 0..9 {
        let messages: Vec<String> = (0..3).map(|n| format!("{turn}.{n}")).collect();
        let time_ns = NOW_NS - 30 * HOUR_NS * (turn % 2) + turn;
        let records = messages.iter().map(|message| record(message, time_ns)).collect();
        told.offered.extend(messages.iter().cloned());
        if world.append(records).is_ok() {
            told.acknowledged.extend(messages);
        }
        if turn % 3 == 2 {
            let _fails_sometimes = world.store().maintained().flush();
        }
    }
    let merge = MergePolicy { parts_min: 2, ..MergePolicy::default() };
    let policy = MaintenancePolicy { merge, ..MaintenancePolicy::default() };
    let env = world.simulation.env();
    while let Ok(true) = maintain(world.store().maintained(), &policy, &env) {}
    told
}

fn check(world: &World, told: &Told, what: &str) {
    let found = world.messages();
    let mut sorted = found.clone();
    sorted.sort();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None, "{what}");
    for message in &told.acknowledged {
        assert!(found.contains(message), "{what}: {message} is lost, {found:?} are there");
    }
    for message in &found {
        assert!(told.offered.contains(message), "{what}: {message} was invented");
    }
}

fn operations_of_a_run() -> u64 {
    let world = World::new(3);
    let before = world.simulation.fs.operations();
    run(&world);
    world.simulation.fs.operations() - before
}

#[test]
fn one_failing_operation() {
    let operations = operations_of_a_run();
    assert!(operations > 100, "{operations}");
    for (index, error) in [ErrorKind::Other, ErrorKind::StorageFull].into_iter().enumerate() {
        for nth in (1 + index as u64..=operations).step_by(2) {
            let mut world = World::new(3);
            world.simulation.fs.fail_nth(None, nth, error);
            let told = run(&world);
            let what = format!("{error} at {nth}");
            check(&world, &told, &what);
            world.simulation.fs.clear_faults();
            // It goes on by itself, and what waited is written.
            world.append(vec![record("afterwards", NOW_NS)]).unwrap();
            world.flush();
            world.restart();
            assert!(world.messages().contains(&"afterwards".to_owned()), "{what}");
            let told =
                Told { offered: [told.offered, vec!["afterwards".to_owned()]].concat(), ..told };
            check(&world, &told, &what);
        }
    }
}

#[test]
fn power_lost_at_any_operation() {
    let operations = operations_of_a_run();
    for nth in 1..=operations {
        let mut world = World::new(3);
        world.simulation.fs.power_off_at(nth);
        let told = run(&world);
        let survival = match nth % 3 {
            0 => Survival::Synced,
            1 => Survival::All,
            _ => Survival::Chance,
        };
        world.crash(survival);
        let what = format!("power lost at {nth}, {survival:?}");
        check(&world, &told, &what);
        world.append(vec![record("afterwards", NOW_NS)]).unwrap();
        assert!(world.messages().contains(&"afterwards".to_owned()), "{what}");
    }
}

#[test]
fn a_full_disk_refuses_answers_and_resumes() {
    let world = World::new(3);
    world.append(vec![record("before", NOW_NS)]).unwrap();
    let used: u64 = world.simulation.fs.files().iter().map(|path| len(&world, path)).sum();
    world.simulation.fs.set_capacity(used + 10);
    world.simulation.clock.advance_ms(2_000);
    let refused = world.append(vec![record(&"x".repeat(4_000), NOW_NS)]).unwrap_err();
    assert!(matches!(refused, AppendError::DiskFull(_)), "{refused:?}");
    assert!(refused.retry_after().is_some());
    assert!(world.store().maintained().flush().is_err());
    assert_eq!(world.messages(), ["before"]);
    world.simulation.fs.set_capacity(u64::MAX);
    world.simulation.clock.advance_ms(2_000);
    world.append(vec![record("behind", NOW_NS + 1)]).unwrap();
    world.flush();
    assert_eq!(world.messages(), ["before", "behind"]);
}

fn len(world: &World, path: &Path) -> u64 {
    world.simulation.env().fs.file_len(path).unwrap().unwrap_or(0)
}
