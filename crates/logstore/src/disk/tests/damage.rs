//! Damaged files are put aside and named; what they held is not served, all else is.

use super::*;

/// Three parts of ten records each, the messages `0.0` to `2.9`.
fn three_parts() -> World {
    let world = World::new(5);
    for part in 0..3 {
        let records = (0..10).map(|n| record(&format!("{part}.{n}"), NOW_NS + n)).collect();
        world.append(records).unwrap();
        world.flush();
    }
    assert_eq!((world.part_files().len(), world.messages().len()), (3, 30));
    world
}

/// Whether exactly the records of one part are gone, and its file is named.
fn check_one_gone(world: &World, what: &str) {
    let messages = world.messages();
    assert_eq!(messages.len(), 20, "{what}: {messages:?}");
    let parts: std::collections::BTreeSet<_> = messages.iter().map(|m| &m[..1]).collect();
    assert_eq!(parts.len(), 2, "{what}");
    let stats = world.store().stats();
    assert_eq!((stats.parts, stats.quarantined.len()), (2, 1), "{what}");
    assert!(!stats.quarantined[0].reason.is_empty(), "{what}");
    let kept = Path::new(&stats.quarantined[0].path).to_owned();
    assert!(world.simulation.fs.files().contains(&kept), "{what}: {kept:?} is kept");
}

#[test]
fn a_damaged_part_is_put_aside_while_running_and_at_the_start() {
    let len = {
        let world = three_parts();
        let path = &world.part_files()[0];
        world.simulation.env().fs.file_len(path).unwrap().unwrap() as usize
    };
    type Change = Box<dyn Fn(&mut Vec<u8>)>;
    let flip = |at: usize| -> Change { Box::new(move |bytes| bytes[at] ^= 4) };
    let cut = |to: usize| -> Change { Box::new(move |bytes| bytes.truncate(to)) };
    let changes: Vec<(String, Change)> = (0..len)
        .step_by(97)
        .map(|at| (format!("flip at {at}"), flip(at)))
        .chain([0, 1, 8, len / 2, len - 1].map(|to| (format!("cut at {to}"), cut(to))))
        .collect();
    for (what, change) in changes {
        for is_restarted in [false, true] {
            let mut world = three_parts();
            let path = world.part_files()[0].clone();
            if is_restarted {
                world.store().stop();
                world.store = None;
            } else {
                // Afterwards only the part that was flushed last is open.
                world.restart();
            }
            world.simulation.fs.tamper(&path, &change);
            if is_restarted {
                world.open().unwrap();
            }
            check_one_gone(&world, &what);
            world.restart();
            check_one_gone(&world, &format!("{what}, at the next start"));
        }
    }
}

#[test]
fn a_missing_part_is_dropped() {
    let world = three_parts();
    let path = world.part_files()[0].clone();
    let mut world = world;
    world.restart();
    world.simulation.env().fs.remove(&path).unwrap();
    assert_eq!(world.messages().len(), 20);
    world.restart();
    assert_eq!(world.messages().len(), 20);
}

#[test]
fn merging_stumbles_over_damage_once() {
    let mut world = three_parts();
    world.restart();
    world.simulation.fs.tamper(&world.part_files()[2].clone(), |bytes| bytes[40] ^= 1);
    let store = world.store().maintained();
    assert!(store.merge(&store.parts()).is_err());
    check_one_gone(&world, "after a merge");
    world.maintain(Retention::default());
    assert_eq!((world.part_files().len(), world.messages().len()), (1, 20));
}

#[test]
fn a_lost_catalog_is_made_anew_from_the_parts() {
    let mut world = three_parts();
    world.append(vec![record("in the log", NOW_NS)]).unwrap();
    world.maintain(Retention::default());
    let before = world.all(Order::Newest);
    world.store().stop();
    world.store = None;
    world.catalog = Arc::new(Catalog::in_memory(&world.simulation.env(), Path::new("/data")));
    world.open().unwrap();
    assert_eq!(world.all(Order::Newest), before);
}

#[test]
fn strange_files_stop_nothing() {
    let mut world = three_parts();
    let day = world.part_files()[0].parent().unwrap().to_owned();
    let fs = world.simulation.fs.clone();
    fs.plant(&day.join("notes.txt"), b"hello");
    fs.plant(&day.join("0000000000000001.parquet"), b"");
    fs.plant(&day.join("0000000000000002.parquet"), b"PAR1 but not really PAR1");
    fs.plant(Path::new("/data/logs/wal/stray"), b"?");
    world.restart();
    assert_eq!(world.messages().len(), 30);
    assert_eq!(world.store().stats().quarantined.len(), 2);
}
