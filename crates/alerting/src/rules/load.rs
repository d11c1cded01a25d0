//! Rule files by the patterns of the configuration.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use env::Fs;
use yaml::FileError;

use super::file::{GroupSpec, parse};

/// All groups of the files that match, each with its file's name, sorted by that.
///
/// # Errors
/// With everything that is wrong with any of them.
pub(crate) fn load(
    fs: &dyn Fs,
    patterns: &[String],
) -> Result<Vec<(String, GroupSpec)>, Vec<FileError>> {
    let (mut files, mut groups, mut errors) = (BTreeSet::new(), Vec::new(), Vec::new());
    for pattern in patterns {
        // A pattern may match nothing yet, but what is named must be there.
        if !env::is_pattern(pattern) {
            files.insert(PathBuf::from(pattern));
            continue;
        }
        match env::glob(fs, Path::new(pattern)) {
            Ok(found) => files.extend(found),
            Err(error) => errors.push(FileError::new(pattern, error.to_string())),
        }
    }
    for file in files.iter().map(|file| file.to_string_lossy()) {
        match read(fs, &file) {
            Ok(specs) => groups.extend(specs.into_iter().map(|spec| (file.to_string(), spec))),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(groups) } else { Err(errors) }
}

fn read(fs: &dyn Fs, file: &str) -> Result<Vec<GroupSpec>, Vec<FileError>> {
    let refuse = |error: yaml::Error| vec![FileError::new(file, error)];
    let content = fs
        .read(Path::new(file), yaml::FILE_BYTES_MAX)
        .map_err(|error| refuse(error.to_string().into()))?;
    parse(yaml::utf8(&content).map_err(refuse)?, file)
}
