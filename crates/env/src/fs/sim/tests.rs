//! The simulated disk does what its header says.

use std::io::ErrorKind;
use std::path::Path;

use super::{Operation, SimFs, Survival};
use crate::Fs;

fn disk(seed: u64) -> SimFs {
    let fs = SimFs::seeded(seed);
    fs.create_dir_all(Path::new("/d")).unwrap();
    fs
}

fn read(fs: &SimFs, path: &str) -> Option<Vec<u8>> {
    fs.read(Path::new(path), 1 << 20).ok()
}

#[test]
fn a_crash_takes_what_was_not_synced() {
    let fs = disk(1);
    let file = fs.create(Path::new("/d/a")).unwrap();
    file.append(b"kept").unwrap();
    file.sync().unwrap();
    fs.sync_dir(Path::new("/d")).unwrap();
    file.append(b"lost").unwrap();
    let nameless = fs.create(Path::new("/d/b")).unwrap();
    nameless.append(b"synced").unwrap();
    nameless.sync().unwrap();
    fs.crash(Survival::Synced);
    assert_eq!(read(&fs, "/d/a").unwrap(), b"kept");
    assert_eq!(read(&fs, "/d/b"), None, "its name was not synced");
    assert!(file.append(b"x").is_err(), "handles do not outlive a crash");
}

#[test]
fn a_rename_is_durable_once_the_directory_is() {
    let fs = disk(1);
    fs.write_atomic(Path::new("/d/a"), b"old").unwrap();
    fs.plant(Path::new("/d/new"), b"new");
    fs.rename(Path::new("/d/new"), Path::new("/d/a")).unwrap();
    fs.crash(Survival::Synced);
    assert_eq!(read(&fs, "/d/a").unwrap(), b"old");
    fs.rename(Path::new("/d/new"), Path::new("/d/a")).unwrap();
    fs.sync_dir(Path::new("/d")).unwrap();
    fs.crash(Survival::Synced);
    assert_eq!(read(&fs, "/d/a").unwrap(), b"new");
    assert_eq!(read(&fs, "/d/new"), None);
}

#[test]
fn chance_leaves_a_prefix_or_zeros_behind_it() {
    for seed in 0..50 {
        let fs = disk(seed);
        let file = fs.create(Path::new("/d/a")).unwrap();
        fs.sync_dir(Path::new("/d")).unwrap();
        file.append(b"safe").unwrap();
        file.sync().unwrap();
        file.append(b"torn").unwrap();
        fs.crash(Survival::Chance);
        let left = read(&fs, "/d/a").unwrap();
        assert!(left.starts_with(b"safe"));
        let tail = &left[4..];
        let text = tail.iter().take_while(|byte| **byte != 0).count();
        assert!(b"torn".starts_with(&tail[..text]) && tail[text..].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn after_a_failed_sync_nothing_becomes_durable_until_the_file_is_cut() {
    let fs = disk(1);
    let file = fs.create(Path::new("/d/a")).unwrap();
    fs.sync_dir(Path::new("/d")).unwrap();
    file.append(b"one").unwrap();
    file.sync().unwrap();
    file.append(b"two").unwrap();
    fs.fail_nth(Some(Operation::Sync), 1, ErrorKind::Other);
    assert!(file.sync().is_err());
    file.sync().unwrap();
    assert_eq!(read(&fs.fork(), "/d/a").unwrap(), b"onetwo", "a fork keeps what is seen");
    file.truncate(3).unwrap();
    file.append(b"2").unwrap();
    file.sync().unwrap();
    file.append(b"3").unwrap();
    fs.fail_nth(Some(Operation::Sync), 1, ErrorKind::Other);
    assert!(file.sync().is_err());
    file.sync().unwrap();
    fs.crash(Survival::Synced);
    assert_eq!(read(&fs, "/d/a").unwrap(), b"one2");
}

#[test]
fn the_nth_operation_fails_once() {
    let fs = disk(1);
    fs.fail_nth(None, 2, ErrorKind::Other);
    fs.fail_nth(Some(Operation::List), 2, ErrorKind::PermissionDenied);
    assert!(fs.list(Path::new("/d")).is_ok());
    assert_eq!(fs.file_len(Path::new("/d/a")).unwrap_err().kind(), ErrorKind::Other);
    let failed = fs.list(Path::new("/d")).unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::PermissionDenied);
    assert!(fs.list(Path::new("/d")).is_ok());
    fs.power_off_at(1);
    assert!(fs.list(Path::new("/d")).is_err() && fs.list(Path::new("/d")).is_err());
    fs.crash(Survival::All);
    assert!(fs.list(Path::new("/d")).is_ok());
}

#[test]
fn a_full_disk_takes_what_fits() {
    let fs = disk(1);
    fs.set_capacity(6);
    let file = fs.create(Path::new("/d/a")).unwrap();
    file.append(b"1234").unwrap();
    assert_eq!(file.append(b"5678").unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(file.len().unwrap(), 6);
    assert_eq!(fs.space(Path::new("/d")).unwrap().available, 0);
    fs.remove(Path::new("/d/a")).unwrap();
    assert_eq!(fs.space(Path::new("/d")).unwrap().available, 6);
}

#[test]
fn a_lock_is_held_once_and_dies_with_the_process() {
    let fs = disk(1);
    let lock = fs.lock(Path::new("/d/LOCK")).unwrap();
    assert_eq!(fs.lock(Path::new("/d/LOCK")).err().unwrap().kind(), ErrorKind::WouldBlock);
    drop(lock);
    let _lock = fs.lock(Path::new("/d/LOCK")).unwrap();
    fs.crash(Survival::All);
    assert!(fs.lock(Path::new("/d/LOCK")).is_ok());
}

#[test]
fn directories_hold_names() {
    let fs = disk(1);
    assert_eq!(fs.create(Path::new("/none/a")).err().unwrap().kind(), ErrorKind::NotFound);
    fs.create_dir_all(Path::new("/d/e/f")).unwrap();
    fs.plant(Path::new("/d/e/a"), b"123");
    let entries = fs.list(Path::new("/d/e")).unwrap();
    let entries: Vec<_> = entries.into_iter().map(|e| (e.name, e.is_dir, e.len)).collect();
    assert_eq!(entries, [("a".to_owned(), false, 3), ("f".to_owned(), true, 0)]);
    let full = fs.remove_dir(Path::new("/d/e")).unwrap_err();
    assert_eq!(full.kind(), ErrorKind::DirectoryNotEmpty);
    fs.remove_dir(Path::new("/d/e/f")).unwrap();
    assert!(fs.list(Path::new("/d/e/f")).unwrap().is_empty());
}
