//! Parts: made, entered, lost, found again.

use std::io::{ErrorKind, Write};

use env::{Simulation, Survival};

use super::*;
use crate::testing::{DATA_DIR, catalog, store_dir};
use crate::{Catalog, WalRange};

/// A part whose file is its description and nothing else.
fn describe(world: &Simulation) -> impl Fn(&Path) -> Result<PartDescription, PartError> {
    let fs = world.env().fs;
    move |path| {
        let text = String::from_utf8(fs.read(path, 1 << 20)?);
        let text = text.map_err(|_| PartError::Damaged("not text".to_owned()))?;
        PartDescription::from_json(&text).map_err(PartError::Damaged)
    }
}

struct Store {
    world: Simulation,
    catalog: Arc<Catalog>,
    dir: Arc<StoreDir>,
    parts: Parts,
}

fn try_open(world: &Simulation, catalog: &Arc<Catalog>) -> Result<Store, OpenError> {
    let dir = store_dir(world, catalog)?;
    let parts = Parts::open(&dir, "test", &describe(world))?;
    Ok(Store { world: world.clone(), catalog: catalog.clone(), dir, parts })
}

fn open(world: &Simulation, catalog: &Arc<Catalog>) -> Store {
    try_open(world, catalog).unwrap()
}

impl Store {
    fn new() -> Self {
        let world = Simulation::seeded(1);
        open(&world, &catalog(&world))
    }

    /// Writes a file, without entering it.
    fn write(
        &self,
        level: u8,
        wal: (u64, u64),
        replaces: &[PartId],
    ) -> io::Result<(FinishedPart, PartEntry)> {
        self.world.clock.advance_ms(1);
        let mut file = self.parts.create(19_000)?;
        let description = PartDescription {
            id: file.id(),
            level,
            day: 19_000,
            min_ns: 1,
            max_ns: 2,
            rows: 3,
            format: 1,
            wal: WalRange { from: wal.0, before: wal.1 },
            replaces: replaces.to_vec(),
        };
        file.write_all(description.to_json().as_bytes())?;
        let finished = file.finish()?;
        let entry = description.entry(&finished);
        Ok((finished, entry))
    }

    fn flush(&self, from: u64, before: u64) -> io::Result<PartEntry> {
        let (_, entry) = self.write(0, (from, before), &[])?;
        let change = Change { add: vec![entry.clone()], flushed: Some(before), remove: vec![] };
        self.parts.commit(&change)?;
        Ok(entry)
    }

    fn merge(&self, remove: &[PartEntry]) -> io::Result<PartEntry> {
        let ids: Vec<_> = remove.iter().map(|part| part.id).collect();
        let (from, before) = (remove[0].wal.from, remove[remove.len() - 1].wal.before);
        let (_, entry) = self.write(1, (from, before), &ids)?;
        let change = Change { add: vec![entry.clone()], flushed: None, remove: remove.to_vec() };
        self.parts.commit(&change)?;
        Ok(entry)
    }

    fn reopen(self, survival: Survival) -> Self {
        self.world.fs.crash(survival);
        open(&self.world, &self.catalog)
    }

    /// As [`Store::reopen`], with an empty catalog.
    fn reopen_without_catalog(self) -> Self {
        self.world.fs.crash(Survival::Synced);
        open(&self.world, &catalog(&self.world))
    }

    fn ids(&self) -> Vec<PartId> {
        self.parts.list().iter().map(|part| part.id).collect()
    }

    fn plant_segments(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let name = format!("/data/test/wal/{number:020}.wal");
            self.world.fs.plant(Path::new(&name), b"");
        }
    }

    fn part_files(&self) -> usize {
        let files = self.world.fs.files();
        files.iter().filter(|path| path.starts_with("/data/test/parts")).count()
    }
}

#[test]
fn what_was_entered_counts_after_a_crash() {
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap());
    let store = store.reopen(Survival::Synced);
    assert_eq!((store.parts.list(), store.parts.flushed()), (vec![a.clone(), b.clone()], 4));
    let merged = store.merge(&[a, b]).unwrap();
    assert_eq!((merged.level, merged.wal), (1, WalRange { from: 1, before: 4 }));
    let store = store.reopen(Survival::Synced);
    assert_eq!((store.parts.list(), store.part_files()), (vec![merged.clone()], 1));
    let gone = Change { remove: vec![merged], ..Change::default() };
    store.parts.commit(&gone).unwrap();
    assert_eq!((store.ids(), store.part_files()), (vec![], 0));
    assert!(store.world.env().fs.list(Path::new("/data/test/parts")).unwrap().is_empty());
}

