//! Where damaged files go: aside, with the reason, never away.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Env, Fs};
use parking_lot::Mutex;
use store::QuarantinedFile;

/// A directory of files that could not be read. Beside each lies `<name>.reason`, a line of text.
pub struct Quarantine {
    fs: Arc<dyn Fs>,
    dir: PathBuf,
    files: Mutex<Vec<QuarantinedFile>>,
}

/// A directory may hold more; so many are named.
const NAMED_MAX: usize = 1000;
const REASON_SUFFIX: &str = ".reason";
const REASON_BYTES_MAX: u64 = 4096;

impl Quarantine {
    /// Reads what is there already. The directory is made when the first file goes in.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub fn open(env: &Env, dir: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for entry in env.fs.list(dir)? {
            if entry.name.ends_with(REASON_SUFFIX) || files.len() == NAMED_MAX {
                continue;
            }
            let path = dir.join(&entry.name);
            let reason = env.fs.read(&reason_path(&path), REASON_BYTES_MAX);
            let reason = reason.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
            let reason = reason.unwrap_or_else(|_| "its reason was not kept".to_owned());
            files.push(QuarantinedFile { path: path.display().to_string(), reason });
        }
        Ok(Quarantine { fs: env.fs.clone(), dir: dir.to_owned(), files: Mutex::new(files) })
    }

    /// Moves a file here and remembers why. Whether it could be moved; otherwise it is remembered
    /// where it lies.
    pub fn put(&self, path: &Path, reason: &str) -> bool {
        let moved = self.move_here(path, reason);
        match &moved {
            Ok(kept) => {
                tracing::warn!("{} now lies in {}: {reason}", path.display(), kept.display());
            }
            Err(error) => tracing::warn!(
                "{} is not used, {reason}, but could not be put aside: {error}",
                path.display()
            ),
        }
        self.forget(path);
        self.note(moved.as_deref().unwrap_or(path), reason);
        moved.is_ok()
    }

    /// Remembers a file that stays where it is.
    pub fn note(&self, path: &Path, reason: &str) {
        self.forget(path);
        let mut files = self.files.lock();
        let path = path.display().to_string();
        if files.len() < NAMED_MAX {
            files.push(QuarantinedFile { path, reason: reason.to_owned() });
        }
    }

    fn forget(&self, path: &Path) {
        let path = path.display().to_string();
        self.files.lock().retain(|file| file.path != path);
    }

    /// What lies here and why.
    pub fn files(&self) -> Vec<QuarantinedFile> {
        self.files.lock().clone()
    }

    fn move_here(&self, path: &Path, reason: &str) -> io::Result<PathBuf> {
        self.fs.create_dir_all(&self.dir)?;
        let kept = self.free_name(path)?;
        if let Err(error) = self.fs.write_atomic(&reason_path(&kept), reason.as_bytes()) {
            tracing::warn!("the reason was not kept: {error}");
        }
        self.fs.rename(path, &kept)?;
        self.fs.sync_dir(&self.dir)?;
        self.fs.sync_dir(path.parent().unwrap_or(Path::new(".")))?;
        Ok(kept)
    }

    /// The file's own name, with a number behind it when that is taken.
    fn free_name(&self, path: &Path) -> io::Result<PathBuf> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut kept = self.dir.join(&name);
        for number in 1.. {
            if self.fs.file_len(&kept)?.is_none() {
                break;
            }
            kept = self.dir.join(format!("{name}.{number}"));
        }
        Ok(kept)
    }
}

fn reason_path(kept: &Path) -> PathBuf {
    let mut path = kept.as_os_str().to_owned();
    path.push(REASON_SUFFIX);
    path.into()
}

#[cfg(test)]
mod tests {
    use env::Simulation;

    use super::*;

    #[test]
    fn files_and_reasons_are_remembered_across_a_crash() {
        let world = Simulation::seeded(1);
        let (env, dir) = (world.env(), Path::new("/data/quarantine"));
        let quarantine = Quarantine::open(&env, dir).unwrap();
        world.fs.plant(Path::new("/data/a"), b"first");
        quarantine.note(Path::new("/data/a"), "seen before it was moved");
        assert!(quarantine.put(Path::new("/data/a"), "no footer"));
        assert_eq!(quarantine.files().len(), 1);
        world.fs.plant(Path::new("/data/a"), b"second");
        assert!(quarantine.put(Path::new("/data/a"), "no header"));
        world.fs.crash(env::Survival::Synced);
        let quarantine = Quarantine::open(&env, dir).unwrap();
        let expected = [
            ("/data/quarantine/a".to_owned(), "no footer".to_owned()),
            ("/data/quarantine/a.1".to_owned(), "no header".to_owned()),
        ];
        let files = quarantine.files().into_iter().map(|file| (file.path, file.reason));
        assert_eq!(files.collect::<Vec<_>>(), expected);
        assert_eq!(world.fs.read(&dir.join("a.1"), 99).unwrap(), b"second");
        assert_eq!(world.fs.file_len(Path::new("/data/a")).unwrap(), None);
    }

    #[test]
    fn a_file_that_cannot_be_moved_is_named_where_it_lies() {
        let world = Simulation::seeded(1);
        let quarantine = Quarantine::open(&world.env(), Path::new("/data/quarantine")).unwrap();
        assert!(!quarantine.put(Path::new("/data/missing"), "why"));
        assert_eq!(quarantine.files()[0].path, "/data/missing");
    }
}
