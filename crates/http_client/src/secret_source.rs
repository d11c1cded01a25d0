//! Where a secret comes from: the configuration itself or a file beside it.

use std::path::{Path, PathBuf};

use env::Fs;
use model::Secret;

use crate::Error;

/// The largest file that is read as a secret or a bundle of certificates.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// A secret, or where to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// Written in the configuration.
    Inline(Secret),
    /// In a file, read each time it is needed.
    File(PathBuf),
    /// Under a name in a secret store. Files with it load, as upstream; using it is an error.
    Reference(String),
}

impl SecretSource {
    /// The one of the three that is given, if any.
    pub(crate) fn from_fields(inline: Secret, file: PathBuf, reference: String) -> Option<Self> {
        if !inline.is_empty() {
            Some(SecretSource::Inline(inline))
        } else if !file.as_os_str().is_empty() {
            Some(SecretSource::File(file))
        } else if !reference.is_empty() {
            Some(SecretSource::Reference(reference))
        } else {
            None
        }
    }

    /// Makes a relative file name relative to `dir`.
    pub fn resolve_path(&mut self, dir: &Path) {
        if let SecretSource::File(file) = self {
            *file = dir.join(&*file);
        }
    }

    /// The secret's text; that of a file without the white space around it. `what` names it in
    /// errors.
    ///
    /// # Errors
    /// [`Error::Secret`] when the file cannot be read or is not text.
    pub fn read(&self, fs: &dyn Fs, what: &str) -> Result<Secret, Error> {
        let unusable = |reason: String| Error::Secret(format!("unable to read {what}: {reason}"));
        match self {
            SecretSource::Inline(secret) => Ok(secret.clone()),
            SecretSource::File(path) => {
                let content = fs.read(path, FILE_BYTES_MAX).map_err(|e| unusable(e.to_string()))?;
                let text = String::from_utf8(content)
                    .map_err(|_| unusable(format!("{}: not UTF-8 text", path.display())))?;
                Ok(Secret::new(text.trim()))
            }
            SecretSource::Reference(name) => {
                Err(unusable(format!("there is no secret store to look up {name:?} in")))
            }
        }
    }
}
