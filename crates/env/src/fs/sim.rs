//! A file system in memory that fails on demand.
//!
//! What it models:
//! - **Lost data.** What was appended after the last successful sync of a file is gone after
//!   [`SimFs::crash`], or survives as a prefix, or as a prefix followed by zeros.
//! - **Lost names.** A file that was created, renamed or removed is so durably only once its
//!   directory was synced; before, each name changes for itself or not at all. A rename that was not
//!   synced may thus leave both names or neither, which is more than a journaling file system does.
//! - **Failed syncs.** After one, what was unsynced never becomes durable in that file, though later
//!   syncs report success (Rebello et al., "Can applications recover from fsync failures?", 2020).
//!   Only cutting the file back to what is durable heals it.
//! - **Failing operations.** The n-th operation, of one kind or of any, fails once with a chosen
//!   error; an append that fails has written a part of its content.
//! - **Power loss.** From the n-th operation on everything fails until the crash.
//! - **A full disk.** Appending beyond the capacity writes what fits and fails.
//! - **Damage.** [`SimFs::tamper`] changes a file behind everybody's back.
//!
//! What it does not model: reads that return wrong bytes once and right ones later, reordering
//! within the unsynced part of a file, and directories lost by a crash (making one syncs its name).

mod disk;
mod faults;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Entry, File, Fs, Space};
use disk::{Disk, InodeId};

/// What can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the functions of `Fs` and `File`")]
pub enum Operation {
    Create,
    Open,
    Read,
    Append,
    Truncate,
    Sync,
    Rename,
    Remove,
    RemoveDir,
    CreateDir,
    SyncDir,
    List,
    Len,
    Space,
    Lock,
}

/// What a crash leaves of that which was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survival {
    /// Nothing: the power went.
    Synced,
    /// Some, by chance: the power went while the system was writing back.
    Chance,
    /// Everything: only the process died.
    All,
}

/// A file system in memory; a clone shares it.
#[derive(Clone)]
pub struct SimFs {
    disk: Arc<Mutex<Disk>>,
}

impl SimFs {
    /// An empty disk without bounds; the seed decides what chance decides.
    pub fn seeded(seed: u64) -> Self {
        SimFs { disk: Arc::new(Mutex::new(Disk::seeded(seed))) }
    }

    /// How many operations there were so far.
    pub fn operations(&self) -> u64 {
        self.disk.lock().faults.count()
    }

    /// Makes the `nth` operation from now, counted from 1, fail once; of one kind, or of any.
    pub fn fail_nth(&self, kind: Option<Operation>, nth: u64, error: ErrorKind) {
        self.disk.lock().faults.fail_nth(kind, nth, error);
    }

    /// Makes everything fail from the `nth` operation from now, counted from 1, until the crash.
    pub fn power_off_at(&self, nth: u64) {
        self.disk.lock().faults.power_off_at(nth);
    }

    /// Takes back all faults that have not happened yet, and gives the power back.
    pub fn clear_faults(&self) {
        self.disk.lock().faults.clear();
    }

    /// Bounds the sum of all files, in bytes.
    pub fn set_capacity(&self, bytes: u64) {
        self.disk.lock().capacity = bytes;
    }

    /// Stops the world: open files and locks become invalid, faults are cleared, and of what was
    /// not synced there stays what `survival` says.
    pub fn crash(&self, survival: Survival) {
        self.disk.lock().crash(survival);
    }

    /// Changes a file, durably and unnoticed.
    ///
    /// # Panics
    /// When there is no such file: a test that damages nothing tests nothing.
    pub fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut disk = self.disk.lock();
        let inode = disk.lookup(path).expect("the file to damage exists");
        disk.rewrite(inode, change);
    }

    /// Puts a file there, durably, as a stranger would.
    pub fn plant(&self, path: &Path, content: &[u8]) {
        let mut disk = self.disk.lock();
        let inode = disk.plant(path);
        disk.rewrite(inode, |old| content.clone_into(old));
    }

    /// All files, sorted.
    pub fn files(&self) -> Vec<PathBuf> {
        self.disk.lock().paths()
    }

    /// Everything on the disk as it is now, durably, on a disk of its own without faults.
    #[must_use]
    pub fn fork(&self) -> Self {
        SimFs { disk: Arc::new(Mutex::new(self.disk.lock().fork())) }
    }

    fn step(&self, kind: Operation, path: &Path) -> io::Result<parking_lot::MutexGuard<'_, Disk>> {
        let mut disk = self.disk.lock();
        disk.faults.step(kind).map_err(|error| named(error, path))?;
        Ok(disk)
    }

    fn file(&self, inode: InodeId, disk: &Disk, writable: bool) -> Box<dyn File> {
        let generation = disk.generation;
        Box::new(SimFile { disk: self.disk.clone(), inode, generation, writable })
    }
}

