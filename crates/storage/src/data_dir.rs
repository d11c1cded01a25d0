//! The data directory: who may use it, and what lies where.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::Env;
use parking_lot::Mutex;

use crate::{Catalog, DiskGuard, OpenError, Quarantine};

/// Keeps other processes out of a data directory for as long as it lives.
pub struct DataDirLock {
    _lock: Box<dyn Send + Sync>,
}

impl DataDirLock {
    /// Makes the directory if need be, and takes its `LOCK`.
    ///
    /// # Errors
    /// `Locked` when another process has it.
    pub fn acquire(env: &Env, data_dir: &Path) -> Result<Self, OpenError> {
        env.fs.create_dir_all(data_dir)?;
        match env.fs.lock(&data_dir.join("LOCK")) {
            Ok(lock) => Ok(DataDirLock { _lock: lock }),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                Err(OpenError::Locked(data_dir.display().to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What the pieces of one store share: `<data-dir>/<store>/{wal,parts,quarantine}` and the world
/// around it.
pub struct StoreDir {
    /// Clock, disk and randomness.
    pub env: Env,
    /// The store's name, which is also its directory's.
    pub store: String,
    /// The store's directory.
    pub path: PathBuf,
    /// Which parts count.
    pub catalog: Arc<Catalog>,
    /// Whether there is room to append.
    pub disk: Arc<DiskGuard>,
    /// Where damaged files go.
    pub quarantine: Quarantine,
    /// Parts that were flushed but never entered; the log still has their rows.
    unentered: Mutex<Vec<PathBuf>>,
}

impl StoreDir {
    /// Makes the directories of a store if need be.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open(
        env: &Env,
        data_dir: &Path,
        store: &str,
        catalog: Arc<Catalog>,
        disk: Arc<DiskGuard>,
    ) -> Result<Arc<Self>, OpenError> {
        let path = data_dir.join(store);
        env.fs.create_dir_all(&path.join("wal"))?;
        env.fs.create_dir_all(&path.join("parts"))?;
        let quarantine = Quarantine::open(env, &path.join("quarantine"))?;
        let (env, store) = (env.clone(), store.to_owned());
        let unentered = Mutex::default();
        Ok(Arc::new(StoreDir { env, store, path, catalog, disk, quarantine, unentered }))
    }

    pub(crate) fn wal_dir(&self) -> PathBuf {
        self.path.join("wal")
    }

    /// Remembers a part whose rows the log must give.
    pub(crate) fn note_unentered(&self, path: PathBuf) {
        self.unentered.lock().push(path);
    }

    /// Removes those parts once the log has given their rows. If the log was damaged, they may be
    /// all there is of some, and are put aside.
    pub(crate) fn settle_unentered(&self, log_is_intact: bool) {
        for path in std::mem::take(&mut *self.unentered.lock()) {
            if !log_is_intact {
                let reason = "it was never entered, and the log that has its rows is damaged";
                self.quarantine.put(&path, reason);
            } else if let Err(error) = self.env.fs.remove(&path) {
                tracing::warn!("a part that was never entered stays for now: {error}");
            }
        }
    }
}
