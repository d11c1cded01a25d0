//! The catalog, intact and damaged.

use std::io::ErrorKind;
use std::path::Path;

use env::{Env, Random, SimRandom, Simulation};
use store::{DocumentError, Documents, MemStore};

use super::*;
use crate::part::testing::part;
use crate::testing::{DATA_DIR, RealDir};

fn state(flushed: u64, ids: &[u64]) -> StoreState {
    let parts = ids.iter().map(|id| part(*id, 5, 0, 1)).collect();
    StoreState { flushed, parts }
}

/// A catalog of two stores and two documents.
fn fill(catalog: &Catalog) {
    catalog.reset("logs", &state(1, &[])).unwrap();
    catalog.reset("metrics", &state(3, &[1, 2])).unwrap();
    let change = |add: &[u64], remove: &[u64], flushed| {
        let (add, remove) = (state(0, add).parts, state(0, remove).parts);
        catalog.change("metrics", &add, &remove, flushed).unwrap();
    };
    change(&[3, 4], &[], 5);
    change(&[u64::MAX], &[1, 3], 5);
    change(&[], &[1], 5);
    catalog.put("dashboard", "host", r#"{"title":"Host"}"#, None).unwrap();
    catalog.put("dashboard", "shop", &"x".repeat(5000), Some(0)).unwrap();
}

fn expected() -> StoreState {
    state(5, &[2, 4, u64::MAX])
}

fn sorted(state: Option<StoreState>) -> Option<StoreState> {
    state.map(|mut state| {
        state.parts.sort_by_key(|part| part.id);
        state
    })
}

#[test]
fn what_was_changed_is_there_after_a_restart() {
    let dir = RealDir::new();
    let catalog = Catalog::open(&dir.env, &dir.path).unwrap();
    assert_eq!(catalog.load("metrics").unwrap(), None);
    fill(&catalog);
    drop(catalog);
    let catalog = Catalog::open(&dir.env, &dir.path).unwrap();
    assert_eq!(sorted(catalog.load("metrics").unwrap()), Some(expected()));
    assert_eq!(catalog.load("logs").unwrap(), Some(state(1, &[])));
    assert_eq!(catalog.load("traces").unwrap(), None);
}

#[test]
fn documents_are_those_of_the_reference() {
    let world = Simulation::seeded(1);
    let catalog = Catalog::in_memory(&world.env(), Path::new(DATA_DIR));
    world.env().fs.create_dir_all(Path::new(DATA_DIR)).unwrap();
    let reference = MemStore::new();
    let random = world.env().random;
    for _ in 0..500 {
        let kind = ["dashboard", "silence"][random.next_u64() as usize % 2];
        let id = format!("{}", random.next_u64() % 3);
        let body = format!("{}", random.next_u64());
        let expected = [None, Some(0), Some(1), Some(2)][random.next_u64() as usize % 4];
        if random.next_u64().is_multiple_of(4) {
            assert_eq!(catalog.delete(kind, &id), reference.delete(kind, &id));
        } else {
            let outcome = catalog.put(kind, &id, &body, expected);
            assert_eq!(outcome, reference.put(kind, &id, &body, expected));
        }
        let timeless = |documents: Vec<store::Document>| {
            let plain = documents.into_iter().map(|d| (d.id, d.body, d.version));
            plain.collect::<Vec<_>>()
        };
        let listed = timeless(catalog.list(kind).unwrap());
        assert_eq!(listed, timeless(reference.list(kind).unwrap()));
        let got = catalog.get(kind, &id).unwrap().map(|d| (d.body, d.version));
        assert_eq!(got, reference.get(kind, &id).unwrap().map(|d| (d.body, d.version)));
    }
}

#[test]
fn a_transaction_that_fails_changes_nothing() {
    let world = Simulation::seeded(1);
    world.env().fs.create_dir_all(Path::new(DATA_DIR)).unwrap();
    let catalog = Catalog::in_memory(&world.env(), Path::new(DATA_DIR));
    fill(&catalog);
    world.fs.fail_nth(None, 1, ErrorKind::StorageFull);
    let failed = catalog.change("metrics", &state(0, &[9]).parts, &[], 9).unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::StorageFull);
    let twice = state(0, &[2]).parts;
    assert!(catalog.change("metrics", &twice, &[], 9).is_err(), "a part is entered once");
    assert!(catalog.change("traces", &[], &[], 9).is_err(), "a store must be known");
    assert_eq!(sorted(catalog.load("metrics").unwrap()), Some(expected()));
    world.fs.fail_nth(None, 1, ErrorKind::Other);
    assert!(matches!(catalog.delete("dashboard", "host"), Err(DocumentError::Io(_))));
    assert!(catalog.get("dashboard", "host").unwrap().is_some());
}

