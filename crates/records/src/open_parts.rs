//! Parts that are open: their footers stay in memory while there is room.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use env::Fs;
use parking_lot::Mutex;
use storage::{PartError, PartId};

use crate::Signal;
use crate::reader::PartReader;

/// Memory that the readers together may occupy.
const BYTES_MAX: usize = 64 << 20;
/// Files that are open at once; a process has a thousand on most systems.
const FILES_MAX: usize = 256;

/// Readers of parts, those that were used last.
pub(crate) struct OpenParts {
    signal: &'static Signal,
    fs: Arc<dyn Fs>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    readers: HashMap<PartId, (Arc<PartReader>, u64)>,
    /// Counts uses, to tell which was last.
    uses: u64,
    bytes: usize,
}

impl OpenParts {
    pub(crate) fn new(signal: &'static Signal, fs: Arc<dyn Fs>) -> Self {
        OpenParts { signal, fs, state: Mutex::default() }
    }

    /// The reader of a part, opened if need be. Two threads may open the same part at once; one of
    /// the readers then stays.
    pub(crate) fn get(&self, id: PartId, path: &Path) -> Result<Arc<PartReader>, PartError> {
        {
            let mut state = self.state.lock();
            state.uses += 1;
            let uses = state.uses;
            if let Some((reader, last_use)) = state.readers.get_mut(&id) {
                *last_use = uses;
                return Ok(reader.clone());
            }
        }
        let reader = Arc::new(PartReader::open(&*self.fs, path, self.signal)?);
        let mut state = self.state.lock();
        state.forget(id);
        state.bytes += reader.byte_len();
        let uses = state.uses;
        state.readers.insert(id, (reader.clone(), uses));
        while state.bytes > BYTES_MAX || state.readers.len() > FILES_MAX {
            let oldest = state.readers.iter().min_by_key(|(_, (_, last_use))| *last_use);
            let Some(oldest) = oldest.map(|(id, _)| *id).filter(|oldest| *oldest != id) else {
                break;
            };
            state.forget(oldest);
        }
        Ok(reader)
    }

    /// Closes a part as soon as nobody reads it any more.
    pub(crate) fn forget(&self, id: PartId) {
        self.state.lock().forget(id);
    }
}

impl State {
    fn forget(&mut self, id: PartId) {
        if let Some((reader, _)) = self.readers.remove(&id) {
            self.bytes = self.bytes.saturating_sub(reader.byte_len());
        }
    }
}
