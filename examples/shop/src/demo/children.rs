//! The processes of the shop: started, listened to, and ended together.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use super::DemoError;
use super::shipper::{Lines, Shipper};
use crate::telemetry::client::plain;
use crate::{Role, RunOptions};

/// How long a service may take to begin to answer.
const READY: Duration = Duration::from_secs(15);

/// How long a process may take to end once its input is closed.
const END: Duration = Duration::from_secs(10);

/// The running processes. They end when their standard input does, so none outlives this one.
pub(super) struct Children(Vec<(Role, Child)>);

impl Children {
    /// Starts every role and sends the lines they write to the shipper.
    pub(super) fn start(
        exe: &Path,
        options: &RunOptions,
        shipper: &Shipper,
    ) -> Result<Self, DemoError> {
        let mut children = Vec::new();
        for role in Role::ALL {
            let started = Command::new(exe)
                .args(options.arguments(role))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn();
            let mut child = started.map_err(|source| DemoError::Io {
                what: format!("{} cannot be started", exe.display()),
                source,
            })?;
            if let Some(output) = child.stdout.take() {
                tokio::spawn(forward(output, shipper.lines()));
            }
            children.push((role, child));
        }
        Ok(Children(children))
    }

    /// Returns when every service answers.
    pub(super) async fn ready(&mut self, port_base: u16) -> Result<(), DemoError> {
        let client = plain();
        for role in Role::ALL {
            let Some(port) = role.port(port_base) else { continue };
            let url = format!("http://127.0.0.1:{port}/healthz");
            let answers = async {
                while client.get(&url).send().await.is_err() {
                    sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::select! {
                answered = timeout(READY, answers) => answered.map_err(|_| DemoError::NotReady(role))?,
                (role, status) = self.first_ended() => return Err(DemoError::Ended { role, status }),
            }
        }
        Ok(())
    }

    /// The first process that ends by itself.
    pub(super) async fn first_ended(&mut self) -> (Role, ExitStatus) {
        loop {
            for (role, child) in &mut self.0 {
                if let Ok(Some(status)) = child.try_wait() {
                    return (*role, status);
                }
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends all of them, the customers first, and kills those that do not want to.
    pub(super) async fn stop(mut self) {
        for (_, child) in self.0.iter_mut().rev() {
            drop(child.stdin.take());
        }
        for (_, child) in self.0.iter_mut().rev() {
            if timeout(END, child.wait()).await.is_err() {
                let _already_gone = child.kill().await;
            }
        }
    }
}

/// Hands on what a process writes, line by line.
async fn forward(output: ChildStdout, lines: Lines) {
    let mut reader = BufReader::new(output).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        lines.push(line);
    }
}
