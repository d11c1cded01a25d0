//! The log against a disk that does its worst.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use env::{Operation, Simulation, Survival};
use parking_lot::Mutex;
use store::{AppendError, Appended};

use super::*;
use crate::testing::{catalog, store_dir};

/// A head that remembers the numbers it was given, and a log in front of it.
struct Store {
    head: Arc<Mutex<Vec<u64>>>,
    wal: Wal<u64>,
    report: ReplayReport,
}

const SMALL: WalOptions =
    WalOptions { durability: Durability::Fsync, segment_bytes: 200, queue_bytes: 1 << 20 };

const MASK: u64 = 0x0123_4567_89ab_cdef;

/// A number and bytes that do not compress, so that all records are equally long.
fn encode(number: u64) -> Vec<u8> {
    let mut payload = (number ^ MASK).to_le_bytes().to_vec();
    payload.extend((1..21u64).map(|n| (n * 97 + number) as u8));
    payload
}

fn open_with(world: &Simulation, options: WalOptions, from: u64) -> Result<Store, OpenError> {
    let head = Arc::new(Mutex::new(Vec::new()));
    let (replayed, applied) = (head.clone(), head.clone());
    let replay = move |record: Record| {
        let number = record.payload.first_chunk().ok_or("too short")?;
        replayed.lock().push(u64::from_le_bytes(*number) ^ MASK);
        Ok(())
    };
    let apply = move |number| {
        applied.lock().push(number);
        Appended { accepted: 1, ..Appended::default() }
    };
    let dir = store_dir(world, &catalog(world))?;
    let (wal, report) = Wal::open(&dir, options, from, replay, apply)?;
    Ok(Store { head, wal, report })
}

fn open(world: &Simulation) -> Store {
    open_with(world, SMALL, 1).unwrap()
}

impl Store {
    fn append(&self, number: u64) -> Result<(), AppendError> {
        self.wal.append(encode(number), number)?.wait().map(drop)
    }

    fn fill(&self, numbers: std::ops::Range<u64>) {
        numbers.for_each(|number| self.append(number).unwrap());
    }

    fn head(&self) -> Vec<u64> {
        self.head.lock().clone()
    }
}

fn segments(world: &Simulation) -> Vec<PathBuf> {
    let files = world.fs.files().into_iter();
    files.filter(|path| path.starts_with("/data/test/wal")).collect()
}

#[test]
fn what_was_acknowledged_is_replayed_in_order() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..20);
    assert_eq!(store.head(), (0..20).collect::<Vec<_>>());
    assert!(segments(&world).len() > 3);
    world.fs.crash(Survival::Synced);
    let store = open(&world);
    assert_eq!(store.head(), (0..20).collect::<Vec<_>>());
    assert_eq!((store.report.records, store.report.damage.len()), (20, 0));
    store.fill(20..22);
    world.fs.crash(Survival::Synced);
    assert_eq!(open(&world).head(), (0..22).collect::<Vec<_>>());
}

#[test]
fn what_waits_together_is_synced_together() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..1);
    let (entered, release) = (mpsc::sync_channel(0), mpsc::sync_channel::<()>(0));
    std::thread::scope(|scope| {
        let hold = scope.spawn(|| store.wal.cut(move || (entered.0.send(()), release.1.recv())));
        entered.1.recv().unwrap();
        let commits: Vec<_> =
            (1..100).map(|number| store.wal.append(encode(number), number).unwrap()).collect();
        let before = world.fs.operations();
        release.0.send(()).unwrap();
        hold.join().unwrap().unwrap();
        commits.into_iter().for_each(|commit| drop(commit.wait().unwrap()));
        // Create, write and sync the header, sync the directory, write, sync.
        assert_eq!(world.fs.operations() - before, 6);
    });
    assert_eq!(store.head(), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_cut_divides_the_log() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..5);
    let head = store.head.clone();
    let cut = store.wal.cut(move || std::mem::take(&mut *head.lock())).unwrap();
    assert_eq!(cut.frozen, (0..5).collect::<Vec<_>>());
    store.fill(5..8);
    store.wal.truncate_before(cut.before);
    assert_eq!(
        store.wal.bytes(),
        segments(&world).iter().map(|path| len(&world, path)).sum::<u64>()
    );
    world.fs.crash(Survival::Synced);
    assert_eq!(open_with(&world, SMALL, cut.before).unwrap().head(), (5..8).collect::<Vec<_>>());
}

