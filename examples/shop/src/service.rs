//! One process of the shop, from its start to its graceful end.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use env::Env;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use crate::context::Context;
use crate::telemetry::Telemetry;
use crate::telemetry::log::Severity;
use crate::telemetry::metrics::CONTENT_TYPE;
use crate::{Role, RunOptions, frontend, load, orders, payments};

/// How long requests may take to finish once the process was asked to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// Why a service did not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Its port cannot be listened on: choose another `--port-base`.
    #[error("{role} cannot listen on {address}")]
    Listen {
        /// The service.
        role: Role,
        /// Where it wanted to listen.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The operating system did not let it wait for signals.
    #[error("signals cannot be received")]
    Signals(#[from] std::io::Error),
}

/// What a handler says when it cannot do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Failure { status, message: message.into() }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": self.message}))).into_response()
    }
}

/// Runs a role; see [`crate::run`].
pub(crate) async fn run(role: Role, options: RunOptions) -> Result<(), RunError> {
    let stopping = stopping(options.attached)?;
    let telemetry = Telemetry::start(role.name(), Env::real(), &options.otlp);
    let nobody = Context::default();
    let address = role.port(options.port_base).map(|port| format!("127.0.0.1:{port}"));
    let listening = match &address {
        None => None,
        Some(address) => {
            let failed = |source| RunError::Listen { role, address: address.clone(), source };
            Some(TcpListener::bind(address).await.map_err(failed)?)
        }
    };
    let listening_on = [("address", json!(address))];
    telemetry.log(Severity::Info, &nobody, &format!("{role} started"), &listening_on);
    match listening {
        Some(listener) => serve(role, &options, &telemetry, listener, stopping).await,
        None => load::run(&options, &telemetry, stopping).await,
    }
    telemetry.log(Severity::Info, &nobody, &format!("{role} stopped"), &[]);
    telemetry.flush().await;
    Ok(())
}

/// Serves until it is time to stop, and lets requests finish.
async fn serve(
    role: Role,
    options: &RunOptions,
    telemetry: &Arc<Telemetry>,
    listener: TcpListener,
    stopping: Stopping,
) {
    let routes = match role {
        Role::Frontend => frontend::routes(telemetry, options),
        Role::Orders => orders::routes(telemetry, options),
        Role::Payments => payments::routes(telemetry, options),
        Role::Load => Router::new(),
    };
    let router = routes.merge(plumbing(telemetry));
    let (begin, late) = (stopping.clone(), stopping);
    let served = axum::serve(listener, router).with_graceful_shutdown(begin.wait());
    tokio::select! {
        _ = served => {}
        () = async { late.wait().await; sleep(DRAIN).await } => {}
    }
}

/// What is asked of every service by machines: none of it is traced.
fn plumbing(telemetry: &Arc<Telemetry>) -> Router {
    let telemetry = telemetry.clone();
    let metrics =
        move || async move { ([(header::CONTENT_TYPE, CONTENT_TYPE)], telemetry.metrics.page()) };
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/metrics", get(metrics))
}

/// Becomes true once.
#[derive(Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Returns when it is time to stop.
    pub(crate) async fn wait(mut self) {
        let _whoever_said_it_is_gone = self.0.wait_for(|stop| *stop).await;
    }
}

/// Listens for the signals that end a process and, if it is attached, for the end of its input.
fn stopping(attached: bool) -> Result<Stopping, std::io::Error> {
    let (say, stopping) = watch::channel(false);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let input_ended = attached.then(input_ended);
    tokio::spawn(async move {
        let input = async {
            match input_ended {
                Some(ended) => drop(ended.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = input => {}
        }
        let _nobody_listens = say.send(true);
        // The channel must not close before everybody has heard.
        say.closed().await;
    });
    Ok(Stopping(stopping))
}

/// Resolves when the standard input ends. A thread of its own waits for it: one of the runtime's
/// would keep the process from ending.
fn input_ended() -> oneshot::Receiver<()> {
    let (ended, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = [0; 256];
        while std::io::stdin().read(&mut ignored).is_ok_and(|length| length > 0) {}
        let _nobody_waits = ended.send(());
    });
    wait
}
