//! Calls from one service to another: a client span around each, its context in the headers.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value as Json;

use super::Telemetry;
use super::metrics::{SentLabels, observe};
use super::trace::{Kind, Span};
use crate::context::Context;

/// The longest answer that is read.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// A client without proxies or TLS roots: everything it speaks to is on this machine.
pub(crate) fn plain() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tls_built_in_root_certs(false)
        .connect_timeout(Duration::from_secs(2))
        .build()
        .expect("a client without certificates and proxies has nothing to fail on")
}

/// Why a call gave no good answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The other side answered with an error.
    #[error("{peer} answered {status}: {message}")]
    Status {
        /// The service that was called.
        peer: &'static str,
        /// Its answer.
        status: u16,
        /// What it said about it.
        message: String,
    },
    /// No answer came in time.
    #[error("{peer} did not answer in time")]
    Timeout {
        /// The service that was called.
        peer: &'static str,
        /// What the HTTP client says about it.
        source: reqwest::Error,
    },
    /// There was no way to it.
    #[error("{peer} cannot be reached")]
    Unreachable {
        /// The service that was called.
        peer: &'static str,
        /// What the HTTP client says about it.
        source: reqwest::Error,
    },
    /// The answer is not what was agreed upon.
    #[error("{peer} answered something else than JSON")]
    Malformed {
        /// The service that was called.
        peer: &'static str,
    },
}

impl CallError {
    fn new(peer: &'static str, source: reqwest::Error) -> Self {
        match source.is_timeout() {
            true => CallError::Timeout { peer, source },
            false => CallError::Unreachable { peer, source },
        }
    }

    /// The name for `exception.type` and `error.type`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            CallError::Status { .. } => "ErrorStatus",
            CallError::Timeout { .. } => "Timeout",
            CallError::Unreachable { .. } => "Unreachable",
            CallError::Malformed { .. } => "MalformedAnswer",
        }
    }

    /// The status of the answer, if one came.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            CallError::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// A service that is called.
pub(crate) struct Peer {
    telemetry: Arc<Telemetry>,
    client: reqwest::Client,
    name: &'static str,
    port: u16,
}

impl Peer {
    pub(crate) fn new(telemetry: &Arc<Telemetry>, name: &'static str, port: u16) -> Self {
        Peer { telemetry: telemetry.clone(), client: plain(), name, port }
    }

    /// Asks `GET path`; `route` is the path with its variable parts named.
    pub(crate) async fn get(
        &self,
        context: &Context,
        route: &str,
        path: &str,
    ) -> Result<Json, CallError> {
        self.call(context, Method::GET, route, path, None).await
    }

    /// Sends `POST path` with a body.
    pub(crate) async fn post(
        &self,
        context: &Context,
        path: &str,
        body: &Json,
    ) -> Result<Json, CallError> {
        self.call(context, Method::POST, path, path, Some(body)).await
    }

    async fn call(
        &self,
        context: &Context,
        method: Method,
        route: &str,
        path: &str,
        body: Option<&Json>,
    ) -> Result<Json, CallError> {
        let posting = method == Method::POST;
        let method_name = if posting { "POST" } else { "GET" };
        let clock = &self.telemetry.env.clock;
        let started_ns = clock.monotonic_ns();
        let mut span = self.telemetry.span(context, format!("{method_name} {route}"), Kind::Client);
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        span.set("http.request.method", method_name);
        span.set("url.full", url.as_str());
        span.set("url.template", route);
        span.set("server.address", self.name);
        span.set("server.port", self.port);

        let mut request = self.client.request(method, url).timeout(Duration::from_secs(10));
        for (name, value) in context.within(span.context()).headers() {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let result = self.answer(request, &mut span).await;

        let labels = SentLabels {
            server_address: self.name,
            http_request_method: method_name,
            http_response_status_code: match &result {
                Ok(_) => 200,
                Err(error) => error.status().unwrap_or(0),
            },
        };
        let took = Duration::from_nanos(clock.monotonic_ns() - started_ns);
        let histogram = self.telemetry.metrics.sent.get_or_create_owned(&labels);
        observe(&histogram, took, span.context(), clock.now_ns());
        result
    }

    async fn answer(
        &self,
        request: reqwest::RequestBuilder,
        span: &mut Span,
    ) -> Result<Json, CallError> {
        let answer = self.read(request, span).await;
        match &answer {
            Ok(_) => {}
            Err(CallError::Status { status, .. }) => {
                span.set("error.type", status.to_string());
                span.fail(format!("{} answered {status}", self.name));
            }
            Err(error) => span.exception(error.kind(), error),
        }
        answer
    }

    async fn read(
        &self,
        request: reqwest::RequestBuilder,
        span: &mut Span,
    ) -> Result<Json, CallError> {
        let mut response = request.send().await.map_err(|e| CallError::new(self.name, e))?;
        let status = response.status();
        span.set("http.response.status_code", status.as_u16());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| CallError::new(self.name, e))? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_BYTES_MAX {
                return Err(CallError::Malformed { peer: self.name });
            }
        }
        let json: Option<Json> = serde_json::from_slice(&body).ok();
        if status.is_success() {
            return json.ok_or(CallError::Malformed { peer: self.name });
        }
        let message = json.as_ref().and_then(|json| json["error"].as_str()).unwrap_or_default();
        let (peer, status) = (self.name, status.as_u16());
        Err(CallError::Status { peer, status, message: message.to_owned() })
    }
}
