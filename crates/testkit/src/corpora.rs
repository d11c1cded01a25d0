//! Finds the public conformance data that several crates test against.
//!
//! It lies outside the repository: in the folder `SIGHTGLASS_CORPORA` names, or in `shared/corpora`
//! beside the checkout. A test that finds none says so and passes.

use std::path::{Path, PathBuf};

use env::{Fs, RealFs};

/// The largest file a test reads.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// The folder of one corpus, or `None` with a message when this machine does not have it.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub fn corpus(name: &str) -> Option<PathBuf> {
    let folder = root().join(name);
    let present = RealFs.list(&folder).is_ok_and(|entries| !entries.is_empty());
    if !present {
        println!("skipped: there is no corpus at {}", folder.display());
    }
    present.then_some(folder)
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where data lies")]
fn root() -> PathBuf {
    match std::env::var("SIGHTGLASS_CORPORA") {
        Ok(root) => PathBuf::from(root),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
    }
}

/// The files directly in a folder whose name ends in `suffix`, with their content, sorted by name.
///
/// # Panics
/// When the folder or a file cannot be read.
pub fn files(folder: &Path, suffix: &str) -> Vec<(String, Vec<u8>)> {
    let entries = RealFs.list(folder).expect("the folder of a corpus can be listed");
    entries
        .into_iter()
        .filter(|entry| !entry.is_dir && entry.name.ends_with(suffix))
        .map(|entry| {
            let content = read(&folder.join(&entry.name));
            (entry.name, content)
        })
        .collect()
}

/// The content of one file.
///
/// # Panics
/// When it cannot be read.
pub fn read(path: &Path) -> Vec<u8> {
    RealFs
        .read(path, FILE_BYTES_MAX)
        .unwrap_or_else(|error| panic!("reading {}: {error}", path.display()))
}
