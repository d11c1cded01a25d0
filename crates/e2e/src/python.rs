//! The clients in Python, run with the environment that holds their libraries.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value as Json;

use crate::deadline::eventually;
use crate::process::{Process, run};

/// Importing the libraries alone takes seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a script of `clients/` to its end; what it prints is JSON.
///
/// # Panics
/// When it fails, or prints something else.
pub fn client(script: &str, arguments: &[&str]) -> Json {
    let printed = run(command(script, arguments), LIMIT).succeeded();
    serde_json::from_str(&printed)
        .unwrap_or_else(|error| panic!("{script} printed {printed:?}: {error}"))
}

/// Starts a script of `clients/` that goes on until it is killed; its first line is JSON.
///
/// # Panics
/// When it does not come to that line.
pub fn service(script: &str, arguments: &[&str]) -> (Process, Json) {
    let mut process = Process::start(script, command(script, arguments));
    let first = eventually(LIMIT, || {
        if let Some(status) = process.ended() {
            panic!("{script} ended with {status}:\n{}", process.output());
        }
        let output = process.output();
        let line = output.lines().find_map(|line| serde_json::from_str(line).ok());
        line.ok_or(format!("{script} wrote {output:?}"))
    });
    (process, first)
}

fn command(script: &str, arguments: &[&str]) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let mut command = Command::new(interpreter().expect("there is a Python environment"));
    // What an import writes beside the sources would be in the way of Git.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg("-u").arg(folder.join(script)).args(arguments);
    command
}

/// The environment that `cargo xtask ci --only machine` makes lies beside what was built.
pub fn interpreter() -> Option<PathBuf> {
    let this = std::env::current_exe().expect("this program has a path");
    let mut environments = this.ancestors().map(|folder| folder.join("python/bin/python3"));
    environments.find(|path| path.exists())
}
