//! The clients in Python, run with the environment that holds their libraries.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value as Json;

use crate::process::{Finished, run};

/// Importing the libraries alone takes seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a script of `clients/`; what it prints is JSON.
///
/// # Panics
/// When it fails, or prints something else.
pub fn client(script: &str, arguments: &[&str]) -> Json {
    let printed = start(script, arguments).succeeded();
    serde_json::from_str(&printed)
        .unwrap_or_else(|error| panic!("{script} printed {printed:?}: {error}"))
}

/// Runs a script of `clients/` to its end, however that is.
///
/// # Panics
/// When it cannot be started.
pub fn start(script: &str, arguments: &[&str]) -> Finished {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let mut command = Command::new(interpreter());
    // What an import writes beside the sources would be in the way of Git.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(folder.join(script)).args(arguments);
    run(command, LIMIT)
}

/// The environment lies beside what was built; without it, the first `python3` must have the
/// libraries.
fn interpreter() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    let environments = this.ancestors().map(|folder| folder.join("python/bin/python3"));
    environments.into_iter().find(|path| path.exists()).unwrap_or_else(|| "python3".into())
}
