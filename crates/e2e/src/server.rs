//! The server's binary, run as a stranger would run it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::deadline::eventually;
use crate::folder::Folder;
use crate::http::{self, Request, Response};
use crate::ports::Ports;
use crate::process::{Finished, Process, Signal, run};

/// A server that does not answer after this time never will.
const START_MAX: Duration = Duration::from_secs(60);

/// Stopping writes what is in memory.
const STOP_MAX: Duration = Duration::from_secs(60);

/// A server, its ports and its data.
pub struct Server {
    process: Process,
    ports: Ports,
    arguments: Vec<String>,
    data_dir: PathBuf,
    _own: Option<Folder>,
}

impl Server {
    /// Starts a server with a data directory of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(arguments: &[&str]) -> Server {
        let folder = Folder::new("data");
        let data_dir = folder.join("data");
        Server { _own: Some(folder), ..Server::start_in(&data_dir, arguments) }
    }

    /// Starts a server in a given data directory.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_in(data_dir: &Path, arguments: &[&str]) -> Server {
        Server::start_on(Ports::lease(), data_dir, arguments)
    }

    /// Starts a server on ports that are already ours.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_on(ports: Ports, data_dir: &Path, arguments: &[&str]) -> Server {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let process = launch(&ports, data_dir, &arguments);
        let data_dir = data_dir.to_owned();
        let mut server = Server { process, ports, arguments, data_dir, _own: None };
        server.wait_until_ready();
        server
    }

    /// Starts it again after it has ended; says how long it took until it was ready.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&mut self) -> Duration {
        let begun = Instant::now();
        self.process = launch(&self.ports, &self.data_dir, &self.arguments);
        self.wait_until_ready();
        begun.elapsed()
    }

    fn wait_until_ready(&mut self) {
        let address = self.address("main");
        eventually(START_MAX, || {
            if let Some(status) = self.process.ended() {
                panic!("the server ended with {status}:\n{}", self.process.output());
            }
            match Request::get("/-/ready").send(address) {
                Ok(response) if response.status == 200 => Ok(()),
                Ok(response) => Err(response.text()),
                Err(error) => Err(error.to_string()),
            }
        });
    }

    /// Kills it as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Stops it as `kill` does, and waits for the end.
    ///
    /// # Panics
    /// When it does not end.
    pub fn stop(&mut self) -> ExitStatus {
        self.process.signal(Signal::TERM);
        self.process.wait(STOP_MAX)
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Where a listener listens.
    pub fn address(&self, listener: &str) -> SocketAddr {
        self.ports.address(listener)
    }

    /// The address for another program beside the server.
    pub fn spare(&self, number: usize) -> SocketAddr {
        self.ports.spare(number)
    }

    /// Where its data lies.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Asks the main listener.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn get(&self, path: &str) -> Response {
        http::get(self.address("main"), path)
    }

    /// Asks the main listener for JSON.
    ///
    /// # Panics
    /// When it answers with something else.
    pub fn json(&self, path: &str) -> Json {
        self.get(path).ok().json()
    }

    /// Sends JSON to the main listener.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn post(&self, path: &str, body: &Json) -> Response {
        let request = Request::post(path, "application/json", body.to_string());
        request.header("X-Sightglass", "1").to(self.address("main"))
    }

    /// `/api/status`
    ///
    /// # Panics
    /// When there is no answer.
    pub fn status(&self) -> Json {
        self.json("/api/status")
    }

    /// What the status page says about a store: `metrics`, `logs` or `traces`.
    ///
    /// # Panics
    /// When it says nothing.
    pub fn store(&self, signal: &str) -> Json {
        let status = self.status();
        let stores = status["storage"]["stores"].as_array().expect("stores are a list");
        stores.iter().find(|store| store["signal"] == signal).expect("there is the store").clone()
    }

    /// What it wrote so far.
    pub fn output(&self) -> String {
        self.process.output()
    }
}

/// Runs the binary to its end, for verbs other than `serve`.
///
/// # Panics
/// When it does not end.
pub fn sightglass(arguments: &[&str]) -> Finished {
    let mut command = Command::new(binary());
    command.args(arguments);
    run(command, START_MAX)
}

fn launch(ports: &Ports, data_dir: &Path, arguments: &[String]) -> Process {
    Process::start("sightglass", command(ports, data_dir, arguments))
}

/// The command that starts a server.
///
/// # Panics
/// When it was not built.
pub fn command(ports: &Ports, data_dir: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(binary());
    command.arg("--data-dir").arg(data_dir);
    command.arg("--port-offset").arg(ports.offset().to_string()).args(arguments);
    command
}

/// The binary that was built beside this program: a test lies one folder deeper.
fn binary() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    let binaries = this.ancestors().skip(1).take(2).map(|folder| folder.join("sightglass"));
    let found = binaries.into_iter().find(|path| path.is_file());
    found.expect("the server is not built: cargo build --package server")
}
