//! Files: few operations, each of which can fail on its own.

mod real;
mod sim;

use std::io;
use std::path::{Path, PathBuf};

pub use real::RealFs;
pub use sim::{Operation, SimFs, Survival};

/// What a directory holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name within its directory.
    pub name: String,
    /// Whether it is a directory itself.
    pub is_dir: bool,
    /// The length of a file.
    pub len: u64,
}

/// How much room a file system has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// All of it, in bytes.
    pub total: u64,
    /// What this process may still use, in bytes.
    pub available: u64,
}

/// How full a file system is, as far as it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// All of it, in bytes.
    pub total: u64,
    /// What is not used, in bytes; some of it may be reserved.
    pub free: u64,
    /// What this process may still use, in bytes.
    pub available: u64,
    /// How many files there can be; zero when there is no such limit.
    pub files: u64,
    /// How many more files there can be.
    pub files_free: u64,
}

/// A file system. What was written is safe once the file is synced, and a name once its directory is.
pub trait Fs: Send + Sync {
    /// Makes a new file for writing and reading; it is an error when the name exists.
    fn create(&self, path: &Path) -> io::Result<Box<dyn File>>;
    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<Box<dyn File>>;
    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty directory.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes a directory and those above it, and syncs their names.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a directory safe.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// What a directory holds, sorted by name; a directory that does not exist holds nothing.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
    /// The length of a file, or `None` when there is none of that name.
    fn file_len(&self, path: &Path) -> io::Result<Option<u64>>;
    /// The room on the file system that holds `path`.
    fn space(&self, path: &Path) -> io::Result<Space>;
    /// Takes a lock on a file that lasts as long as the value and the process.
    ///
    /// # Errors
    /// `WouldBlock` when another process holds it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>>;

    /// The whole content of a file of at most `max` bytes.
    fn read(&self, path: &Path, max: u64) -> io::Result<Vec<u8>> {
        let file = self.open(path)?;
        let len = file.len()?;
        if len > max {
            let message = format!("{} has {len} bytes, more than {max}", path.display());
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        let mut content = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        file.read_exact_at(&mut content, 0)?;
        Ok(content)
    }

    /// The whole content of a file that does not know its length before it is read, as those below
    /// `/proc` and `/sys`; at most `max` bytes.
    fn read_unsized(&self, path: &Path, max: u64) -> io::Result<Vec<u8>> {
        self.read(path, max)
    }

    /// How full the file system is that holds `path`.
    fn volume(&self, path: &Path) -> io::Result<Volume> {
        let Space { total, available } = self.space(path)?;
        Ok(Volume { total, free: available, available, ..Volume::default() })
    }

    /// Writes a file so that its name has either the old content or the new, also after a crash.
    fn write_atomic(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".tmp");
        let temporary = PathBuf::from(temporary);
        if self.file_len(&temporary)?.is_some() {
            self.remove(&temporary)?;
        }
        let file = self.create(&temporary)?;
        file.append(content)?;
        file.sync()?;
        self.rename(&temporary, path)?;
        self.sync_dir(path.parent().unwrap_or(Path::new(".")))
    }
}

/// An open file. Writing only ever happens at its end.
pub trait File: Send + Sync {
    /// The length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no content.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Fills `out` from a position; `UnexpectedEof` when the file ends before.
    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()>;
    /// Adds to the end. After an error some of it may be there.
    fn append(&self, content: &[u8]) -> io::Result<()>;
    /// Cuts the file to a length.
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// Returns when all that was written is on stable storage.
    fn sync(&self) -> io::Result<()>;
}
