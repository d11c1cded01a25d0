//! Files that changed by themselves.

use std::path::PathBuf;

use super::*;
use crate::{check_batch, check_part};

/// A store with a merged part, fresh parts and a log of several segments; nothing runs on it.
fn damaged_world() -> (World, BTreeMap<(String, i64), u64>) {
    let world = World::new(1);
    let store = world.open();
    for t_ms in 0..40i64 {
        let t_ms = t_ms * DAY_MS / 16;
        append(&store, batch(&[("a", t_ms, 0.5), ("b", t_ms, t_ms as f64)])).unwrap();
        if t_ms % (DAY_MS / 4) == 0 && t_ms < 2 * DAY_MS {
            store.flush().unwrap();
        }
        if t_ms == DAY_MS {
            world.merge(&store).unwrap();
        }
    }
    let stats = store.stats();
    assert!(stats.parts >= 4 && stats.head_rows >= 8, "{stats:?}");
    assert!(store.parts().iter().any(|part| part.level == 1));
    let content = content(&store);
    drop(store);
    (world, content)
}

/// Damages one file and looks: the store opens, answers with what was there, lacks no more than
/// `loses` samples, stores new ones, and says that something is wrong if something is missing.
fn check(
    world: &World,
    expected: &BTreeMap<(String, i64), u64>,
    file: &Path,
    loses: usize,
    change: impl FnOnce(&mut Vec<u8>),
) {
    let world = world.fork();
    world.sim.fs.tamper(file, change);
    let store = world.open();
    // The first query may find the damage; the second sees what is left.
    content(&store);
    let found = content(&store);
    assert!(found.iter().all(|(key, value)| expected.get(key) == Some(value)), "{file:?}");
    let lost = expected.len() - found.len();
    assert!(lost <= loses, "{file:?}: {lost} of {loses} lost");
    append(&store, batch(&[("new", 1, 1.0)])).unwrap();
    store.flush().unwrap();
    world.merge(&store).unwrap();
    assert_eq!(content(&store).len(), found.len() + 1, "nothing more is lost by merging");
    assert_eq!(store.stats().wal_bytes, 0, "the log is emptied all the same");
    let is_part = file.extension().is_some_and(|extension| extension == "metrics");
    assert!(lost == 0 || !is_part || !store.stats().quarantined.is_empty(), "{file:?}");
}

/// The files of the world and how many samples each holds.
fn files(world: &World, content: &BTreeMap<(String, i64), u64>) -> Vec<(PathBuf, usize)> {
    let store = world.fork().open();
    let rows = |file: &Path| {
        let part = store.parts().into_iter().find(|part| file.ends_with(&part.file));
        part.map_or(content.len(), |part| part.rows as usize)
    };
    let files = world.sim.fs.files().into_iter();
    files.filter(|file| !file.ends_with("LOCK")).map(|file| (file.clone(), rows(&file))).collect()
}

#[test]
fn a_flipped_bit_in_every_file_costs_that_file_at_most() {
    let (world, expected) = damaged_world();
    let random = world.sim.env().random;
    for (file, rows) in files(&world, &expected) {
        let is_segment = file.extension().is_some_and(|extension| extension == "wal");
        // A record of the log holds one batch of two samples.
        let loses = if is_segment { 2 } else { rows };
        for _ in 0..25 {
            check(&world, &expected, &file, loses, |bytes| {
                let position = random.next_u64() as usize % bytes.len();
                bytes[position] ^= 1 << (random.next_u64() % 8);
            });
        }
    }
}

#[test]
fn every_file_cut_short_emptied_or_overwritten() {
    let (world, expected) = damaged_world();
    for (file, rows) in files(&world, &expected) {
        let changes: [fn(&mut Vec<u8>); 5] = [
            Vec::clear,
            |bytes| bytes.truncate(1),
            |bytes| bytes.truncate(bytes.len() / 2),
            |bytes| bytes.fill(0),
            |bytes| bytes.extend_from_slice(&[0; 4096]),
        ];
        for change in changes {
            check(&world, &expected, &file, rows, change);
        }
    }
}

#[test]
fn damage_that_a_query_finds_is_put_aside_and_said() {
    let (world, expected) = damaged_world();
    let part = world.fork().open().parts().into_iter().find(|part| part.level == 1).unwrap();
    // The first page follows the sixteen bytes of the header.
    let path = Path::new(DATA_DIR).join("metrics").join(&part.file);
    world.sim.fs.tamper(&path, |bytes| bytes[20] ^= 1);
    let store = world.open();
    assert!(store.stats().quarantined.is_empty(), "pages are checked when they are read");
    assert_eq!(content(&store).len(), expected.len() - part.rows as usize);
    let quarantined = store.stats().quarantined;
    assert!(quarantined[0].path.starts_with("/data/metrics/quarantine/"), "{quarantined:?}");
    assert_eq!(
        quarantined[0].reason,
        "page 0 of its Times cannot be read: its checksum does not fit"
    );
}

#[test]
fn any_bytes_are_read_without_harm() {
    let (world, _) = damaged_world();
    let part = world.fork().open().parts()[0].clone();
    let path = Path::new(DATA_DIR).join("metrics").join(&part.file);
    let seed = world.sim.env().fs.read(&path, 1 << 20).unwrap();
    assert_eq!(check_part(&seed), Ok(part.rows));
    let log = batch::encode(&batch(&[("a", 1, 1.0), ("b", 2, 2.5)]));
    assert_eq!(check_batch(&log), Ok(2));
    let random = world.sim.env().random;
    for _ in 0..3000 {
        let mut bytes = seed.clone();
        for _ in 0..=random.next_u64() % 3 {
            let position = random.next_u64() as usize % bytes.len();
            bytes[position] = random.next_u64() as u8;
        }
        let _refused = check_part(&bytes);
        let mut bytes = log.clone();
        let position = random.next_u64() as usize % bytes.len();
        bytes[position] = random.next_u64() as u8;
        let _refused = check_batch(&bytes);
    }
}
