//! The thread that writes the log.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use store::Appended;

use super::queue::{Batch, Queue, Work};
use super::record::Place;
use super::segment::{OpenSegment, Segments, Written};
use super::{Durability, WalOptions};
use crate::StoreDir;
use crate::error::append_error;

pub(super) struct Writer<P, A> {
    dir: Arc<StoreDir>,
    options: WalOptions,
    queue: Arc<Queue<P>>,
    segments: Arc<Segments>,
    apply: A,
    open: Option<OpenSegment>,
    /// Where the segment before the next one ends.
    previous: Option<Place>,
    synced_at_ns: u64,
    is_failing: bool,
    buffer: Vec<u8>,
}

/// A buffer that a large group has grown beyond this is given back.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

impl<P, A: FnMut(P) -> Appended> Writer<P, A> {
    pub(super) fn new(
        dir: &Arc<StoreDir>,
        options: WalOptions,
        queue: Arc<Queue<P>>,
        segments: Arc<Segments>,
        apply: A,
    ) -> Self {
        Writer {
            dir: dir.clone(),
            options,
            queue,
            segments,
            apply,
            open: None,
            previous: None,
            synced_at_ns: dir.env.clock.monotonic_ns(),
            is_failing: false,
            buffer: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        loop {
            match self.queue.next(self.patience()) {
                Work::Write(group) => self.write(group),
                Work::Cut(cut) => {
                    self.close();
                    cut(self.segments.next());
                }
                Work::Idle => {}
                Work::Stop => return self.close(),
            }
            if self.patience().is_some_and(|patience| patience.is_zero()) {
                self.sync();
            }
        }
    }

    /// How long to wait for work before a sync is due; for ever when none is.
    fn patience(&self) -> Option<Duration> {
        let Durability::Interval(every) = self.options.durability else { return None };
        if self.open.as_ref().is_none_or(|segment| segment.synced) {
            return None;
        }
        let passed = self.dir.env.clock.monotonic_ns() - self.synced_at_ns;
        Some(every.saturating_sub(Duration::from_nanos(passed)))
    }

    fn write(&mut self, group: Vec<Batch<P>>) {
        let outcome = self.persist(&group);
        self.report(&outcome);
        match outcome {
            Ok(()) => {
                for batch in group {
                    let appended = (self.apply)(batch.payload);
                    batch.commit.resolve(Ok(appended));
                }
            }
            Err(error) => {
                for batch in group {
                    batch.commit.resolve(Err(append_error(&error)));
                }
            }
        }
    }

    /// Says when writing begins to fail and when it succeeds again, and not for every batch.
    fn report(&mut self, outcome: &io::Result<()>) {
        let was_failing = std::mem::replace(&mut self.is_failing, outcome.is_err());
        match outcome {
            Err(error) if !was_failing => {
                tracing::warn!("{} batches are refused: {error}", self.dir.store);
            }
            Ok(()) if was_failing => tracing::info!("{} is written again", self.dir.store),
            _ => {}
        }
    }

    fn persist(&mut self, group: &[Batch<P>]) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.end >= self.options.segment_bytes) {
            self.close();
        }
        if self.open.is_none() {
            self.open = Some(self.create_segment()?);
        }
        let open = self.open.as_mut().expect("it was just made");
        self.buffer.clear();
        for batch in group {
            let mut place = open.place();
            place.offset += self.buffer.len() as u64;
            batch.packed.frame(place, &mut self.buffer);
        }
        let written = open.write(&self.buffer, self.options.durability == Durability::Fsync);
        self.segments.grown(open.end);
        self.buffer.shrink_to(BUFFER_BYTES_KEPT);
        match written {
            Written::Yes => Ok(()),
            Written::No(error) => Err(error),
            Written::Broken(error) => {
                self.give_up();
                // The new header hides what failed from a replay; better before anyone is told.
                self.open = self.create_segment().ok();
                Err(error)
            }
        }
    }

    fn create_segment(&mut self) -> io::Result<OpenSegment> {
        let number = self.segments.next();
        let dir = self.dir.wal_dir();
        let open = OpenSegment::create(&*self.dir.env.fs, &dir, number, self.previous)?;
        self.segments.opened(number);
        self.segments.grown(open.end);
        Ok(open)
    }

    /// Ends the segment; the next batch begins a new one.
    fn close(&mut self) {
        self.sync();
        self.give_up();
    }

    fn give_up(&mut self) {
        if let Some(open) = self.open.take() {
            self.previous = Some(open.place());
            self.segments.closed(open.number, open.end);
        }
    }

    /// What is not synced here was acknowledged under a durability that allows it to be lost.
    fn sync(&mut self) {
        self.synced_at_ns = self.dir.env.clock.monotonic_ns();
        let outcome = self.open.as_mut().map_or(Ok(()), OpenSegment::sync);
        if let Err(error) = outcome {
            tracing::warn!("the last batches of {} may not survive: {error}", self.dir.store);
            self.give_up();
        }
    }
}
