//! Rule files by the patterns of the configuration.

use std::path::Path;

use env::Fs;

use super::file::{GroupSpec, RuleFileError, parse};
use crate::glob;

/// The largest rule file.
const FILE_BYTES_MAX: u64 = 32 << 20;

/// All groups of the files that match, each with its file's name, sorted by that.
///
/// # Errors
/// With everything that is wrong with any of them.
pub(crate) fn load(
    fs: &dyn Fs,
    patterns: &[String],
) -> Result<Vec<(String, GroupSpec)>, Vec<RuleFileError>> {
    let mut files = Vec::new();
    for pattern in patterns {
        files.extend(glob::matching(fs, pattern));
    }
    files.sort();
    files.dedup();
    let (mut groups, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        match read(fs, &file) {
            Ok(specs) => groups.extend(specs.into_iter().map(|spec| (file.clone(), spec))),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(groups) } else { Err(errors) }
}

fn read(fs: &dyn Fs, file: &str) -> Result<Vec<GroupSpec>, Vec<RuleFileError>> {
    let unreadable = |message: String| {
        vec![RuleFileError { file: file.to_owned(), line: 0, column: 0, message }]
    };
    let content =
        fs.read(Path::new(file), FILE_BYTES_MAX).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(content).map_err(|_| unreadable("not UTF-8 text".to_owned()))?;
    parse(&text, file)
}
