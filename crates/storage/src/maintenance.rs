//! What happens by itself: flushing, expiring, merging.

#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use env::Env;
use parking_lot::{Condvar, Mutex};

use crate::error::is_full;
use crate::{MergePolicy, PartEntry, Retention, expired, plan_merge};

/// A store that is looked after.
pub trait Maintained: Send + Sync + 'static {
    /// What is not in parts yet.
    fn unflushed(&self) -> Unflushed;

    /// Writes it into parts.
    ///
    /// # Errors
    /// When the disk fails; nothing is lost by it, and it is tried again.
    fn flush(&self) -> io::Result<()>;

    /// The parts that count.
    fn parts(&self) -> Vec<PartEntry>;

    /// Makes one part of several, given in order of arrival.
    ///
    /// # Errors
    /// When the disk fails or one of them is damaged. The store has put that one aside.
    fn merge(&self, parts: &[PartEntry]) -> io::Result<()>;

    /// Removes parts that are too old.
    ///
    /// # Errors
    /// When the catalog fails.
    fn expire(&self, parts: &[PartEntry]) -> io::Result<()>;
}

/// What a store holds in memory only, apart from its log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unflushed {
    /// Bytes of memory.
    pub bytes: u64,
    /// When the oldest of it arrived, on the monotonic clock.
    pub since_ns: Option<u64>,
    /// Whether a flush has failed and a frozen head still waits.
    pub waiting: bool,
}

/// When something is due.
#[derive(Clone, Copy, Debug)]
pub struct MaintenancePolicy {
    /// A head that occupies so much is flushed.
    pub flush_bytes: u64,
    /// A head that is so old is flushed.
    pub flush_age: Duration,
    /// What is kept.
    pub retention: Retention,
    /// What is merged.
    pub merge: MergePolicy,
}

impl Default for MaintenancePolicy {
    fn default() -> Self {
        MaintenancePolicy {
            flush_bytes: 64 << 20,
            flush_age: Duration::from_secs(30 * 60),
            retention: Retention::default(),
            merge: MergePolicy::default(),
        }
    }
}

/// Does what is due, once; whether there may be more.
///
/// # Errors
/// The first that occurred. Expiring comes even after a failed flush, for it makes room.
pub fn maintain(store: &dyn Maintained, policy: &MaintenancePolicy, env: &Env) -> io::Result<bool> {
    let flushed = if is_flush_due(store.unflushed(), policy, env) { store.flush() } else { Ok(()) };
    let gone = expired(&store.parts(), policy.retention, env.clock.now_ms());
    if !gone.is_empty() {
        store.expire(&gone)?;
    }
    flushed?;
    match plan_merge(&store.parts(), policy.merge) {
        Some(plan) => store.merge(&plan).map(|()| true),
        None => Ok(false),
    }
}

fn is_flush_due(head: Unflushed, policy: &MaintenancePolicy, env: &Env) -> bool {
    let age_ns = head.since_ns.map_or(0, |since| env.clock.monotonic_ns().saturating_sub(since));
    let is_old = u128::from(age_ns) >= policy.flush_age.as_nanos();
    head.waiting || head.bytes >= policy.flush_bytes || (head.since_ns.is_some() && is_old)
}

/// The thread that calls [`maintain`]. It stops when this is dropped or the store is gone.
pub struct Maintenance {
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Signal {
    stopping: Mutex<bool>,
    changed: Condvar,
}

const EVERY: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(60);

impl Maintenance {
    /// Starts looking after a store, once a second; after a failure it waits longer each time.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(
        name: &str,
        store: Weak<dyn Maintained>,
        policy: MaintenancePolicy,
        env: &Env,
    ) -> io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let (name, env, shared) = (name.to_owned(), env.clone(), signal.clone());
        let thread = std::thread::Builder::new()
            .name(format!("{name}-parts"))
            .spawn(move || run(&name, &store, &policy, &env, &shared))?;
        Ok(Maintenance { signal, thread: Mutex::new(Some(thread)) })
    }

    /// Returns when the thread has finished what it is doing.
    pub fn stop(&self) {
        *self.signal.stopping.lock() = true;
        self.signal.changed.notify_all();
        let Some(thread) = self.thread.lock().take() else { return };
        // The thread may hold the last reference to the store, and so drop this itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("a maintenance thread panicked");
        }
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(
    name: &str,
    store: &Weak<dyn Maintained>,
    policy: &MaintenancePolicy,
    env: &Env,
    signal: &Signal,
) {
    let mut pause = EVERY;
    while !signal.stops_within(pause) {
        let Some(store) = store.upgrade() else { return };
        match maintain(&*store, policy, env) {
            Ok(more) => pause = if more { Duration::ZERO } else { EVERY },
            Err(error) => {
                pause = (pause * 2).clamp(EVERY, BACKOFF_MAX);
                let cause = if is_full(&error) { "the disk is full" } else { "it failed" };
                tracing::warn!(
                    "maintenance of {name} is tried again in {pause:?}, {cause}: {error}"
                );
            }
        }
    }
}

impl Signal {
    fn stops_within(&self, pause: Duration) -> bool {
        let mut stopping = self.stopping.lock();
        if !*stopping && !pause.is_zero() {
            self.changed.wait_while_for(&mut stopping, |stopping| !*stopping, pause);
        }
        *stopping
    }
}
