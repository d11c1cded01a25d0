//! The steps of the gate, in the order in which they run: what fails most, and soonest, comes first.

use anyhow::{Context, Result};

use super::{Job, Step, machine};

pub(super) const STEPS: [Step; 12] = [
    Step { name: "toolchain", what: "rustfmt and clippy are installed", run: toolchain },
    Step { name: "fmt", what: "the source is formatted", run: fmt },
    Step { name: "tidy", what: "layout, names, lengths, links", run: tidy },
    Step { name: "web-install", what: "the interface's libraries are installed", run: web_install },
    Step { name: "web-lint", what: "the interface has no lint", run: |job| npm(job, "lint") },
    Step { name: "web-types", what: "the interface's types fit", run: |job| npm(job, "typecheck") },
    Step { name: "web-test", what: "the interface's unit tests pass", run: |job| npm(job, "test") },
    Step { name: "clippy", what: "the compiler and clippy have no warnings", run: clippy },
    Step { name: "test", what: "the tests pass", run: test },
    Step { name: "fuzz", what: "the fuzz targets compile", run: fuzz },
    Step {
        name: "machine",
        what: "Debian packages and Python libraries are installed",
        run: machine,
    },
    Step { name: "e2e", what: "real clients and a real browser get on with it", run: e2e },
];

fn toolchain(job: &Job) -> Result<()> {
    for component in ["fmt", "clippy"] {
        if !job.succeeds("cargo", &[component, "--version"]) {
            let name = if component == "fmt" { "rustfmt" } else { component };
            job.run("", "rustup", &["component", "add", name])?;
        }
    }
    Ok(())
}

fn fmt(job: &Job) -> Result<()> {
    job.run("", "cargo", &["fmt", "--all", "--check"])
}

/// A process of its own, so that what it finds is in the log as everything else.
fn tidy(job: &Job) -> Result<()> {
    let this = std::env::current_exe().context("this program has a path")?;
    job.run("", &this.to_string_lossy(), &["tidy"])
}

/// `npm ci` begins by removing what is there: it runs only when the lock file is another.
fn web_install(job: &Job) -> Result<()> {
    let lock = std::fs::read(job.root.join("web/package-lock.json"))?;
    let stamp = job.root.join("web/node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    job.run("web", "npm", &["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, lock).context("node_modules can be written")
}

fn npm(job: &Job, script: &str) -> Result<()> {
    job.run("web", "npm", &["run", "--silent", script])
}

fn clippy(job: &Job) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    job.run("", "cargo", &arguments)
}

fn test(job: &Job) -> Result<()> {
    job.run("", "cargo", &["test", "--workspace", "--exclude", "e2e", "--locked"])
}

fn fuzz(job: &Job) -> Result<()> {
    let target = job.target.join("fuzz");
    let arguments = ["check", "--manifest-path", "fuzz/Cargo.toml"];
    job.run_with("", "cargo", &arguments, |command| command.env("CARGO_TARGET_DIR", target))
}

fn machine(job: &Job) -> Result<()> {
    machine::debian_packages(job)?;
    machine::python(job)
}

/// The tests start the server's binary, which Cargo does not build for them. Here nothing may be
/// missing that they need.
fn e2e(job: &Job) -> Result<()> {
    job.run("", "cargo", &["build", "--package", "server", "--locked"])?;
    let arguments = ["test", "--package", "e2e", "--locked"];
    job.run_with("", "cargo", &arguments, |command| command.env("E2E_COMPLETE", "1"))
}
