//! A directory for one test.

use std::path::{Path, PathBuf};

use env::{Fs, Random, RealFs, RealRandom};

/// A directory under the system's temporary one that is removed with all it holds.
pub struct TempDir(PathBuf);

impl TempDir {
    /// Makes one; the name helps to recognise what a crashed test left behind.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new(name: &str) -> Self {
        let unique = RealRandom::new().next_u64();
        let path = std::env::temp_dir().join(format!("sightglass-{name}-{unique:016x}"));
        RealFs.create_dir_all(&path).expect("the temporary directory is writable");
        TempDir(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.0);
    }
}
