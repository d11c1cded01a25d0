//! A folder that is gone when it is let go.

use std::fs;
use std::path::{Path, PathBuf};

/// A temporary folder.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one; the name is for people who look into /tmp.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new(name: &str) -> Folder {
        let base = std::env::temp_dir();
        let process = std::process::id();
        for number in 0.. {
            let path = base.join(format!("sightglass-e2e-{process}-{name}-{number}"));
            match fs::create_dir(&path) {
                Ok(()) => return Folder(path),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => panic!("{} cannot be made: {error}", path.display()),
            }
        }
        unreachable!("there are enough numbers")
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of something in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file and says where it is.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.join(name);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(&path, content)
            .unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _what_is_left_lies_in_tmp = fs::remove_dir_all(&self.0);
    }
}
