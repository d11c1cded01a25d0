//! What the end-to-end tests need on the machine: programs from Debian, clients from PyPI.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::Job;

/// A browser, and the programs whose place the product takes or whose data it reads.
const PACKAGES: [&str; 4] =
    ["chromium", "prometheus", "prometheus-alertmanager", "prometheus-node-exporter"];

/// The Python libraries of the end-to-end tests.
const REQUIREMENTS: &str = "crates/e2e/requirements.txt";

/// Installs the Debian packages that are missing, as root or through sudo.
pub(super) fn debian_packages(job: &Job) -> Result<()> {
    let missing: Vec<&str> =
        PACKAGES.into_iter().filter(|package| !job.succeeds("dpkg", &["-s", package])).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !job.succeeds("apt-get", &["--version"]) {
        bail!("{} are not installed, and there is no apt-get to install them", missing.join(", "));
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| is_root(&process));
    let mut install = vec!["env", "DEBIAN_FRONTEND=noninteractive"];
    // Told that the system is in run level 1, packages do not start their services.
    install.extend(["RUNLEVEL=1", "apt-get", "install", "-y", "--no-install-recommends"]);
    install.extend(missing);
    for command in [vec!["apt-get", "update", "-q"], install] {
        match (root, command.split_first()) {
            (true, Some((program, arguments))) => job.run("", program, arguments)?,
            _ => job.run("", "sudo", &command)?,
        }
    }
    Ok(())
}

/// A process' folder belongs to whom it runs as.
fn is_root(process: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    process.uid() == 0
}

/// Makes the Python environment, again when the list of libraries has changed.
pub(super) fn python(job: &Job) -> Result<()> {
    let Ok(wanted) = std::fs::read(job.root.join(REQUIREMENTS)) else { return Ok(()) };
    let folder = environment(job);
    let stamp = folder.join("installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let folder_name = folder.to_string_lossy().into_owned();
    job.run("", "python3", &["-m", "venv", "--clear", &folder_name])?;
    let python = folder.join("bin/python3").to_string_lossy().into_owned();
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    job.run("", &python, &install)?;
    std::fs::write(stamp, wanted).context("the Python environment can be written")
}

/// The tests look for it beside what was built.
fn environment(job: &Job) -> PathBuf {
    job.target.join("python")
}
