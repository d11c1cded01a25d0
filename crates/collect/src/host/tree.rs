//! The files of the machine, below a root.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Fs, Volume};

use super::CollectError;

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 4 << 20;

pub(super) struct Tree {
    fs: Arc<dyn Fs>,
    root: PathBuf,
}

impl Tree {
    pub(super) fn new(fs: Arc<dyn Fs>, root: PathBuf) -> Self {
        Tree { fs, root }
    }

    /// Where the machine's file system begins.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The content of a file; bytes that are not UTF-8 are replaced.
    pub(super) fn text(&self, path: &str) -> Result<String, CollectError> {
        let path = self.root.join(path);
        match self.fs.read_unsized(&path, FILE_BYTES_MAX) {
            Ok(content) => Ok(String::from_utf8_lossy(&content).into_owned()),
            Err(error) if is_absent(error.kind()) => Err(CollectError::Absent),
            Err(error) => Err(CollectError::Failed(error.to_string())),
        }
    }

    /// A file's content without the white space around it, if it can be read.
    pub(super) fn line(&self, path: &str) -> Option<String> {
        self.text(path).ok().map(|text| text.trim().to_owned())
    }

    /// The number in a file, decimal or hexadecimal, if there is one.
    pub(super) fn number(&self, path: &str) -> Option<f64> {
        let line = self.line(path)?;
        match line.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok().map(|value| value as f64),
            None => line.parse().ok(),
        }
    }

    /// The size of a page of memory, from what the kernel told this process (getauxval(3)).
    pub(super) fn page_bytes(&self) -> f64 {
        const AT_PAGESZ: u64 = 6;
        let auxv = self.fs.read_unsized(&self.root.join("proc/self/auxv"), FILE_BYTES_MAX);
        let auxv = auxv.unwrap_or_default();
        let (words, _) = auxv.as_chunks::<8>();
        let (pairs, _) = words.as_chunks::<2>();
        let pairs = pairs.iter().map(|pair| pair.map(u64::from_ne_bytes));
        pairs.into_iter().find(|[key, _]| *key == AT_PAGESZ).map_or(4096.0, |[_, size]| size as f64)
    }

    /// The names in a directory, sorted; none when it cannot be listed.
    pub(super) fn names(&self, dir: &str) -> Vec<String> {
        let entries = self.fs.list(&self.root.join(dir)).unwrap_or_default();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// How full the file system at an absolute path of the machine is.
    pub(super) fn volume(&self, mount_point: &str) -> Result<Volume, String> {
        let path = self.root.join(mount_point.trim_start_matches('/'));
        self.fs.volume(&path).map_err(|error| error.to_string())
    }
}

/// What reading a file says that is not there, or switched off, or only there for root.
fn is_absent(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::InvalidInput
            | ErrorKind::Unsupported
            | ErrorKind::NotADirectory
    )
}

/// The numbered names with a prefix, such as `cpu0` and `cpu10`, by their numbers.
pub(super) fn numbered(names: &[String], prefix: &str) -> Vec<u32> {
    let number = |name: &String| name.strip_prefix(prefix)?.parse().ok();
    let mut numbers: Vec<u32> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}
