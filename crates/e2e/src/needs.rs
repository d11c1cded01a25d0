//! What a test needs on the machine beside the server.

use std::path::PathBuf;

use crate::{python, skipped};

/// When this variable is set, everything must be there: `cargo xtask ci` has installed it.
const COMPLETE: &str = "E2E_COMPLETE";

/// Where Debian puts programs, in case the search path lacks one of them.
const FOLDERS: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/sbin"];

/// Whether programs are on this machine; says which one is not. `python` stands for the environment
/// with the clients' libraries.
///
/// # Panics
/// When one is missing and everything must be there.
pub fn have(programs: &[&str]) -> bool {
    let is_there = |program: &str| match program {
        "python" => python::interpreter().is_some(),
        program => find(program).is_some(),
    };
    let Some(missing) = programs.iter().find(|program| !is_there(program)) else { return true };
    assert!(!is_complete(), "{missing} is not on this machine");
    skipped(&format!("{missing} is not on this machine: cargo xtask ci --only machine"));
    false
}

/// Whether a missing program is an error.
pub fn is_complete() -> bool {
    std::env::var_os(COMPLETE).is_some()
}

/// A program on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(FOLDERS.map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}
