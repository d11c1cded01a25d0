//! Ships log lines as a log shipper does: batches to Elasticsearch's bulk endpoint, sent again until
//! they are taken.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::telemetry::client::plain;

/// Lines that may wait while the server does not answer; what comes on top is dropped and counted.
const WAITING_MAX: usize = 20_000;

/// Lines in one request.
const BATCH_MAX: u64 = 500;

/// How long the first line of a batch waits for others.
const DELAY: Duration = Duration::from_millis(500);

/// How long the last batches may take when the shop closes.
const FINISH: Duration = Duration::from_secs(5);

/// The longest pause before a batch is sent again.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// The action of every document: the stream that Elasticsearch would call an index.
const ACTION: &str = "{\"create\":{\"_index\":\"shop\"}}\n";

/// A task that ships lines.
pub(super) struct Shipper {
    lines: Lines,
    task: JoinHandle<()>,
}

/// Where lines are put.
#[derive(Clone)]
pub(super) struct Lines {
    queue: mpsc::Sender<String>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    stored: AtomicU64,
    refused: AtomicU64,
    dropped: AtomicU64,
}

/// What became of the lines.
pub(super) struct Shipped {
    stored: u64,
    refused: u64,
    dropped: u64,
}

impl Shipper {
    /// Starts the task; `url` is what `/_bulk` is added to.
    pub(super) fn start(url: &str) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let counts = Arc::new(Counts::default());
        let url = format!("{}/_bulk", url.trim_end_matches('/'));
        let task = tokio::spawn(ship(url, waiting, counts.clone()));
        Shipper { lines: Lines { queue, counts }, task }
    }

    /// Where lines are put.
    pub(super) fn lines(&self) -> Lines {
        self.lines.clone()
    }

    /// Sends what is left and says what became of everything.
    pub(super) async fn finish(self) -> Shipped {
        let Lines { queue, counts } = self.lines;
        drop(queue);
        let _given_up = timeout(FINISH, self.task).await;
        Shipped {
            stored: counts.stored.load(Ordering::Relaxed),
            refused: counts.refused.load(Ordering::Relaxed),
            dropped: counts.dropped.load(Ordering::Relaxed),
        }
    }
}

impl Lines {
    /// Adds a line; it never waits, or the process that wrote it would.
    pub(super) fn push(&self, line: String) {
        if self.queue.try_send(line).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Display for Shipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} log lines were sent", self.stored)?;
        if self.refused > 0 {
            write!(f, ", {} refused", self.refused)?;
        }
        if self.dropped > 0 {
            write!(f, ", {} dropped because the server did not answer", self.dropped)?;
        }
        f.write_str(".")
    }
}

async fn ship(url: String, mut waiting: mpsc::Receiver<String>, counts: Arc<Counts>) {
    let client = plain();
    while let Some(first) = waiting.recv().await {
        sleep(DELAY).await;
        let mut count: u64 = 1;
        let mut body = format!("{ACTION}{first}\n");
        while count < BATCH_MAX
            && let Ok(line) = waiting.try_recv()
        {
            body.push_str(ACTION);
            body.push_str(&line);
            body.push('\n');
            count += 1;
        }
        let refused = deliver(&client, &url, body, count).await;
        counts.refused.fetch_add(refused, Ordering::Relaxed);
        counts.stored.fetch_add(count - refused, Ordering::Relaxed);
    }
}

/// Sends a batch until it is taken or refused for good; the count of lines that were refused.
async fn deliver(client: &reqwest::Client, url: &str, body: String, count: u64) -> u64 {
    let mut pause = Duration::from_millis(500);
    loop {
        let request = client.post(url).header("content-type", "application/x-ndjson");
        match request.body(body.clone()).timeout(Duration::from_secs(30)).send().await {
            Ok(response) if response.status().is_success() => {
                let answer = response.bytes().await.unwrap_or_default();
                return refused_items(&serde_json::from_slice(&answer).unwrap_or_default());
            }
            Ok(response) if response.status().is_client_error() && response.status() != 429 => {
                return count;
            }
            Ok(_) | Err(_) => sleep(pause).await,
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// The items of a bulk answer that say something else than success.
fn refused_items(answer: &Json) -> u64 {
    let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let refused = |item: &&Json| item["create"]["status"].as_u64().is_none_or(|code| code >= 300);
    items.iter().filter(refused).count() as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_tell_what_was_refused() {
        let ok = json!({"create": {"status": 201}});
        let bad = json!({"create": {"status": 400, "error": {"type": "x"}}});
        assert_eq!(refused_items(&json!({"errors": true, "items": [ok, bad, {}]})), 2);
        assert_eq!(refused_items(&json!({"errors": false, "items": []})), 0);
    }
}
