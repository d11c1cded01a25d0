//! A disk that becomes full: refusals that clients understand, answers all the while, and no loss.

use std::time::Duration;

use e2e::crash::{Ledger, write_for};
use e2e::deadline::{eventually, now_ms, wait_until};
use e2e::server::Server;
use e2e::skipped;
use e2e::small_disk::SmallDisk;
use e2e::writers::{Outcome, WRITERS, Writer};

#[test]
fn a_full_disk_in_memory() {
    match SmallDisk::in_memory(64) {
        Some(disk) => fill_and_empty(&disk),
        None => skipped("this user may not mount a file system"),
    }
}

#[test]
fn a_full_disk_with_ext4() {
    match SmallDisk::ext4(64) {
        Some(disk) => fill_and_empty(&disk),
        None => skipped("this user may not mount a file system, or there is no mkfs.ext4"),
    }
}

fn fill_and_empty(disk: &SmallDisk) {
    let mut server = Server::start_in(&disk.path().join("data"), &["--disk-reserve", "4MB"]);
    let before = write_for(&server, 0, Duration::from_secs(1));
    disk.fill(0);
    wait_for_refusals(&server);
    check(&server, &before);
    // The server looks at the disk once a second; until then the disk itself has refused.
    wait_until(Duration::from_secs(5), "the status page says so", || {
        server.status()["storage"]["disk"]["read_only"] == true
    });

    // Nobody has to do anything once there is room.
    disk.empty();
    wait_for_acknowledgements(&server);
    let after = write_for(&server, 3, Duration::from_secs(1));
    check(&server, &before);
    check(&server, &after);

    // A server that starts on a full disk answers, too.
    disk.fill(0);
    server.kill();
    server.start_again();
    check(&server, &before);
    check(&server, &after);
    wait_for_refusals(&server);
    disk.empty();
    wait_for_acknowledgements(&server);
    assert!(server.stop().success());
}

fn check(server: &Server, ledgers: &[Ledger]) {
    for ledger in ledgers {
        ledger.check(server);
    }
}

/// Each protocol says that it takes nothing, and when to come again.
fn wait_for_refusals(server: &Server) {
    for kind in &WRITERS {
        let mut writer = Writer::to(kind, server);
        let batch = Ledger::new(kind, 1, now_ms()).next(1);
        eventually(Duration::from_secs(15), || match writer.send(&batch) {
            Outcome::Refused { status: 429 | 503, retry_after: Some(seconds), message } => {
                assert!(seconds.parse::<u32>().is_ok(), "{}: {seconds:?}", kind.name);
                assert!(!message.is_empty(), "{}", kind.name);
                Ok(())
            }
            // The forward protocol can only withhold the acknowledgement.
            Outcome::Lost(_) if kind.name == "fluent_forward" => Ok(()),
            other => Err(format!("{}: {other:?}", kind.name)),
        });
    }
}

fn wait_for_acknowledgements(server: &Server) {
    for kind in &WRITERS {
        let mut writer = Writer::to(kind, server);
        let batch = Ledger::new(kind, 2, now_ms()).next(1);
        eventually(Duration::from_secs(30), || match writer.send(&batch) {
            Outcome::Acknowledged => Ok(()),
            other => Err(format!("{}: {other:?}", kind.name)),
        });
    }
}
