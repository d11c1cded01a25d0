//! Listeners: binding by policy, serving HTTP/1 and HTTP/2, and letting go gracefully.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use parking_lot::RwLock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Connections one listener serves at a time; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 4096;

/// How long a client may take to send its request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long requests may go on after the stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// What a listener shall be bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// The standard port when it is free.
    Auto,
    /// Nothing.
    Off,
    /// This address, or the server does not start.
    Must(SocketAddr),
}

impl FromStr for Bind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Bind::Auto),
            "off" => Ok(Bind::Off),
            address => address.parse().map(Bind::Must).map_err(|_| {
                format!("expected auto, off or an address such as 127.0.0.1:9090, got {text:?}")
            }),
        }
    }
}

/// An address that must be bound is taken.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} for {name}: {error}")]
pub struct BindError {
    name: &'static str,
    address: SocketAddr,
    error: std::io::Error,
}

/// What a listener serves.
pub enum Service {
    /// HTTP/1 and HTTP/2 on one port.
    Http(Router),
    /// Something else; each connection is a task that ends when the watch says so.
    Stream(StreamHandler),
}

/// Serves one connection that does not speak HTTP.
pub type StreamHandler = Arc<
    dyn Fn(
            TcpStream,
            SocketAddr,
            watch::Receiver<bool>,
        ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
        + Send
        + Sync,
>;

/// A named listener to be.
pub struct Listener {
    /// Its name on the status page.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// The standard address.
    pub standard: SocketAddr,
    /// What the configuration says.
    pub bind: Bind,
    /// What it serves.
    pub service: Service,
}

/// What became of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerState {
    /// It serves.
    Listening,
    /// It was not wanted.
    Off,
    /// Somebody else has the port.
    Busy,
}

impl fmt::Display for ListenerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ListenerState::Listening => "listening",
            ListenerState::Off => "off",
            ListenerState::Busy => "busy",
        })
    }
}

/// A line of the status page.
#[derive(Clone, Debug)]
pub struct ListenerStatus {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Where it listens, or would.
    pub address: SocketAddr,
    /// What became of it.
    pub state: ListenerState,
}

/// All listeners of a server.
pub struct Listeners {
    statuses: RwLock<Vec<ListenerStatus>>,
    tasks: parking_lot::Mutex<JoinSet<()>>,
    stop: watch::Sender<bool>,
}

impl Listeners {
    /// None yet.
    pub fn new() -> Self {
        Listeners {
            statuses: RwLock::default(),
            tasks: parking_lot::Mutex::new(JoinSet::new()),
            stop: watch::channel(false).0,
        }
    }

    /// Binds a listener and serves it in the background.
    ///
    /// # Errors
    /// When an address that must be bound is not free.
    pub async fn start(&self, listener: Listener) -> Result<(), BindError> {
        let Listener { name, purpose, standard, bind, service } = listener;
        let (address, state) = match bind {
            Bind::Off => (standard, ListenerState::Off),
            Bind::Auto => match TcpListener::bind(standard).await {
                Ok(socket) => (self.serve(socket, service, standard), ListenerState::Listening),
                Err(error) => {
                    tracing::warn!(listener = name, %error, "{standard} is taken: {purpose} is not served there");
                    (standard, ListenerState::Busy)
                }
            },
            Bind::Must(address) => {
                let socket = TcpListener::bind(address).await;
                let socket = socket.map_err(|error| BindError { name, address, error })?;
                (self.serve(socket, service, address), ListenerState::Listening)
            }
        };
        if state == ListenerState::Listening {
            tracing::info!(listener = name, %address, "listening: {purpose}");
        }
        self.statuses.write().push(ListenerStatus { name, purpose, address, state });
        Ok(())
    }

    fn serve(&self, socket: TcpListener, service: Service, asked: SocketAddr) -> SocketAddr {
        let address = socket.local_addr().unwrap_or(asked);
        let stop = self.stop.subscribe();
        self.tasks.lock().spawn(accept(socket, service, stop));
        address
    }

    /// What became of each.
    pub fn statuses(&self) -> Vec<ListenerStatus> {
        self.statuses.read().clone()
    }

    /// Accepts nothing more, lets running requests end, and returns when all are gone.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        while tasks.join_next().await.is_some() {}
    }
}

impl Default for Listeners {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns once the listeners stop, or have gone.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _listeners_are_gone = stop.wait_for(|stopping| *stopping).await;
}

async fn accept(socket: TcpListener, service: Service, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut streams = JoinSet::new();
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        let (stream, peer) = tokio::select! {
            accepted = socket.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: give others time to close some.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stopped(&mut stop) => break,
        };
        let _best_effort = stream.set_nodelay(true);
        match &service {
            Service::Http(router) => {
                serve_http(stream, peer, router.clone(), &graceful, permit);
            }
            Service::Stream(handler) => {
                let connection = handler(stream, peer, stop.clone());
                streams.spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
        }
        while streams.try_join_next().is_some() {}
    }
    let drained = async {
        graceful.shutdown().await;
        while streams.join_next().await.is_some() {}
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, drained).await.is_err() {
        tracing::warn!(
            "requests were still running {DRAIN_TIMEOUT:?} after the stop and are dropped"
        );
    }
}

fn serve_http(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
    permit: tokio::sync::OwnedSemaphorePermit,
) {
    let router = router.layer(axum::Extension(axum::extract::ConnectInfo(peer)));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(256);
    let service = TowerToHyperService::new(router);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let watched = graceful.watch(connection.into_owned());
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%peer, %error, "a connection ended with an error");
        }
        drop(permit);
    });
}
