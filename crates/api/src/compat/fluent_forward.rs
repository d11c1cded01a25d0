//! Fluentd's forward protocol: a listener of its own, for it is not spoken over HTTP.

use std::sync::Arc;
use std::time::Duration;

use env::Random;
use model::Secret;
use protocols::fluent_forward::{Decoder, Events, Handshake, Message, ack};
use store::AppendError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::App;
use crate::listener::{StreamHandler, stopped};

/// Bytes read at once.
const READ_BYTES: usize = 64 << 10;

/// How long an authenticating client may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(15);

/// What the listener asks of its clients.
#[derive(Clone)]
pub struct ForwardOptions {
    /// The key they must know; without it nobody is asked.
    pub shared_key: Option<Secret>,
    /// This host's name in the handshake.
    pub hostname: String,
}

/// Serves connections of Fluentd, Fluent Bit and fluent-loggers.
pub fn handler(app: &Arc<App>, random: Arc<dyn Random>, options: &ForwardOptions) -> StreamHandler {
    let (app, options) = (app.clone(), options.clone());
    Arc::new(move |stream, peer, stop| {
        let connection = Connection {
            app: app.clone(),
            stream,
            decoder: Decoder::new(protocols::Limits {
                body_bytes: app.limits.body_bytes,
                ..Default::default()
            }),
            stop,
        };
        let handshake = options.shared_key.clone().map(|shared_key| {
            let (mut nonce, hostname) = ([0; 16], options.hostname.clone());
            random.fill(&mut nonce);
            Handshake { hostname, shared_key, nonce, password_salt: None }
        });
        Box::pin(async move {
            if let Err(error) = connection.serve(handshake).await {
                tracing::warn!(%peer, %error, "a fluent forward connection was closed");
            }
        })
    })
}

/// Why a connection is closed.
#[derive(Debug, thiserror::Error)]
enum ConnectionError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Decode(#[from] protocols::DecodeError),
    #[error("{0}")]
    Append(#[from] AppendError),
    #[error("the handshake failed: {0}")]
    Handshake(&'static str),
}

struct Connection {
    app: Arc<App>,
    stream: TcpStream,
    decoder: Decoder,
    stop: watch::Receiver<bool>,
}

impl Connection {
    async fn serve(mut self, handshake: Option<Handshake>) -> Result<(), ConnectionError> {
        if let Some(handshake) = handshake {
            let shaken = tokio::time::timeout(HANDSHAKE_TIMEOUT, self.shake(&handshake)).await;
            shaken.unwrap_or(Err(ConnectionError::Handshake("it took too long")))?;
        }
        while let Some(message) = self.receive().await? {
            match message {
                Message::Events(events) => self.store(events).await?,
                Message::Ping(_) => {
                    return Err(ConnectionError::Handshake("a PING that nobody asked for"));
                }
                Message::Heartbeat => {}
            }
        }
        Ok(())
    }

    async fn shake(&mut self, handshake: &Handshake) -> Result<(), ConnectionError> {
        self.stream.write_all(&handshake.helo()).await?;
        let Some(Message::Ping(ping)) = self.receive().await? else {
            return Err(ConnectionError::Handshake("the client did not answer HELO with PING"));
        };
        let verdict = handshake.check(&ping, |_user| None);
        self.stream.write_all(&handshake.pong(&ping, verdict)).await?;
        verdict.map_err(ConnectionError::Handshake)
    }

    /// The next message; `None` when the client has closed the connection, or the server stops and
    /// nothing was begun.
    async fn receive(&mut self) -> Result<Option<Message>, ConnectionError> {
        loop {
            if let Some(message) = self.decoder.next_message(self.app.clock.now_ns())? {
                return Ok(Some(message));
            }
            let mut buffer = vec![0; READ_BYTES];
            let received = tokio::select! {
                received = self.stream.read(&mut buffer) => received?,
                () = stopped(&mut self.stop) => return Ok(None),
            };
            if received == 0 {
                return Ok(None);
            }
            self.decoder.feed(&buffer[..received]);
        }
    }

    /// Stores events and acknowledges them. What cannot be stored now is not acknowledged and the
    /// connection closed, so that the client sends it again.
    async fn store(&mut self, events: Events) -> Result<(), ConnectionError> {
        let rejected = events.decoded.rejected.count;
        if rejected > 0 {
            self.app.telemetry.rejected("logs", "fluent_forward", "invalid", rejected);
        }
        match self.app.append_logs("fluent_forward", events.decoded.batch).await {
            // Sending it again would not help, so it is acknowledged and counted.
            Ok(_) | Err(AppendError::Invalid(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(chunk) = events.chunk {
            self.stream.write_all(&ack(&chunk)).await?;
        }
        Ok(())
    }
}