fn named(kind: ErrorKind, path: &Path) -> io::Error {
    io::Error::new(kind, format!("{}: {kind}", path.display()))
}

impl Fs for SimFs {
    fn create(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let mut disk = self.step(Operation::Create, path)?;
        let inode = disk.create(path).map_err(|error| named(error, path))?;
        Ok(self.file(inode, &disk, true))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let disk = self.step(Operation::Open, path)?;
        let inode = disk.lookup(path).ok_or_else(|| named(ErrorKind::NotFound, path))?;
        Ok(self.file(inode, &disk, false))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut disk = self.step(Operation::Rename, from)?;
        disk.rename(from, to).map_err(|error| named(error, from))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.step(Operation::Remove, path)?;
        disk.remove(path).map_err(|error| named(error, path))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.step(Operation::RemoveDir, path)?;
        disk.remove_dir(path).map_err(|error| named(error, path))
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.step(Operation::CreateDir, path)?;
        disk.create_dir_all(path).map_err(|error| named(error, path))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.step(Operation::SyncDir, path)?;
        disk.sync_dir(path).map_err(|error| named(error, path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        Ok(self.step(Operation::List, path)?.list(path))
    }

    fn file_len(&self, path: &Path) -> io::Result<Option<u64>> {
        let disk = self.step(Operation::Len, path)?;
        Ok(disk.lookup(path).map(|inode| disk.content(inode).len() as u64))
    }

    fn space(&self, path: &Path) -> io::Result<Space> {
        let disk = self.step(Operation::Space, path)?;
        Ok(Space { total: disk.capacity, available: disk.available() })
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        let mut disk = self.step(Operation::Lock, path)?;
        disk.lock(path).map_err(|error| named(error, path))?;
        let generation = disk.generation;
        Ok(Box::new(SimLock { disk: self.disk.clone(), generation, path: path.to_owned() }))
    }
}

struct SimFile {
    disk: Arc<Mutex<Disk>>,
    inode: InodeId,
    generation: u64,
    writable: bool,
}

impl SimFile {
    fn step(&self, kind: Operation) -> io::Result<parking_lot::MutexGuard<'_, Disk>> {
        let mut disk = self.disk.lock();
        if disk.generation != self.generation {
            return Err(io::Error::other("the machine was restarted"));
        }
        if !self.writable && matches!(kind, Operation::Append | Operation::Truncate) {
            return Err(io::Error::other("the file was opened for reading"));
        }
        if let Err(error) = disk.faults.step(kind) {
            if kind == Operation::Sync {
                disk.fail_sync(self.inode);
            }
            return Err(error.into());
        }
        Ok(disk)
    }

    /// Leaves what a failing append leaves.
    fn tear(&self, content: &[u8]) {
        let mut disk = self.disk.lock();
        if disk.generation == self.generation && self.writable {
            disk.tear(self.inode, content);
        }
    }
}

impl File for SimFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.step(Operation::Len)?.content(self.inode).len() as u64)
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        let disk = self.step(Operation::Read)?;
        let content = disk.content(self.inode);
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let wanted = start.checked_add(out.len()).and_then(|end| content.get(start..end));
        out.copy_from_slice(wanted.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn append(&self, content: &[u8]) -> io::Result<()> {
        let step = self.step(Operation::Append).map(|mut disk| disk.append(self.inode, content));
        step.inspect_err(|_| self.tear(content))?.map_err(io::Error::from)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.step(Operation::Truncate)?.truncate(self.inode, len);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.step(Operation::Sync)?.sync(self.inode);
        Ok(())
    }
}

struct SimLock {
    disk: Arc<Mutex<Disk>>,
    generation: u64,
    path: PathBuf,
}

impl Drop for SimLock {
    fn drop(&mut self) {
        let mut disk = self.disk.lock();
        if disk.generation == self.generation {
            disk.unlock(&self.path);
        }
    }
}
