//! The part files of one store: making them, entering them, taking them out.

mod file;
mod recovery;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::catalog::StoreState;
use crate::{OpenError, PartDescription, PartEntry, PartError, PartId, StoreDir, day_name};

pub use file::{FinishedPart, PartFile};

/// The parts that count, in order of arrival, and their files below `parts/<day>/`.
pub struct Parts {
    dir: Arc<StoreDir>,
    extension: &'static str,
    state: Mutex<StoreState>,
    /// One change at a time; the state itself is never locked while the disk works.
    change: Mutex<()>,
}

/// What becomes true at once.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Parts that count from now on; their files are finished.
    pub add: Vec<PartEntry>,
    /// Parts that do not count any more; their files are removed.
    pub remove: Vec<PartEntry>,
    /// The first segment of the log whose records are not in parts, when it advances.
    pub flushed: Option<u64>,
}

impl Parts {
    /// Opens the parts of a store and brings catalog and files into agreement; `describe` reads a
    /// part's description from its file. It is called for files that the catalog does not know,
    /// and for all when the catalog was lost.
    ///
    /// - Files without an entry whose rows are still in the log do not count; opening the log
    ///   removes them, or puts them aside if it is damaged.
    /// - Those whose rows are in a merged part are removed, as are unfinished ones.
    /// - The others were lost by the catalog and count again.
    /// - Entries without a file are dropped, and said.
    ///
    /// # Errors
    /// `Newer` for a part of a later format, `Io` when the disk or the catalog fails.
    pub fn open(
        dir: &Arc<StoreDir>,
        extension: &'static str,
        describe: &dyn Fn(&Path) -> Result<PartDescription, PartError>,
    ) -> Result<Self, OpenError> {
        let mut state = recovery::recover(dir, extension, describe)?;
        sort(&mut state.parts);
        let (dir, state) = (dir.clone(), Mutex::new(state));
        Ok(Parts { dir, extension, state, change: Mutex::new(()) })
    }

    /// The parts that count, in order of arrival.
    pub fn list(&self) -> Vec<PartEntry> {
        self.state.lock().parts.clone()
    }

    /// The first segment of the log whose records are not in parts: where replay begins.
    pub fn flushed(&self) -> u64 {
        self.state.lock().flushed
    }

    /// Where a part's file lies.
    pub fn path(&self, part: &PartEntry) -> PathBuf {
        self.dir.path.join(&part.file)
    }

    /// Begins the file of a new part.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn create(&self, day: i64) -> io::Result<PartFile> {
        PartFile::create(&self.dir, &format!("parts/{}", day_name(day)), self.extension)
    }

    /// Makes a change in one transaction, then removes the files of the parts that do not count
    /// any more. Readers that have them open go on reading.
    ///
    /// # Errors
    /// When the catalog fails; then nothing has changed. It may be that the change is there after a
    /// crash all the same, so the files of a flush must stay: try the same change again.
    pub fn commit(&self, change: &Change) -> io::Result<()> {
        let _one_at_a_time = self.change.lock();
        let flushed = change.flushed.unwrap_or_else(|| self.flushed());
        self.dir.catalog.change(&self.dir.store, &change.add, &change.remove, flushed)?;
        {
            let mut state = self.state.lock();
            state.flushed = flushed;
            state.parts.retain(|part| change.remove.iter().all(|gone| gone.id != part.id));
            state.parts.extend(change.add.iter().cloned());
            sort(&mut state.parts);
        }
        for part in &change.remove {
            if let Err(error) = self.dir.env.fs.remove(&self.path(part)) {
                tracing::warn!("a part that does not count any more stays for now: {error}");
            }
            self.remove_day_if_empty(part);
        }
        Ok(())
    }

    /// Removes a finished file that is not going to be entered.
    pub fn discard(&self, file: &FinishedPart) {
        if let Err(error) = self.dir.env.fs.remove(&self.dir.path.join(&file.file)) {
            tracing::warn!("a part that was never entered stays for now: {error}");
        }
    }

    /// Takes out a part that turned out to be damaged, and puts its file aside.
    pub fn quarantine(&self, id: PartId, reason: &str) {
        let part = self.state.lock().parts.iter().find(|part| part.id == id).cloned();
        let Some(part) = part else { return };
        // The file goes first: an entry without a file is dropped at the next start, while a file
        // without an entry would be taken for one that the catalog lost.
        let path = self.path(&part);
        if !self.dir.quarantine.put(&path, reason) {
            self.state.lock().parts.retain(|part| part.id != id);
            return;
        }
        let _one_at_a_time = self.change.lock();
        let flushed = self.flushed();
        let entry = std::slice::from_ref(&part);
        if let Err(error) = self.dir.catalog.change(&self.dir.store, &[], entry, flushed) {
            tracing::warn!("{} stays entered until the next start: {error}", path.display());
        }
        self.state.lock().parts.retain(|part| part.id != id);
        self.remove_day_if_empty(&part);
    }

    fn remove_day_if_empty(&self, part: &PartEntry) {
        let path = self.path(part);
        let Some(day) = path.parent() else { return };
        if self.dir.env.fs.list(day).is_ok_and(|entries| entries.is_empty()) {
            let _another_part_came = self.dir.env.fs.remove_dir(day);
        }
    }
}

fn sort(parts: &mut [PartEntry]) {
    parts.sort_by_key(|part| (part.wal, part.id));
}
