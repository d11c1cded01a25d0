//! The file of a new part: under a temporary name until all of it is safe.

use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;

use env::{Env, File, Fs};

use crate::{PartId, StoreDir};

/// What an unfinished file's name ends with; such files are removed at the start.
pub(super) const TEMPORARY: &str = ".tmp";

/// A part that is being written. Dropping it unfinished removes it.
pub struct PartFile {
    fs: Arc<dyn Fs>,
    file: Box<dyn File>,
    id: PartId,
    /// Below the store's directory.
    name: String,
    temporary: PathBuf,
    path: PathBuf,
    buffer: Vec<u8>,
    written: u64,
    finished: bool,
}

/// A part whose file is on stable storage under its own name, but not entered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedPart {
    /// Its name.
    pub id: PartId,
    /// Its path below the store's directory.
    pub file: String,
    /// Its length.
    pub bytes: u64,
}

const BUFFER_BYTES: usize = 256 << 10;
const ATTEMPTS_MAX: u32 = 16;

impl PartFile {
    pub(super) fn create(dir: &StoreDir, folder: &str, extension: &str) -> io::Result<Self> {
        let fs = &dir.env.fs;
        fs.create_dir_all(&dir.path.join(folder))?;
        for _ in 0..ATTEMPTS_MAX {
            let id = new_id(&dir.env);
            let name = format!("{folder}/{id}.{extension}");
            let path = dir.path.join(&name);
            let temporary = dir.path.join(format!("{name}{TEMPORARY}"));
            if fs.file_len(&path)?.is_some() {
                continue;
            }
            match fs.create(&temporary) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                file => {
                    let (fs, buffer) = (fs.clone(), Vec::with_capacity(BUFFER_BYTES));
                    let (written, finished, file) = (0, false, file?);
                    return Ok(PartFile {
                        fs,
                        file,
                        id,
                        name,
                        temporary,
                        path,
                        buffer,
                        written,
                        finished,
                    });
                }
            }
        }
        Err(io::Error::other("no name for a new part was free"))
    }

    /// The new part's name.
    pub fn id(&self) -> PartId {
        self.id
    }

    /// How many bytes were written.
    pub fn offset(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Makes content and name safe.
    ///
    /// # Errors
    /// When the disk fails; then there is no file.
    pub fn finish(mut self) -> io::Result<FinishedPart> {
        self.flush()?;
        self.file.sync()?;
        self.fs.rename(&self.temporary, &self.path)?;
        // From here on the file has its own name, also when the directory cannot be synced.
        if let Err(error) = self.fs.sync_dir(self.path.parent().expect("a part lies in a folder")) {
            let _stays_as_an_orphan = self.fs.remove(&self.path);
            return Err(error);
        }
        self.finished = true;
        Ok(FinishedPart { id: self.id, file: self.name.clone(), bytes: self.written })
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    /// Hands the buffer to the file; [`PartFile::finish`] makes it safe.
    fn flush(&mut self) -> io::Result<()> {
        self.file.append(&self.buffer)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.finished {
            let _removed_at_the_start = self.fs.remove(&self.temporary);
        }
    }
}

/// Milliseconds and chance: the names of parts sort by their making.
fn new_id(env: &Env) -> PartId {
    const CHANCE_BITS: u32 = 20;
    let ms = env.clock.now_ms().clamp(0, (1 << (63 - CHANCE_BITS)) - 1).unsigned_abs();
    PartId(ms << CHANCE_BITS | env.random.next_u64() >> (64 - CHANCE_BITS))
}