fn len(world: &Simulation, path: &Path) -> u64 {
    world.env().fs.file_len(path).unwrap().unwrap()
}

#[test]
fn segments_before_the_flushed_one_go_at_the_start() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..20);
    let cut = store.wal.cut(|| ()).unwrap();
    drop(store);
    let store = open_with(&world, SMALL, cut.before).unwrap();
    assert_eq!((store.head(), segments(&world).len()), (vec![], 0));
    store.fill(0..1);
    assert_eq!(
        segments(&world),
        [Path::new("/data/test/wal").join(segment::file_name(cut.before))]
    );
}

/// Appends until the fault strikes and a little longer, stops the machine, and replays.
fn survive(world: &Simulation, survival: Survival, may_refuse: bool) {
    let Ok(store) = open_with(world, SMALL, 1) else {
        world.fs.crash(survival);
        return assert_eq!(open(world).head(), [0u64; 0]);
    };
    let outcomes: Vec<_> = (0..12).map(|number| (number, store.append(number))).collect();
    let acknowledged: Vec<_> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(number, _)| *number).collect();
    assert!(may_refuse || acknowledged.len() >= 11, "one fault costs one batch");
    assert_eq!(store.head(), acknowledged, "the head has what was acknowledged");
    world.fs.crash(survival);
    let replayed = open(world).head();
    assert!(replayed.is_sorted_by(|a, b| a < b), "in order, none twice: {replayed:?}");
    assert!(acknowledged.iter().all(|number| replayed.contains(number)), "{replayed:?}");
    // At most the batch that failed last may come back: the machine stopped before the header of
    // the next segment was durable.
    assert!(replayed.len() <= acknowledged.len() + 1, "{acknowledged:?} {replayed:?}");
}

#[test]
fn a_fault_at_every_operation_loses_nothing() {
    for survival in [Survival::Synced, Survival::Chance, Survival::All] {
        for error in [ErrorKind::Other, ErrorKind::StorageFull] {
            let mut nth = 1;
            loop {
                let world = Simulation::seeded(nth);
                world.fs.fail_nth(None, nth, error);
                let before = world.fs.operations();
                survive(&world, survival, false);
                if world.fs.operations() - before < nth {
                    break;
                }
                nth += 1;
            }
            assert!(nth > 40, "the scenario has more operations than {nth}");
        }
    }
}

#[test]
fn power_may_go_at_every_operation() {
    for survival in [Survival::Synced, Survival::Chance] {
        for nth in 1..60 {
            let world = Simulation::seeded(nth);
            world.fs.power_off_at(nth);
            survive(&world, survival, true);
        }
    }
}

#[test]
fn a_full_disk_refuses_and_resumes() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..3);
    let used: u64 = segments(&world).iter().map(|path| len(&world, path)).sum();
    world.fs.set_capacity(used + 10);
    for number in 3..6 {
        assert!(matches!(store.append(number), Err(AppendError::DiskFull(_))));
    }
    world.fs.set_capacity(1 << 20);
    store.fill(6..9);
    assert_eq!(store.head(), [0, 1, 2, 6, 7, 8]);
    world.fs.crash(Survival::Synced);
    assert_eq!(open(&world).head(), [0, 1, 2, 6, 7, 8]);
}

#[test]
fn damage_in_the_middle_costs_what_it_hits() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { segment_bytes: 1 << 20, ..SMALL }, 1).unwrap();
    store.fill(0..10);
    drop(store);
    let segment = segments(&world).remove(0);
    let size = len(&world, &segment) as usize;
    let record = (size - segment::HEADER_LEN) / 10;
    for position in 0..size {
        let copy = Simulation { fs: Arc::new(world.fs.fork()), ..world.clone() };
        copy.fs.tamper(&segment, |bytes| bytes[position] ^= 0x10);
        let store = open(&copy);
        let hit = position.checked_sub(segment::HEADER_LEN).map(|offset| (offset / record) as u64);
        let expected: Vec<_> = (0..10).filter(|number| Some(*number) != hit).collect();
        assert_eq!(store.head(), expected, "byte {position}");
        let torn = store.report.torn_tails == 1;
        assert!(torn || store.report.damage.len() == 1, "{:?}", store.report);
        // What is damaged is kept aside when the rest of it has become superfluous.
        let cut = store.wal.cut(|| ()).unwrap();
        store.wal.truncate_before(cut.before);
        let kept = Path::new("/data/test/quarantine").join(segment.file_name().unwrap());
        assert_eq!(copy.env().fs.file_len(&kept).unwrap().is_some(), !torn);
    }
}