/// Opens a damaged catalog: what it says about a store is right, or nothing, and it works.
fn check_damaged(env: &Env, dir: &Path, what: &str) {
    let catalog = match Catalog::open(env, dir) {
        Ok(catalog) => catalog,
        Err(error) => panic!("{what}: {error}"),
    };
    for (store, expected) in [("metrics", expected()), ("logs", state(1, &[]))] {
        let loaded = sorted(catalog.load(store).unwrap());
        assert!(loaded.is_none() || loaded == Some(expected), "{what}: {loaded:?}");
    }
    for (id, start) in [("host", "{\"title\":\"Host\"}"), ("shop", "xxxx")] {
        // A damaged document is an error, and never another document.
        if let Ok(Some(document)) = catalog.get("dashboard", id) {
            assert!(document.body.starts_with(start), "{what}: {document:?}");
        }
    }
    catalog.reset("metrics", &state(7, &[8])).unwrap_or_else(|error| panic!("{what}: {error}"));
    catalog.change("metrics", &state(0, &[9]).parts, &[], 9).unwrap();
    assert_eq!(sorted(catalog.load("metrics").unwrap()), Some(state(9, &[8, 9])), "{what}");
}

#[test]
fn a_flipped_bit_anywhere_is_noticed_or_harmless() {
    let dir = RealDir::new();
    fill(&Catalog::open(&dir.env, &dir.path).unwrap());
    let whole = dir.read("catalog.sqlite");
    // Every byte of the header, then a sample.
    let random = SimRandom::seeded(11);
    let sample = (0..250).map(|_| random.next_u64() as usize % whole.len());
    for position in (0..100).chain(sample.collect::<Vec<_>>()) {
        let bit = random.next_u64() % 8;
        dir.clear();
        let mut damaged = whole.clone();
        damaged[position] ^= 1 << bit;
        dir.write("catalog.sqlite", &damaged);
        check_damaged(&dir.env, &dir.path, &format!("bit {bit} of byte {position}"));
    }
}

#[test]
fn truncated_and_foreign_files_are_replaced_and_documents_saved() {
    let dir = RealDir::new();
    fill(&Catalog::open(&dir.env, &dir.path).unwrap());
    let whole = dir.read("catalog.sqlite");
    for len in [0, 1, 99, 100, 4096, 5000, whole.len() - 4096, whole.len() - 1] {
        dir.clear();
        dir.write("catalog.sqlite", &whole[..len]);
        check_damaged(&dir.env, &dir.path, &format!("{len} bytes"));
    }
    dir.clear();
    dir.write("catalog.sqlite", b"this is not a database, but somebody's notes");
    check_damaged(&dir.env, &dir.path, "foreign");
    let kept = dir.read("quarantine/catalog.sqlite");
    assert_eq!(kept, b"this is not a database, but somebody's notes");
}

#[test]
fn a_damaged_journal_takes_back_documents_at_most() {
    let dir = RealDir::new();
    let catalog = Catalog::open(&dir.env, &dir.path).unwrap();
    fill(&catalog);
    catalog.put("dashboard", "late", "late", None).unwrap();
    let (file, journal) = (dir.read("catalog.sqlite"), dir.read("catalog.sqlite-wal"));
    assert!(!journal.is_empty(), "documents are not moved at once");
    drop(catalog);
    for step in 0..60 {
        dir.clear();
        let mut damaged = journal.clone();
        damaged[step * journal.len() / 60] ^= 4;
        dir.write("catalog.sqlite", &file);
        dir.write("catalog.sqlite-wal", &damaged);
        let catalog = Catalog::open(&dir.env, &dir.path).unwrap();
        assert_eq!(sorted(catalog.load("metrics").unwrap()), Some(expected()));
        assert!(catalog.get("dashboard", "late").unwrap().is_none_or(|d| d.body == "late"));
    }
}

#[test]
fn rows_that_changed_by_themselves_count_for_nothing() {
    let world = Simulation::seeded(1);
    world.env().fs.create_dir_all(Path::new(DATA_DIR)).unwrap();
    for change in [
        "UPDATE parts SET max_ns = max_ns + 1 WHERE id = 2",
        "UPDATE parts SET file = 'parts/other' WHERE id = 2",
        "UPDATE stores SET flushed = 99",
        "DELETE FROM parts WHERE id = 2",
        "UPDATE parts SET store = 'logs' WHERE id = 2",
        "DELETE FROM stores",
    ] {
        let catalog = Catalog::in_memory(&world.env(), Path::new(DATA_DIR));
        fill(&catalog);
        catalog.connection.lock().execute_batch(change).unwrap();
        assert_eq!(catalog.load("metrics").unwrap(), None, "{change}");
    }
    let catalog = Catalog::in_memory(&world.env(), Path::new(DATA_DIR));
    fill(&catalog);
    let change = "UPDATE documents SET body = 'other' WHERE id = 'shop'";
    catalog.connection.lock().execute_batch(change).unwrap();
    assert!(matches!(catalog.get("dashboard", "shop"), Err(DocumentError::Io(_))));
    assert_eq!(catalog.list("dashboard").unwrap().len(), 1);
}

#[test]
fn a_catalog_of_a_newer_program_is_refused() {
    let dir = RealDir::new();
    let catalog = Catalog::open(&dir.env, &dir.path).unwrap();
    let newer = "PRAGMA user_version = 2; UPDATE about SET value = 2";
    catalog.connection.lock().execute_batch(newer).unwrap();
    drop(catalog);
    let refused = Catalog::open(&dir.env, &dir.path).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 2, known: 1, .. }), "{refused}");
}
