//! Killing the server while writers write, again and again: what was acknowledged must be there.

mod found;
mod ledger;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::deadline::now_ms;
use crate::process::Signal;
use crate::server::Server;
use crate::writers::{Batch, Outcome, WRITERS, Writer};

pub use ledger::Ledger;

/// Records of a round happened this long ago, so that none lies in the future.
const AGE_MS: i64 = 600_000;

/// Records of a batch at most.
const BATCH_MAX: u64 = 16;

/// How a round ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `kill -9` out of nothing.
    Kill,
    /// `kill -9` so long after `kill`, while memory is being written to disk.
    KillWhileStopping(Duration),
}

/// What was seen in a round.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Its number.
    pub round: u64,
    /// How it ended.
    pub end: End,
    /// How long writers wrote.
    pub wrote_for: Duration,
    /// Records that were acknowledged, of all writers.
    pub acknowledged: u64,
    /// Records that were sent and not answered, of all writers.
    pub in_doubt: u64,
    /// Of those, how many were there after all.
    pub kept_of_doubtful: u64,
    /// From the start of the process until it was ready.
    pub start: Duration,
    /// What processors worked for it until then.
    pub start_work: Duration,
    /// The most memory the process occupied until then.
    pub start_memory: u64,
}

/// A server and everything that was ever written to it.
pub struct Crash {
    server: Server,
    rounds: Vec<Vec<Ledger>>,
    random: Random,
}

impl Crash {
    /// Starts a server; the seed decides when it is killed.
    ///
    /// # Panics
    /// When it does not start.
    pub fn begin(seed: u64) -> Crash {
        Crash { server: Server::start(&[]), rounds: Vec::new(), random: Random(seed) }
    }

    /// Writers write, the server is killed and started again, and everything is compared.
    ///
    /// # Panics
    /// When anything acknowledged is missing, or anything is there that should not be.
    pub fn round(&mut self) -> Figures {
        let round = self.rounds.len() as u64;
        let wrote_for = Duration::from_millis(self.random.between(300, 1500));
        let end = match round % 3 {
            2 => End::KillWhileStopping(Duration::from_millis(self.random.between(0, 300))),
            _ => End::Kill,
        };
        let mut ledgers = self.write_until(round, wrote_for, end);
        let start = self.server.start_again();
        let start_work = self.server.process().processor_time();
        let start_memory = self.server.process().peak_memory();
        assert_nothing_damaged(&self.server);

        let acknowledged = ledgers.iter().map(Ledger::acknowledged).sum();
        let in_doubt = ledgers.iter().map(Ledger::in_doubt).sum();
        let kept = ledgers.iter().map(|ledger| ledger.check(&self.server)).sum();
        for ledger in &mut ledgers {
            ledger.send_doubtful_again(&self.server);
            ledger.check(&self.server);
        }
        for ledger in self.rounds.iter().flatten() {
            ledger.check_count(&self.server);
        }
        self.rounds.push(ledgers);
        Figures {
            round,
            end,
            wrote_for,
            acknowledged,
            in_doubt,
            kept_of_doubtful: kept,
            start,
            start_work,
            start_memory,
        }
    }

    /// Compares every record of all rounds.
    ///
    /// # Panics
    /// When anything is missing, or there that should not be.
    pub fn check_all(&self) {
        for ledger in self.rounds.iter().flatten() {
            ledger.check(&self.server);
        }
    }

    /// The server.
    pub fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    fn write_until(&mut self, round: u64, time: Duration, end: End) -> Vec<Ledger> {
        let base_ms = now_ms() - AGE_MS;
        let stop = AtomicBool::new(false);
        let new = |kind| (Ledger::new(kind, round, base_ms), Writer::to(kind, &self.server));
        let pairs: Vec<(Ledger, Writer)> = WRITERS.iter().map(new).collect();
        scope(|scope| {
            let stop = &stop;
            let threads: Vec<_> = pairs
                .into_iter()
                .map(|(ledger, writer)| scope.spawn(move || write(ledger, writer, stop)))
                .collect();
            sleep(time);
            if let End::KillWhileStopping(after) = end {
                self.server.process().signal(Signal::TERM);
                sleep(after);
            }
            self.server.kill();
            stop.store(true, Ordering::SeqCst);
            let joined = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined.map(|ledger| ledger.expect("a writer does not panic")).collect()
        })
    }
}

/// Sends batch after batch, each until it is acknowledged, until it is time to stop.
fn write(mut ledger: Ledger, mut writer: Writer, stop: &AtomicBool) -> Ledger {
    let mut size = 0;
    while !stop.load(Ordering::SeqCst) {
        size = size % BATCH_MAX + 1;
        let batch = ledger.next(size);
        while !stop.load(Ordering::SeqCst) {
            ledger.sent(&batch);
            match writer.send(&batch) {
                Outcome::Acknowledged => {
                    ledger.acknowledge(&batch);
                    break;
                }
                Outcome::Refused { status: 429 | 503, .. } => ledger.refused(&batch),
                Outcome::Refused { status, message, .. } => panic!("{status} {message}"),
                Outcome::Lost(_) => sleep(Duration::from_millis(5)),
            }
        }
    }
    ledger
}

/// # Panics
/// When a file was put aside.
fn assert_nothing_damaged(server: &Server) {
    for signal in ["metrics", "logs", "traces"] {
        let store = server.store(signal);
        assert_eq!(store["quarantined"], serde_json::json!([]), "{signal}");
    }
}

/// Sends each writer's batches one after the other for a while, to a server that stays.
///
/// # Panics
/// When a batch is neither taken nor refused as it should be.
pub fn write_for(server: &Server, round: u64, time: Duration) -> Vec<Ledger> {
    let base_ms = now_ms() - AGE_MS;
    let begun = Instant::now();
    let mut pairs: Vec<(Ledger, Writer)> = WRITERS
        .iter()
        .map(|kind| (Ledger::new(kind, round, base_ms), Writer::to(kind, server)))
        .collect();
    while begun.elapsed() < time {
        for (ledger, writer) in &mut pairs {
            let batch: Batch = ledger.next(BATCH_MAX);
            ledger.sent(&batch);
            let outcome = writer.send(&batch);
            assert!(matches!(outcome, Outcome::Acknowledged), "{}: {outcome:?}", batch.writer);
            ledger.acknowledge(&batch);
        }
    }
    pairs.into_iter().map(|(ledger, _)| ledger).collect()
}

/// Numbers without a pattern, the same for the same seed (xorshift64*).
struct Random(u64);

impl Random {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 = self.0.max(1);
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        low + (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % (high - low)
    }
}
