//! The write-ahead log: what was acknowledged is in it until it is in a part.
//!
//! Segments of numbered files hold records, one per batch. One thread writes them: it takes all
//! that is queued, up to a bound, writes it at once, syncs once, applies the batches to the head in
//! that order and resolves their commits. So the head is always what replaying the log would give,
//! and a query sees a batch exactly when it is durable. `docs/format/wal.md` describes the bytes.
//!
//! When writing fails, the segment is cut back to its last good record; when that fails too, or a
//! sync does, the segment is given up for a new one, whose header says where the good part of the
//! old one ends. A batch whose commit failed is therefore not in what is replayed, unless the
//! machine stops before the new header is durable.

mod queue;
mod record;
mod replay;
mod segment;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::BTreeSet;
use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use store::{AppendError, Appended, Commit};

use crate::{OpenError, StoreDir};
use queue::{Batch, Queue};
use record::Packed;
use segment::Segments;
use writer::Writer;

pub use replay::{Damage, Record, ReplayReport, check_segment};

/// When a batch is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is on stable storage.
    #[default]
    Fsync,
    /// When the operating system has it; it is synced so often.
    Interval(Duration),
    /// When the operating system has it; it syncs when it likes.
    None,
}

impl FromStr for Durability {
    type Err = String;

    /// `fsync`, `interval` (once a second) or `none`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "fsync" => Ok(Durability::Fsync),
            "interval" => Ok(Durability::Interval(Duration::from_secs(1))),
            "none" => Ok(Durability::None),
            other => Err(format!("expected fsync, interval or none, got {other:?}")),
        }
    }
}

/// How a log behaves.
#[derive(Clone, Copy, Debug)]
pub struct WalOptions {
    /// When a batch is acknowledged.
    pub durability: Durability,
    /// A segment that has reached this length is followed by a new one.
    pub segment_bytes: u64,
    /// Once so many bytes are waiting, batches are refused.
    pub queue_bytes: usize,
}

impl Default for WalOptions {
    fn default() -> Self {
        WalOptions { durability: Durability::Fsync, segment_bytes: 64 << 20, queue_bytes: 32 << 20 }
    }
}

/// A log of batches, each of which has two forms: encoded for the disk, and `P` for the head.
pub struct Wal<P> {
    dir: Arc<StoreDir>,
    options: WalOptions,
    queue: Arc<Queue<P>>,
    segments: Arc<Segments>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Where a log was cut, and what was frozen there.
#[derive(Debug)]
pub struct Cut<T> {
    /// All records of segments before this one were applied before the freeze, none since.
    pub before: u64,
    /// What the freezing closure returned.
    pub frozen: T,
}

impl<P: Send + 'static> Wal<P> {
    /// Replays the records of all segments from `replay_from` on, in the order in which they were
    /// applied, then starts the writer thread. Older segments are removed.
    ///
    /// `replay` takes a record, or says why it cannot; such a segment is kept aside later.
    /// `apply` is called on the writer thread with each batch that has become durable.
    ///
    /// # Errors
    /// `Newer` for a segment of a later format, `Io` when the directory cannot be listed. Damage
    /// is in the report instead.
    pub fn open(
        dir: &Arc<StoreDir>,
        options: WalOptions,
        replay_from: u64,
        replay: impl FnMut(Record) -> Result<(), String>,
        apply: impl FnMut(P) -> Appended + Send + 'static,
    ) -> Result<(Self, ReplayReport), OpenError> {
        let (segments, report) = replay::replay(dir, replay_from, replay)?;
        dir.settle_unentered(report.damage.is_empty());
        let segments = Arc::new(segments);
        let queue = Arc::new(Queue::new());
        let writer = Writer::new(dir, options, queue.clone(), segments.clone(), apply);
        let writer = std::thread::Builder::new()
            .name(format!("{}-wal", dir.store))
            .spawn(move || writer.run())?;
        let (dir, writer) = (dir.clone(), Mutex::new(Some(writer)));
        Ok((Wal { dir, options, queue, segments, writer }, report))
    }

    /// Queues a batch. It is compressed here, on the caller's thread.
    ///
    /// # Errors
    /// `DiskFull`, `Overloaded` or `Stopping` when it is not even queued, `Invalid` when it is too
    /// large for a record.
    pub fn append(&self, encoded: Vec<u8>, payload: P) -> Result<Commit, AppendError> {
        self.dir.disk.check()?;
        if encoded.len() > record::PAYLOAD_BYTES_MAX {
            let (len, max) = (encoded.len(), record::PAYLOAD_BYTES_MAX);
            let message = format!("the batch has {len} bytes, more than {max}: send smaller ones");
            return Err(AppendError::Invalid(message));
        }
        let (commit, receiver) = Commit::channel();
        let batch = Batch { packed: Packed::pack(encoded), payload, commit };
        self.queue.push(batch, self.options.queue_bytes)?;
        Ok(receiver)
    }

    /// Runs a closure on the writer thread at a segment boundary, after everything before it was
    /// applied and before anything after it is. This is how a head is frozen. It needs no disk.
    ///
    /// # Errors
    /// When the log has stopped.
    pub fn cut<T: Send + 'static>(
        &self,
        freeze: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<Cut<T>> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let cut = move |before| {
            let _caller_went_away = sender.send(Cut { before, frozen: freeze() });
        };
        let stopped = || io::Error::other("the write-ahead log has stopped");
        if !self.queue.push_cut(Box::new(cut)) {
            return Err(stopped());
        }
        receiver.recv().map_err(|_| stopped())
    }

    /// Removes the segments before this one; their records must all be in parts that count.
    /// Damaged segments are put aside instead. What cannot be removed now is removed later.
    pub fn truncate_before(&self, segment: u64) {
        self.segments.truncate_before(&self.dir, segment);
    }

    /// The bytes of all segments.
    pub fn bytes(&self) -> u64 {
        self.segments.bytes()
    }

    /// Writes what is queued, syncs it, and stops. Batches that come later are refused.
    pub fn stop(&self) {
        self.queue.stop();
        if let Some(writer) = self.writer.lock().take()
            && writer.join().is_err()
        {
            tracing::error!("the writer of the {} log panicked", self.dir.store);
        }
    }
}

impl<P> Drop for Wal<P> {
    fn drop(&mut self) {
        self.queue.stop();
        if let Some(writer) = self.writer.lock().take() {
            let _panic_was_printed = writer.join();
        }
    }
}

/// The numbers of the segments a store has.
pub(crate) fn segment_numbers(dir: &StoreDir) -> io::Result<BTreeSet<u64>> {
    let entries = dir.env.fs.list(&dir.wal_dir())?;
    let files = entries.iter().filter(|entry| !entry.is_dir);
    Ok(files.filter_map(|entry| segment::parse_name(&entry.name)).collect())
}
