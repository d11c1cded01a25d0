//! Programs from Debian: Prometheus and promtool, the node exporter, amtool.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value as Json;

use crate::deadline::eventually;
use crate::folder::Folder;
use crate::http::Request;
use crate::process::{Process, run};

/// Time enough for a program to start.
const START_MAX: Duration = Duration::from_secs(60);

/// A program that serves HTTP.
pub struct Program {
    process: Process,
    address: SocketAddr,
    /// Its data goes with it.
    _folder: Folder,
}

impl Program {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it wrote so far.
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    fn start(
        name: &str,
        command: Command,
        address: SocketAddr,
        ready: &str,
        folder: Folder,
    ) -> Self {
        let mut process = Process::start(name, command);
        eventually(START_MAX, || {
            if let Some(status) = process.ended() {
                panic!("{name} ended with {status}:\n{}", process.output());
            }
            match Request::get(ready).send(address) {
                Ok(response) if response.status == 200 => Ok(()),
                Ok(response) => Err(response.text()),
                Err(error) => Err(format!("{name}: {error}")),
            }
        });
        Program { process, address, _folder: folder }
    }
}

/// Starts Prometheus with a configuration.
///
/// # Panics
/// When it does not start.
pub fn prometheus(configuration: &Path, address: SocketAddr) -> Program {
    prometheus_with(configuration, address, &[])
}

/// Starts Prometheus with a configuration and further flags.
///
/// # Panics
/// When it does not start.
pub fn prometheus_with(configuration: &Path, address: SocketAddr, flags: &[&str]) -> Program {
    let folder = Folder::new("prometheus");
    let mut command = Command::new("prometheus");
    command.arg(format!("--config.file={}", configuration.display()));
    command.arg(format!("--storage.tsdb.path={}", folder.path().display()));
    command.arg(format!("--web.listen-address={address}")).args(flags);
    Program::start("prometheus", command, address, "/-/ready", folder)
}

/// Starts the node exporter.
///
/// # Panics
/// When it does not start.
pub fn node_exporter(address: SocketAddr) -> Program {
    let folder = Folder::new("node-exporter");
    let mut command = Command::new("prometheus-node-exporter");
    command.arg(format!("--web.listen-address={address}"));
    // Directories of Debian's package that only its service has.
    command.arg("--no-collector.textfile");
    Program::start("node exporter", command, address, "/", folder)
}

/// Runs `amtool` against an Alertmanager; says what it printed.
///
/// # Panics
/// When it fails.
pub fn amtool(alertmanager: SocketAddr, arguments: &[&str]) -> String {
    let mut command = Command::new("amtool");
    command.arg(format!("--alertmanager.url=http://{alertmanager}")).args(arguments);
    run(command, Duration::from_secs(30)).succeeded()
}

/// Runs `promtool query` against a Prometheus; what it prints is JSON.
///
/// # Panics
/// When it fails.
pub fn promtool_query(prometheus: SocketAddr, kind: &str, arguments: &[&str]) -> Json {
    let mut command = Command::new("promtool");
    command.args(["query", "--format=json", kind]);
    // Flags stand before the server, an expression behind it.
    let (flags, rest): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|a| a.starts_with("--"));
    command.args(flags).arg(format!("http://{prometheus}")).args(rest);
    let printed = run(command, Duration::from_secs(30)).succeeded();
    serde_json::from_str(&printed)
        .unwrap_or_else(|error| panic!("promtool printed {printed:?}: {error}"))
}
