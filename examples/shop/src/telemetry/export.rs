//! Sends spans away: OTLP over HTTP with JSON bodies, in batches, without ever holding a request up.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use reqwest::StatusCode;
use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// Spans that may wait; what comes on top is dropped and counted.
const WAITING_MAX: usize = 4096;

/// Spans in one request.
const BATCH_MAX: usize = 512;

/// How long a span waits for others at most.
const DELAY: Duration = Duration::from_secs(1);

/// How often a batch is tried before it is given up.
const ATTEMPTS: u32 = 5;

/// Where finished spans go.
#[derive(Clone)]
pub(super) struct Queue {
    pub(super) spans: mpsc::Sender<Json>,
    pub(super) dropped: Counter,
}

/// The task that sends spans, seen from outside.
pub(super) struct Exporter {
    queue: Queue,
    flush: mpsc::Sender<oneshot::Sender<()>>,
}

impl Exporter {
    /// Starts the task; it ends with the runtime.
    pub(super) fn start(otlp: &str, resource: Json, dropped: Counter) -> Self {
        let (spans, waiting) = mpsc::channel(WAITING_MAX);
        let (flush, flushes) = mpsc::channel(1);
        let url = format!("{}/v1/traces", otlp.trim_end_matches('/'));
        let sender =
            Sender { url, resource, client: super::client::plain(), dropped: dropped.clone() };
        tokio::spawn(sender.run(waiting, flushes));
        Exporter { queue: Queue { spans, dropped }, flush }
    }

    pub(super) fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// Returns when everything that waits now is sent, or after a few seconds.
    pub(super) async fn flush(&self) {
        let (done, finished) = oneshot::channel();
        if self.flush.send(done).await.is_ok() {
            let _given_up = timeout(Duration::from_secs(3), finished).await;
        }
    }
}

struct Sender {
    url: String,
    resource: Json,
    client: reqwest::Client,
    dropped: Counter,
}

impl Sender {
    async fn run(
        self,
        mut waiting: mpsc::Receiver<Json>,
        mut flushes: mpsc::Receiver<oneshot::Sender<()>>,
    ) {
        let mut batch = Vec::new();
        let mut due = Instant::now() + DELAY;
        loop {
            tokio::select! {
                span = waiting.recv() => match span {
                    Some(span) => batch.push(span),
                    None => return self.send(batch).await,
                },
                () = sleep_until(due), if !batch.is_empty() => {
                    self.send(std::mem::take(&mut batch)).await;
                }
                Some(done) = flushes.recv() => {
                    while let Ok(span) = waiting.try_recv() {
                        batch.push(span);
                    }
                    self.send(std::mem::take(&mut batch)).await;
                    let _nobody_waits = done.send(());
                }
            }
            match batch.len() {
                0 => {}
                1 => due = Instant::now() + DELAY,
                BATCH_MAX.. => self.send(std::mem::take(&mut batch)).await,
                _ => {}
            }
        }
    }

    /// Sends a batch; one that was refused for good, or too often, is dropped and counted.
    async fn send(&self, batch: Vec<Json>) {
        if batch.is_empty() {
            return;
        }
        let count = batch.len() as u64;
        let body = json!({"resourceSpans": [{
            "resource": {"attributes": self.resource},
            "scopeSpans": [{"scope": {"name": "shop"}, "spans": batch}],
        }]})
        .to_string();
        for attempt in 0..ATTEMPTS {
            match self.post(body.clone()).await {
                Attempt::Sent => return,
                Attempt::Refused => break,
                Attempt::Later(wait) => sleep(wait.unwrap_or(DELAY * 2_u32.pow(attempt))).await,
            }
        }
        self.dropped.inc_by(count);
    }

    async fn post(&self, body: String) -> Attempt {
        let request = self.client.post(&self.url).header("content-type", "application/json");
        match request.body(body).timeout(Duration::from_secs(10)).send().await {
            Ok(response) if response.status().is_success() => Attempt::Sent,
            Ok(response) => match response.status() {
                StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT => Attempt::Later(retry_after(&response)),
                _ => Attempt::Refused,
            },
            Err(_) => Attempt::Later(None),
        }
    }
}

/// What became of a request, by what to do next.
enum Attempt {
    Sent,
    Refused,
    Later(Option<Duration>),
}

/// How long the server asks to wait, a minute at most.
pub(crate) fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds.min(60)))
}