#[test]
fn a_zeroed_page_costs_what_it_hits() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { segment_bytes: 1 << 20, ..SMALL }, 1).unwrap();
    store.fill(0..400);
    drop(store);
    let segment = segments(&world).remove(0);
    world.fs.tamper(&segment, |bytes| bytes[4096..8192].fill(0));
    let store = open(&world);
    assert_eq!(store.report.damage.len(), 1, "{:?}", store.report);
    let damage = &store.report.damage[0];
    assert!(damage.offset <= 4096 && damage.offset + damage.bytes >= 8192);
    assert!(damage.bytes < 4096 + 200, "{damage:?}");
    assert!(store.head().len() > 300 && store.head().last() == Some(&399));
}

#[test]
fn cut_short_at_any_byte_it_starts() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { segment_bytes: 1 << 20, ..SMALL }, 1).unwrap();
    store.fill(0..4);
    drop(store);
    let segment = segments(&world).remove(0);
    let size = len(&world, &segment) as usize;
    for keep in 0..size {
        let copy = Simulation { fs: Arc::new(world.fs.fork()), ..world.clone() };
        copy.fs.tamper(&segment, |bytes| bytes.truncate(keep));
        let store = open(&copy);
        let whole = keep.saturating_sub(segment::HEADER_LEN) * 4 / (size - segment::HEADER_LEN);
        assert_eq!(store.head(), (0..whole as u64).collect::<Vec<_>>(), "{keep} bytes");
        store.fill(10..11);
    }
}

#[test]
fn a_segment_lost_in_the_middle_leaves_the_others() {
    let world = Simulation::seeded(1);
    open(&world).fill(0..20);
    let all = segments(&world);
    world.fs.tamper(&all[1], Vec::clear);
    let store = open(&world);
    assert!(store.head().contains(&0) && store.head().contains(&19) && store.head().len() < 20);
    assert_eq!(store.report.damage.len(), 1);
    assert!(!segments(&world).contains(&all[1]), "it lies in the quarantine");
}

#[test]
fn a_damaged_end_of_a_segment_is_no_torn_tail() {
    let world = Simulation::seeded(1);
    open(&world).fill(0..20);
    let all = segments(&world);
    let per_segment = 4;
    let record = (len(&world, &all[0]) as usize - segment::HEADER_LEN) / per_segment;
    for (position, segment) in all.iter().enumerate() {
        for is_cut in [false, true] {
            let copy = Simulation { fs: Arc::new(world.fs.fork()), ..world.clone() };
            copy.fs.tamper(segment, |bytes| match is_cut {
                false => *bytes.last_mut().unwrap() ^= 1,
                true => bytes.truncate(bytes.len() - record),
            });
            let report = open(&copy).report;
            assert_eq!(report.records, 19);
            // Nothing says where the last one ended.
            let is_last = position + 1 == all.len();
            assert_eq!(report.damage.len(), usize::from(!is_last), "{report:?}");
        }
    }
}

#[test]
fn strangers_are_left_alone() {
    let world = Simulation::seeded(1);
    open(&world).fill(0..3);
    for name in ["notes.txt", "00000000000000000001.wal.bak", "sub/00000000000000000009.wal"] {
        world.fs.plant(&Path::new("/data/test/wal").join(name), b"garbage");
    }
    let garbage = Path::new("/data/test/wal/00000000000000000007.wal");
    world.fs.plant(garbage, &[0xab; 5000]);
    let store = open(&world);
    assert_eq!(store.head(), [0, 1, 2]);
    assert_eq!(store.report.damage.len(), 1);
    assert!(!segments(&world).iter().any(|path| path == garbage));
    assert_eq!(segments(&world).len(), 4);
}

#[test]
fn a_segment_of_a_newer_program_is_refused() {
    let world = Simulation::seeded(1);
    let header = segment::Header { version: 2, number: 3, previous: None };
    let path = Path::new("/data/test/wal").join(segment::file_name(3));
    world.fs.plant(&path, &header.encode());
    let refused = open_with(&world, SMALL, 1).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 2, known: 1, .. }), "{refused}");
}

#[test]
fn a_record_that_is_not_taken_is_reported_and_kept() {
    let world = Simulation::seeded(1);
    let store = open(&world);
    store.fill(0..1);
    store.wal.append(vec![1, 2, 3], 9).unwrap().wait().unwrap();
    drop(store);
    let store = open(&world);
    assert_eq!(store.head(), [0]);
    assert_eq!(store.report.damage[0].reason, "too short");
}

