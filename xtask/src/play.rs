//! `cargo xtask crash`, `cargo xtask compare` and `cargo xtask bench`: end-to-end tests in their long
//! versions, with the binary that people run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Kills the server while it is written to: `--rounds N`, `--seed N`.
pub(crate) fn crash(root: &Path, arguments: &[String]) -> Result<()> {
    play(root, "crash", arguments)
}

/// Asks Prometheus and us: the panels of a dashboard (`node-exporter DASHBOARD`), or hundreds of
/// expressions (`promql`).
pub(crate) fn compare(root: &Path, arguments: &[String]) -> Result<()> {
    play(root, "compare", arguments)
}

/// Takes the time of queries, with Prometheus and with us: `promql`.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<()> {
    play(root, "bench", arguments)
}

/// Builds the server and the stage as they are released; Cargo then runs the latter, which finds the
/// former beside itself.
fn play(root: &Path, what: &str, arguments: &[String]) -> Result<()> {
    let release = ["--release", "--locked", "--quiet", "--package"];
    cargo(root, &[&["build"], &release[..], &["server"]].concat(), &[])?;
    cargo(root, &[&["run"], &release[..], &["e2e", "--", what]].concat(), arguments)
}

fn cargo(root: &Path, fixed: &[&str], arguments: &[String]) -> Result<()> {
    let status = Command::new("cargo").args(fixed).args(arguments).current_dir(root).status();
    let status = status.context("cargo cannot be run")?;
    if !status.success() {
        bail!("cargo {} {}: {status}", fixed.join(" "), arguments.join(" "));
    }
    Ok(())
}
