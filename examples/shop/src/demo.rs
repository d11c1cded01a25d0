//! The demonstration: all of the shop beside a running server, and everything it says sent there.

mod children;
mod files;
mod receiver;
mod shipper;

use std::future::Future;
use std::path::PathBuf;
use std::process::ExitStatus;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::{Role, RunOptions};
use children::Children;
use files::Files;
use receiver::Receiver;
use shipper::Shipper;

/// How the demonstration runs.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The program that runs a role when called with [`RunOptions::arguments`].
    pub exe: PathBuf,
    /// The server's main listener.
    pub server: String,
    /// Where spans go, without `/v1/traces`; the server's own when `None`.
    pub otlp: Option<String>,
    /// Where log lines go, a URL to which `/_bulk` is added; the server's own when `None`.
    pub logs: Option<String>,
    /// The port of the frontend; the first with two more free behind it when `None`.
    pub port_base: Option<u16>,
    /// How many customers come each second, on average.
    pub rate: f64,
    /// When something breaks for the first time.
    pub break_after_seconds: u64,
    /// For how long it is broken.
    pub break_for_seconds: u64,
}

impl DemoOptions {
    /// The usual demonstration beside a server on this machine.
    pub fn new(exe: PathBuf) -> Self {
        let RunOptions { rate, break_after_seconds, break_for_seconds, .. } = RunOptions::default();
        DemoOptions {
            exe,
            server: "http://127.0.0.1:7300".to_owned(),
            otlp: None,
            logs: None,
            port_base: None,
            rate,
            break_after_seconds,
            break_for_seconds,
        }
    }
}

/// Why there was no demonstration, or why it ended.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No server answers: start it first, or name another.
    #[error("no Sightglass answers at {server}; start it with `sightglass` in another terminal")]
    NoServer {
        /// Where it was looked for.
        server: String,
        /// Why it could not be reached.
        source: reqwest::Error,
    },
    /// The server does not want what the demonstration asks.
    #[error("{url} answered {status}: {message}")]
    Refused {
        /// What was asked.
        url: String,
        /// The status.
        status: u16,
        /// The beginning of its answer.
        message: String,
    },
    /// No three ports in a row are free.
    #[error("no three ports in a row are free from {0} on; choose others with --port-base")]
    NoPorts(u16),
    /// A part of the shop could not be started or ended by itself.
    #[error("{role} ended: {status}")]
    Ended {
        /// Which part.
        role: Role,
        /// How.
        status: ExitStatus,
    },
    /// A part of the shop does not answer.
    #[error("{0} did not begin to answer in time")]
    NotReady(Role),
    /// A process could not be started, or signals not be received.
    #[error("{what}")]
    Io {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

/// Runs the demonstration until Ctrl-C, then takes away all it brought except what was stored.
///
/// # Errors
/// When no server answers, or the shop cannot be started or ends by itself.
pub async fn demo(options: DemoOptions) -> Result<(), DemoError> {
    let failed = |source| DemoError::Io { what: "signals cannot be received".into(), source };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    demo_until(options, async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
    .await
}

/// Runs the demonstration until `stop` resolves.
///
/// # Errors
/// As [`demo`].
pub async fn demo_until(
    options: DemoOptions,
    stop: impl Future<Output = ()>,
) -> Result<(), DemoError> {
    let server = options.server.trim_end_matches('/').to_owned();
    let receiver = Receiver::find(&server).await?;
    let port_base = match options.port_base {
        Some(port) => port,
        None => free_ports(RunOptions::default().port_base).await?,
    };
    let run = RunOptions {
        port_base,
        otlp: options.otlp.clone().unwrap_or_else(|| format!("{server}/otlp")),
        rate: options.rate,
        break_after_seconds: options.break_after_seconds,
        break_for_seconds: options.break_for_seconds,
        attached: true,
    };
    let logs = options.logs.clone().unwrap_or_else(|| format!("{server}/elasticsearch"));
    let shipper = Shipper::start(&logs);
    let mut children = Children::start(&options.exe, &run, &shipper)?;
    children.ready(port_base).await?;
    let files = Files::put(&receiver.data_dir, port_base);
    let refused = receiver.introduce().await.err();
    say(&invitation(&server, &run, &problems(&files, refused)));

    let ended = tokio::select! {
        () = stop => None,
        ended = children.first_ended() => Some(ended),
    };

    say("Closing the shop.");
    children.stop().await;
    let shipped = shipper.finish().await;
    files.remove();
    receiver.forget().await;
    say(&format!("{shipped} It stays in the server; everything else is gone."));
    match ended {
        Some((role, status)) => Err(DemoError::Ended { role, status }),
        None => Ok(()),
    }
}

/// The first port from `start` on that is free with the two behind it.
async fn free_ports(start: u16) -> Result<u16, DemoError> {
    for base in (start..start.saturating_add(1_000)).step_by(10) {
        let mut free = true;
        for port in base..base + 3 {
            free &= TcpListener::bind(("127.0.0.1", port)).await.is_ok();
        }
        if free {
            return Ok(base);
        }
    }
    Err(DemoError::NoPorts(start))
}

/// What did not work and what to do about it, in sentences.
fn problems(files: &Files, refused: Option<DemoError>) -> String {
    let mut text = String::new();
    if let Some(problem) = files.problem() {
        text += &format!(
            "\n{problem} Let the server scrape the three ports, or there are no metrics.\n"
        );
    }
    if let Some(error) = refused {
        text += &format!("\nThe dashboard and the alert rules are missing: {error}.\n");
    }
    text
}

/// What the person in front of it reads.
fn invitation(server: &str, run: &RunOptions, problems: &str) -> String {
    let [frontend, orders, payments] =
        [run.port_base, run.port_base + 1, run.port_base + 2].map(|port| port.to_string());
    let minutes = |seconds: u64| match seconds {
        0..30 => "a moment".to_owned(),
        30..90 => "a minute".to_owned(),
        seconds => format!("{} minutes", (seconds + 30) / 60),
    };
    format!(
        "The shop is open: frontend, orders and payments on 127.0.0.1, ports {frontend}, {orders} \
         and {payments}.\n\
         {problems}\n\
         \x20 Services    {server}/\n\
         \x20 Dashboard   {server}/dashboards/shop\n\
         \x20 Alerts      {server}/alerts\n\
         \x20 Logs        {server}/logs\n\
         \x20 Traces      {server}/traces\n\n\
         In {} something breaks, for {}, and an alert will say so. Find out\n\
         whose payments fail, and why: from the alert to its graph, from there to the trace of one\n\
         request, and to what it logged.\n\n\
         \x20 Break it now   curl -X POST   http://127.0.0.1:{payments}/break\n\
         \x20 Mend it        curl -X DELETE http://127.0.0.1:{payments}/break\n\n\
         Ctrl-C closes the shop.",
        minutes(run.break_after_seconds),
        minutes(run.break_for_seconds),
    )
}

#[expect(clippy::print_stdout, reason = "the demonstration speaks to whoever started it")]
fn say(text: &str) {
    println!("{text}");
}