#[test]
fn an_unfinished_part_leaves_nothing() {
    let store = Store::new();
    drop(store.parts.create(19_000).unwrap());
    assert_eq!(store.part_files(), 0);
    std::mem::forget(store.parts.create(19_000).unwrap());
    assert_eq!(store.part_files(), 1);
    let store = store.reopen(Survival::All);
    assert_eq!(store.part_files(), 0);
}

#[test]
fn a_flush_that_was_not_entered_goes_once_the_log_gave_its_rows() {
    for log_is_intact in [true, false] {
        let store = Store::new();
        store.plant_segments(1..3);
        let (_, entry) = store.write(0, (1, 3), &[]).unwrap();
        let store = store.reopen(Survival::Synced);
        assert_eq!((store.ids(), store.parts.flushed(), store.part_files()), (vec![], 1, 1));
        store.dir.settle_unentered(log_is_intact);
        assert_eq!(store.part_files(), 0);
        let kept = format!("/data/test/quarantine/{}.test", entry.id);
        let kept = store.world.env().fs.file_len(Path::new(&kept)).unwrap();
        assert_eq!(kept.is_none(), log_is_intact);
    }
}

#[test]
fn of_two_attempts_at_a_flush_one_counts() {
    let store = Store::new();
    store.write(0, (1, 3), &[]).unwrap();
    let entered = store.flush(1, 3).unwrap();
    let store = store.reopen(Survival::Synced);
    assert_eq!(store.ids(), [entered.id]);
    let (_, again) = store.write(0, (1, 3), &[]).unwrap();
    assert_eq!(store.reopen_without_catalog().ids(), [again.id], "they are the same");
}

#[test]
fn a_merge_that_was_not_entered_is_removed() {
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap());
    store.write(1, (1, 4), &[a.id, b.id]).unwrap();
    let store = store.reopen(Survival::Synced);
    assert_eq!((store.ids(), store.part_files()), (vec![a.id, b.id], 2));
}

#[test]
fn leftovers_of_a_merge_are_removed() {
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap());
    let path = store.parts.path(&a);
    let content = store.world.env().fs.read(&path, 1 << 20).unwrap();
    let merged = store.merge(&[a, b]).unwrap();
    store.world.fs.plant(&path, &content);
    let store = store.reopen(Survival::Synced);
    assert_eq!((store.ids(), store.part_files()), (vec![merged.id], 1));
}

#[test]
fn without_a_catalog_the_parts_say_what_counts() {
    let store = Store::new();
    let (a, b, c) =
        (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap(), store.flush(4, 9).unwrap());
    let content = store.world.env().fs.read(&store.parts.path(&b), 1 << 20).unwrap();
    let (b_path, merged) = (store.parts.path(&b), store.merge(&[a, b]).unwrap());
    store.world.fs.plant(&b_path, &content);
    store.plant_segments(9..12);
    store.write(0, (9, 12), &[]).unwrap();
    let store = store.reopen_without_catalog();
    assert_eq!(store.parts.list(), [merged, c]);
    assert_eq!(store.parts.flushed(), 9);
    let listed = store.parts.list();
    let store = store.reopen(Survival::Synced);
    assert_eq!(store.parts.list(), listed, "the new catalog has it");
}

#[test]
fn segments_that_came_back_do_not_make_parts_superfluous() {
    for back in [1..2, 1..3, 3..4, 5..6, 1..6] {
        let store = Store::new();
        let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 5).unwrap());
        let merged = store.merge(&[a, b]).unwrap();
        let (_, late) = store.write(0, (5, 7), &[]).unwrap();
        store.plant_segments(back.clone());
        let store = store.reopen_without_catalog();
        assert_eq!(store.ids(), [merged.id, late.id], "{back:?}");
        assert_eq!(store.parts.flushed(), 7, "{back:?}");
    }
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 5).unwrap());
    store.plant_segments(1..3);
    let store = store.reopen_without_catalog();
    assert_eq!(store.ids(), [a.id, b.id], "the second was entered, so the first was");
}

#[test]
fn a_catalog_that_went_back_in_time_is_corrected() {
    let store = Store::new();
    let a = store.flush(1, 3).unwrap();
    let earlier = catalog(&store.world);
    let state = StoreState { flushed: 3, parts: vec![a.clone()] };
    earlier.reset("test", &state).unwrap();
    let b = store.flush(3, 7).unwrap();
    let merged = store.merge(&[a, b]).unwrap();
    let c = store.flush(7, 8).unwrap();
    let store = open(&store.world, &earlier);
    assert_eq!((store.ids(), store.parts.flushed()), (vec![merged.id, c.id], 8));
}

#[test]
fn entries_without_a_file_are_dropped() {
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap());
    store.world.env().fs.remove(&store.parts.path(&a)).unwrap();
    let store = store.reopen(Survival::All);
    assert_eq!((store.ids(), store.parts.flushed()), (vec![b.id], 4));
}

