//! The machine's file system.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock, statvfs};

use super::{Entry, File, Fs, Space, Volume};

/// Passes everything on to the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFs;

/// Says which file an error is about.
fn named(path: &Path) -> impl Fn(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), Named { path: path.display().to_string(), error })
}

#[derive(Debug)]
struct Named {
    path: String,
    error: io::Error,
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}

impl std::error::Error for Named {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Fs for RealFs {
    fn create(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let mut options = fs::OpenOptions::new();
        let file = options.read(true).append(true).create_new(true).open(path);
        Ok(Box::new(RealFile(file.map_err(named(path))?)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn File>> {
        Ok(Box::new(RealFile(fs::File::open(path).map_err(named(path))?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to).map_err(named(from))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path).map_err(named(path))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path).map_err(named(path))
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        let parent = path.parent().unwrap_or(Path::new(""));
        self.create_dir_all(parent)?;
        match fs::create_dir(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(named(path)(error)),
            _ if parent.as_os_str().is_empty() => self.sync_dir(Path::new(".")),
            _ => self.sync_dir(parent),
        }
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        fs::File::open(path).and_then(|dir| dir.sync_all()).map_err(named(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(named(path))?,
        };
        let mut list = Vec::new();
        for entry in entries {
            let entry = entry?;
            // A file may go between listing and looking; it then holds nothing.
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            let name = entry.file_name().to_string_lossy().into_owned();
            list.push(Entry { name, is_dir: metadata.is_dir(), len: metadata.len() });
        }
        list.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(list)
    }

    fn file_len(&self, path: &Path) -> io::Result<Option<u64>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(named(path)(error)),
        }
    }

    fn space(&self, path: &Path) -> io::Result<Space> {
        let stat = statvfs(path).map_err(|error| named(path)(error.into()))?;
        Ok(Space { total: stat.f_blocks * stat.f_frsize, available: stat.f_bavail * stat.f_frsize })
    }

    fn read_unsized(&self, path: &Path, max: u64) -> io::Result<Vec<u8>> {
        let file = fs::File::open(path).map_err(named(path))?;
        let mut content = Vec::new();
        file.take(max.saturating_add(1)).read_to_end(&mut content).map_err(named(path))?;
        if content.len() as u64 > max {
            let message = format!("{} has more than {max} bytes", path.display());
            return Err(io::Error::new(ErrorKind::FileTooLarge, message));
        }
        Ok(content)
    }

    fn volume(&self, path: &Path) -> io::Result<Volume> {
        let stat = statvfs(path).map_err(|error| named(path)(error.into()))?;
        Ok(Volume {
            total: stat.f_blocks * stat.f_frsize,
            free: stat.f_bfree * stat.f_frsize,
            available: stat.f_bavail * stat.f_frsize,
            files: stat.f_files,
            files_free: stat.f_ffree,
        })
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        let mut options = fs::OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(path);
        let file = file.map_err(named(path))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(|error| named(path)(error.into()))?;
        Ok(Box::new(file))
    }
}

struct RealFile(fs::File);

impl File for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(out, offset)
    }

    fn append(&self, content: &[u8]) -> io::Result<()> {
        (&self.0).write_all(content)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
