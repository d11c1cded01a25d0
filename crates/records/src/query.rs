//! Questions to a store: what they see, and what happens when a part turns out to be damaged.

use std::io::ErrorKind;
use std::sync::Arc;

use storage::{PartEntry, PartError, PartId};
use store::QueryError;

use crate::record_store::RecordStore;
use crate::{Chunk, Signal};

/// All records of a store at one moment.
pub struct Snapshot<'a> {
    pub(crate) store: &'a RecordStore,
    /// What is in no part.
    pub(crate) chunks: Vec<Arc<Chunk>>,
    pub(crate) parts: Arc<Vec<PartEntry>>,
}

/// Why a question has no answer yet.
#[derive(Debug)]
pub enum ScanError {
    /// It has none.
    Query(QueryError),
    /// A part could not be read; without it, or with what replaced it, it may be asked again.
    Part(PartId, PartError),
}

impl From<QueryError> for ScanError {
    fn from(error: QueryError) -> Self {
        ScanError::Query(error)
    }
}

/// Each attempt takes out a part that is damaged or gone.
const ATTEMPTS_MAX: usize = 1_000;

impl Snapshot<'_> {
    /// The kind of records.
    pub fn signal(&self) -> &'static Signal {
        self.store.signal
    }
}

impl RecordStore {
    /// Asks a question of all records at one moment. It is asked again when a part turned out to be
    /// damaged, which is put aside first, so that what is damaged is never served.
    ///
    /// # Errors
    /// Those of the question, and `Io` when the disk fails.
    pub fn query<T>(
        &self,
        run: impl Fn(&Snapshot<'_>) -> Result<T, ScanError>,
    ) -> Result<T, QueryError> {
        for _ in 0..ATTEMPTS_MAX {
            match run(&self.snapshot()) {
                Ok(answer) => return Ok(answer),
                Err(ScanError::Query(error)) => return Err(error),
                Err(ScanError::Part(id, error)) => self.take_out(id, error)?,
            }
        }
        Err(QueryError::Io("too many parts cannot be read".to_owned()))
    }

    fn snapshot(&self) -> Snapshot<'_> {
        let state = self.state.read();
        Snapshot { store: self, chunks: state.chunks(), parts: state.parts.clone() }
    }

    fn take_out(&self, id: PartId, error: PartError) -> Result<(), QueryError> {
        match error {
            PartError::Damaged(reason) => self.quarantine(id, &reason),
            PartError::Io(error) if error.kind() == ErrorKind::NotFound => {
                // Most likely it was merged or expired since the snapshot.
                drop(self.changing.lock());
                if self.state.read().parts.iter().any(|part| part.id == id) {
                    self.quarantine(id, "its file is missing");
                }
            }
            other => return Err(QueryError::Io(format!("part {id}: {other}"))),
        }
        Ok(())
    }

    /// Puts a part aside.
    pub(crate) fn quarantine(&self, id: PartId, reason: &str) {
        let _catalog_and_state_change_together = self.changing.lock();
        self.parts.quarantine(id, reason);
        self.state.write().parts = Arc::new(self.parts.list());
        self.open_parts.forget(id);
    }
}

#[cfg(test)]
mod tests;