#[test]
fn damaged_and_foreign_files_do_not_stop_the_start() {
    let store = Store::new();
    let a = store.flush(1, 3).unwrap();
    let folder = Path::new("/data/test/parts/2022-01-08");
    assert!(store.parts.path(&a).starts_with(folder));
    let copy = store.world.env().fs.read(&store.parts.path(&a), 1 << 20).unwrap();
    for (name, content) in [
        ("00000000000000aa.test", &b""[..]),
        ("00000000000000ab.test", b"{\"id\":"),
        ("00000000000000ac.test", &copy),
        ("notes.txt", b"mine"),
        ("00000000000000ad.other", b"mine"),
        ("../stray", b"mine"),
        ("sub/00000000000000ae.test", b"mine"),
    ] {
        store.world.fs.plant(&folder.join(name), content);
    }
    let store = store.reopen(Survival::All);
    assert_eq!(store.ids(), [a.id]);
    let dir = store_dir(&store.world, &store.catalog).unwrap();
    assert_eq!(dir.quarantine.files().len(), 3, "{:?}", dir.quarantine.files());
}

#[test]
fn a_part_of_a_newer_program_is_refused() {
    let store = Store::new();
    store.world.fs.plant(Path::new("/data/test/parts/d/00000000000000aa.test"), b"");
    let dir = store_dir(&store.world, &store.catalog).unwrap();
    let newer = |_: &Path| Err(PartError::Newer { found: 2, known: 1 });
    let refused = Parts::open(&dir, "test", &newer).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 2, .. }), "{refused}");
}

#[test]
fn a_part_found_damaged_is_put_aside() {
    let store = Store::new();
    let (a, b) = (store.flush(1, 3).unwrap(), store.flush(3, 4).unwrap());
    store.parts.quarantine(a.id, "block 3 has a wrong checksum");
    assert_eq!(store.ids(), [b.id]);
    let store = store.reopen(Survival::Synced);
    assert_eq!(store.ids(), [b.id]);
    let dir = store_dir(&store.world, &store.catalog).unwrap();
    assert_eq!(dir.quarantine.files()[0].reason, "block 3 has a wrong checksum");
}

/// Two flushes and a merge, each tried until it succeeds; rows are the segments they cover.
fn scenario(world: &Simulation, catalog: &Arc<Catalog>) -> Option<Store> {
    let attempt = |what: &dyn Fn() -> bool| (0..20).any(|_| what());
    let store = (0..20).find_map(|_| try_open(world, catalog).ok())?;
    for from in 1..4 {
        if !attempt(&|| store.flush(from, from + 1).is_ok()) {
            return None;
        }
    }
    let fresh = store.parts.list();
    attempt(&|| store.merge(&fresh).is_ok()).then_some(store)
}

/// Each row that counts is in exactly one part, and no row that was entered is missing.
fn check_rows(store: &Store, flushed_before: u64) {
    assert!(store.parts.flushed() >= flushed_before);
    store.dir.settle_unentered(true);
    let mut next = 1;
    for part in store.parts.list() {
        assert_eq!(part.wal.from, next, "{:?}", store.parts.list());
        next = part.wal.before;
    }
    assert_eq!(next, store.parts.flushed());
    assert_eq!(store.part_files(), store.ids().len());
}

#[test]
fn a_fault_at_every_operation_loses_no_part() {
    for survival in [Survival::Synced, Survival::Chance, Survival::All] {
        for nth in 1.. {
            let world = Simulation::seeded(nth);
            let catalog = catalog(&world);
            world.env().fs.create_dir_all(Path::new(DATA_DIR)).unwrap();
            world.fs.fail_nth(None, nth, ErrorKind::Other);
            let before = world.fs.operations();
            let store = scenario(&world, &catalog).expect("one fault is survived");
            let done = world.fs.operations() - before < nth;
            assert_eq!(store.parts.flushed(), 4);
            check_rows(&store.reopen(survival), 4);
            if done {
                assert!(nth > 40, "the scenario has more operations than {nth}");
                break;
            }
        }
    }
}

#[test]
fn power_may_go_at_every_operation() {
    for survival in [Survival::Synced, Survival::Chance] {
        for nth in 1..60 {
            let world = Simulation::seeded(nth);
            let catalog = catalog(&world);
            world.env().fs.create_dir_all(Path::new(DATA_DIR)).unwrap();
            // The log is there until the flush was entered.
            for number in 1..5 {
                let name = format!("/data/test/wal/{number:020}.wal");
                world.fs.plant(Path::new(&name), b"");
            }
            world.fs.power_off_at(nth);
            scenario(&world, &catalog);
            world.fs.crash(survival);
            let entered = catalog.load("test").unwrap().map_or(1, |state| state.flushed);
            check_rows(&open(&world, &catalog), entered);
        }
    }
}
