//! Where the body of a scrape comes from: a request, or this process itself.

use std::sync::Arc;
use std::time::Duration;

use http_client::{Client, Error, Method, StatusCode, read_limited};
use protocols::exposition::{Format, ScrapeProtocol, accept_header};
use tokio::sync::Semaphore;

use crate::config::{Escaping, ScrapeConfig};

/// The largest body when the configuration sets no limit.
const BODY_BYTES_MAX: u64 = 256 << 20;

/// Something in this process that exposes metrics.
pub trait Exposer: Send + Sync {
    /// Metrics in Prometheus' text format or in OpenMetrics. It may read files, not wait.
    fn expose(&self) -> (Format, Vec<u8>);
}

/// Where a target's bodies come from.
pub(super) enum Source {
    /// Requests.
    Http { client: Client, accept: String },
    /// This process. It is asked again only when it has answered: a file system that hangs must
    /// not collect a waiting thread with every scrape.
    Own { exposer: Arc<dyn Exposer>, turn: Arc<Semaphore> },
    /// Nowhere, and why.
    Broken(String),
}

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FetchError {
    /// It is larger than the limit.
    TooLarge,
    /// Anything else, for people.
    Failed(String),
}

impl From<Error> for FetchError {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge { .. } => FetchError::TooLarge,
            other => FetchError::Failed(other.to_string()),
        }
    }
}

impl Source {
    pub(super) fn own(exposer: Arc<dyn Exposer>) -> Self {
        Source::Own { exposer, turn: Arc::new(Semaphore::new(1)) }
    }

    pub(super) fn http(client: Client, config: &ScrapeConfig) -> Self {
        let accept = accept_header(&config.scrape_protocols);
        let accept = accept.replace(Escaping::AllowUtf8.name(), config.escaping.name());
        Source::Http { client, accept }
    }

    /// The body and its format.
    pub(super) async fn fetch(
        &self,
        url: &str,
        timeout: Duration,
        config: &ScrapeConfig,
    ) -> Result<(Format, Vec<u8>), FetchError> {
        match self {
            Source::Broken(why) => Err(FetchError::Failed(why.clone())),
            Source::Own { exposer, turn } => {
                let Ok(turn) = turn.clone().try_acquire_owned() else {
                    let why = "the scrape before has not been answered yet";
                    return Err(FetchError::Failed(why.to_owned()));
                };
                let exposer = exposer.clone();
                // Reading from a file system that hangs must not hold up anything else.
                let exposed = tokio::task::spawn_blocking(move || {
                    let _until_it_answered = turn;
                    exposer.expose()
                });
                match tokio::time::timeout(timeout, exposed).await {
                    Ok(Ok(exposed)) => Ok(exposed),
                    Ok(Err(error)) => Err(FetchError::Failed(error.to_string())),
                    Err(_) => Err(Error::Timeout.into()),
                }
            }
            Source::Http { client, accept } => {
                let fetched = request(client, accept, url, timeout, config);
                let timed = tokio::time::timeout(timeout, fetched).await;
                timed.unwrap_or_else(|_| Err(Error::Timeout.into()))
            }
        }
    }
}

async fn request(
    client: &Client,
    accept: &str,
    url: &str,
    timeout: Duration,
    config: &ScrapeConfig,
) -> Result<(Format, Vec<u8>), FetchError> {
    let mut request = client
        .request(Method::GET, url)
        .await?
        .header("accept", accept)
        .header("x-prometheus-scrape-timeout-seconds", timeout.as_secs_f64().to_string());
    if !config.enable_compression {
        request = request.header("accept-encoding", "identity");
    }
    let response = request.send().await.map_err(Error::from)?;
    if response.status() != StatusCode::OK {
        let status = response.status();
        return Err(FetchError::Failed(format!("server returned HTTP status {status}")));
    }
    let content_type = response.headers().get("content-type").cloned();
    let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
    let limit = match config.limits.body_bytes {
        0 => BODY_BYTES_MAX,
        // A body of exactly the limit is refused, as upstream refuses it.
        limit => limit - 1,
    };
    let body = read_limited(response, limit).await?;
    let fallback = config.fallback_scrape_protocol.and_then(ScrapeProtocol::format);
    let format = Format::from_content_type(content_type, fallback)
        .map_err(|error| FetchError::Failed(error.to_string()))?;
    Ok((format, body))
}
