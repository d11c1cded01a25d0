//! What waits to be written.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use store::{AppendError, CommitSender};

use super::record::Packed;

/// Waiting batches and cuts, in order.
pub(super) struct Queue<P> {
    state: Mutex<State<P>>,
    changed: Condvar,
}

struct State<P> {
    entries: VecDeque<Entry<P>>,
    bytes: usize,
    stopping: bool,
}

enum Entry<P> {
    Batch(Batch<P>),
    Cut(CutFn),
}

/// Called with the segment behind the cut.
pub(super) type CutFn = Box<dyn FnOnce(u64) + Send>;

/// A batch in both its forms, and who waits for it.
pub(super) struct Batch<P> {
    pub(super) packed: Packed,
    pub(super) payload: P,
    pub(super) commit: CommitSender,
}

/// What the writer does next.
pub(super) enum Work<P> {
    Write(Vec<Batch<P>>),
    Cut(CutFn),
    /// Nothing came for as long as the writer was willing to wait.
    Idle,
    Stop,
}

/// So much is written and synced at once.
const GROUP_BYTES: usize = 4 << 20;

impl<P> Queue<P> {
    pub(super) fn new() -> Self {
        let state = State { entries: VecDeque::new(), bytes: 0, stopping: false };
        Queue { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// A batch larger than the bound is taken when nothing else waits.
    pub(super) fn push(&self, batch: Batch<P>, bytes_max: usize) -> Result<(), AppendError> {
        let mut state = self.state.lock();
        if state.stopping {
            return Err(AppendError::Stopping);
        }
        let bytes = state.bytes + batch.packed.weight();
        if bytes > bytes_max && state.bytes > 0 {
            return Err(AppendError::Overloaded { retry_after: Duration::from_secs(1) });
        }
        state.bytes = bytes;
        state.entries.push_back(Entry::Batch(batch));
        self.changed.notify_one();
        Ok(())
    }

    /// Whether the cut was queued; not when the log is stopping.
    pub(super) fn push_cut(&self, cut: CutFn) -> bool {
        let mut state = self.state.lock();
        if !state.stopping {
            state.entries.push_back(Entry::Cut(cut));
            self.changed.notify_one();
        }
        !state.stopping
    }

    pub(super) fn stop(&self) {
        self.state.lock().stopping = true;
        self.changed.notify_one();
    }

    /// Waits for work; what was queued before the stop comes before it.
    pub(super) fn next(&self, patience: Option<Duration>) -> Work<P> {
        let mut state = self.state.lock();
        while state.entries.is_empty() {
            if state.stopping {
                return Work::Stop;
            }
            match patience {
                None => self.changed.wait(&mut state),
                Some(patience) => {
                    if self.changed.wait_for(&mut state, patience).timed_out() {
                        return Work::Idle;
                    }
                }
            }
        }
        state.take()
    }
}

impl<P> State<P> {
    /// The first cut, or the batches before it.
    fn take(&mut self) -> Work<P> {
        let (mut group, mut bytes) = (Vec::new(), 0);
        while bytes < GROUP_BYTES {
            match self.entries.pop_front() {
                Some(Entry::Batch(batch)) => {
                    bytes += batch.packed.weight();
                    group.push(batch);
                }
                Some(Entry::Cut(cut)) if group.is_empty() => return Work::Cut(cut),
                Some(cut) => {
                    self.entries.push_front(cut);
                    break;
                }
                None => break,
            }
        }
        self.bytes -= bytes;
        Work::Write(group)
    }
}