#[test]
fn too_much_at_once_is_refused() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { queue_bytes: 100, ..SMALL }, 1).unwrap();
    let (entered, release) = (mpsc::sync_channel(0), mpsc::sync_channel::<()>(0));
    std::thread::scope(|scope| {
        let hold = scope.spawn(|| store.wal.cut(move || (entered.0.send(()), release.1.recv())));
        entered.1.recv().unwrap();
        let large = store.wal.append(vec![0; 500], 0).unwrap();
        let refused = store.wal.append(vec![0; 1], 1);
        assert!(matches!(refused, Err(AppendError::Overloaded { .. })));
        release.0.send(()).unwrap();
        hold.join().unwrap().unwrap();
        large.wait().unwrap();
    });
    assert_eq!(store.append(2), Ok(()));
    let huge = store.wal.append(vec![0; record::PAYLOAD_BYTES_MAX + 1], 3);
    assert!(matches!(huge, Err(AppendError::Invalid(_))));
}

#[test]
fn stopping_writes_what_waits_and_refuses_the_rest() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { durability: Durability::None, ..SMALL }, 1).unwrap();
    let commits: Vec<_> = (0..50).map(|n| store.wal.append(encode(n), n).unwrap()).collect();
    store.wal.stop();
    commits.into_iter().for_each(|commit| drop(commit.wait().unwrap()));
    assert_eq!(store.append(50), Err(AppendError::Stopping));
    assert!(store.wal.cut(|| ()).is_err());
    world.fs.crash(Survival::Synced);
    assert_eq!(open(&world).head(), (0..50).collect::<Vec<_>>());
}

#[test]
fn weaker_durability_acknowledges_before_the_sync() {
    for durability in [Durability::None, Durability::Interval(Duration::from_secs(3600))] {
        let world = Simulation::seeded(1);
        let options = WalOptions { durability, segment_bytes: 1 << 20, ..SMALL };
        let store = open_with(&world, options, 1).unwrap();
        store.fill(0..2);
        let killed = Simulation { fs: Arc::new(world.fs.fork()), ..world.clone() };
        assert_eq!(open(&killed).head(), [0, 1], "it survives the process");
        world.fs.crash(Survival::Synced);
        assert_eq!(open(&world).head(), [0u64; 0], "but not the machine");
    }
}

#[test]
fn an_interval_that_has_passed_brings_a_sync() {
    let world = Simulation::seeded(1);
    let options = WalOptions { durability: Durability::Interval(Duration::ZERO), ..SMALL };
    let store = open_with(&world, options, 1).unwrap();
    store.fill(0..2);
    store.wal.cut(|| ()).unwrap();
    world.fs.crash(Survival::Synced);
    assert_eq!(open(&world).head(), [0, 1]);
}

#[test]
fn a_failed_sync_gives_the_segment_up() {
    let world = Simulation::seeded(1);
    let store = open_with(&world, WalOptions { segment_bytes: 1 << 20, ..SMALL }, 1).unwrap();
    store.fill(0..2);
    world.fs.fail_nth(Some(Operation::Sync), 1, ErrorKind::Other);
    assert!(matches!(store.append(2), Err(AppendError::Io(_))));
    store.fill(3..5);
    for survival in [Survival::All, Survival::Synced] {
        let copy = Simulation { fs: Arc::new(world.fs.fork()), ..world.clone() };
        copy.fs.crash(survival);
        assert_eq!(open(&copy).head(), [0, 1, 3, 4], "what failed does not come back");
    }
}

#[test]
fn any_bytes_are_read_without_harm() {
    let world = Simulation::seeded(1);
    open_with(&world, WalOptions { segment_bytes: 1 << 20, ..SMALL }, 1).unwrap().fill(0..5);
    let whole = world.env().fs.read(&segments(&world)[0], 1 << 20).unwrap();
    assert_eq!(check_segment(1, &whole).len(), 5);
    assert_eq!(check_segment(2, &whole).len(), 0, "a segment is valid under its own number");
    let random = world.env().random;
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..=random.next_u64() % 8 {
            let position = random.next_u64() as usize % bytes.len();
            bytes[position] = random.next_u64() as u8;
        }
        bytes.truncate(random.next_u64() as usize % (bytes.len() + 1));
        assert!(check_segment(1, &bytes).len() <= 5);
    }
}
