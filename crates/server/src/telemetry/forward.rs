//! From the process to its own stores, a few times a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use model::{LogBatch, SpanBatch};
use store::{LogStore, TraceStore};

use super::Item;

/// How long records wait for company before they are stored.
const GATHER: Duration = Duration::from_millis(250);

/// Records of one batch at most.
const BATCH_MAX: usize = 2048;

/// Receives what the process says about itself; nothing is stored before [`Forwarder::run`].
pub(crate) struct Forwarder {
    receiver: Receiver<Item>,
    dropped: Arc<AtomicU64>,
}

/// A running forwarder.
pub(crate) struct Forwarding {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Forwarder {
    /// A forwarder and the end that items are sent to.
    pub(super) fn new(waiting_max: usize) -> (SyncSender<Item>, Forwarder) {
        let (sender, receiver) = sync_channel(waiting_max);
        (sender, Forwarder { receiver, dropped: Arc::default() })
    }

    /// Counts what was dropped because too much was waiting.
    pub(crate) fn dropped(&self) -> Arc<AtomicU64> {
        self.dropped.clone()
    }

    /// Stores what comes until it is stopped, on a thread of its own.
    pub(crate) fn run(
        self,
        logs: Arc<dyn LogStore>,
        traces: Arc<dyn TraceStore>,
        observe: impl Fn(&SpanBatch) + Send + 'static,
    ) -> std::io::Result<Forwarding> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = stop.clone();
        let thread =
            std::thread::Builder::new().name("self-telemetry".into()).spawn(move || {
                loop {
                    let is_last = stopping.load(Ordering::Relaxed);
                    let (records, spans) = self.gather();
                    self.store(&*logs, &*traces, records, spans, &observe);
                    if is_last {
                        return;
                    }
                }
            })?;
        Ok(Forwarding { stop, thread })
    }

    /// What arrives within a moment.
    fn gather(&self) -> (LogBatch, SpanBatch) {
        let (mut logs, mut spans) = (LogBatch::default(), SpanBatch::default());
        let mut wait = GATHER;
        while logs.records.len() + spans.spans.len() < BATCH_MAX {
            match self.receiver.recv_timeout(wait) {
                Ok(Item::Log(record)) => logs.records.push(record),
                Ok(Item::Span(span)) => spans.spans.push(*span),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
            wait = Duration::from_millis(20);
        }
        (logs, spans)
    }

    /// Appends without waiting; what is refused is counted, not logged, lest it feed itself.
    fn store(
        &self,
        log_store: &dyn LogStore,
        trace_store: &dyn TraceStore,
        logs: LogBatch,
        spans: SpanBatch,
        observe: &impl Fn(&SpanBatch),
    ) {
        let lost = |records: usize| self.dropped.fetch_add(records as u64, Ordering::Relaxed);
        if !logs.records.is_empty() {
            let count = logs.records.len();
            if log_store.append(logs).is_err() {
                lost(count);
            }
        }
        if !spans.spans.is_empty() {
            observe(&spans);
            let count = spans.spans.len();
            if trace_store.append(spans).is_err() {
                lost(count);
            }
        }
    }
}

impl Forwarding {
    /// Stores what is waiting and ends the thread.
    pub(crate) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        if self.thread.join().is_err() {
            tracing::error!("the thread that stores the server's own telemetry panicked");
        }
    }
}
