//! Writers, questions, flushes, merges and retention at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

const WRITERS: usize = 3;
const BATCHES: usize = 60;

/// Every question sees all that was acknowledged before it, nothing twice, and never an error,
/// while parts come and go under it.
#[test]
fn questions_see_everything_whatever_happens_meanwhile() {
    let world = World::new(1);
    let acknowledged: Vec<AtomicUsize> = (0..WRITERS).map(|_| AtomicUsize::new(0)).collect();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let maintaining = scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                world.flush();
                world.maintain(Retention::default());
            }
        });
        let writing: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (world, acknowledged) = (&world, &acknowledged[writer]);
                scope.spawn(move || {
                    for batch in 0..BATCHES {
                        let name = |n| format!("{writer}.{}", batch * 4 + n);
                        let records = (0..4).map(|n| record(&name(n), NOW_NS + n as i64)).collect();
                        world.append(records).unwrap();
                        acknowledged.store((batch + 1) * 4, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        while !writing.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            check(&world, &acknowledged);
        }
        writing.into_iter().for_each(|writer| writer.join().unwrap());
        is_done.store(true, Ordering::SeqCst);
        maintaining.join().unwrap();
    });
    check(&world, &acknowledged);
    assert_eq!(world.messages().len(), WRITERS * BATCHES * 4);
    assert_eq!(world.store().stats().quarantined, []);
}

fn check(world: &World, acknowledged: &[AtomicUsize]) {
    let before: Vec<usize> =
        acknowledged.iter().map(|count| count.load(Ordering::SeqCst)).collect();
    let messages = world.messages();
    let distinct: BTreeSet<&String> = messages.iter().collect();
    assert_eq!(distinct.len(), messages.len(), "a record comes twice");
    for (writer, count) in before.into_iter().enumerate() {
        for number in 0..count {
            assert!(distinct.contains(&format!("{writer}.{number}")), "{writer}.{number} is lost");
        }
    }
}
