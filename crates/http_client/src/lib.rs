//! Outgoing HTTP as Prometheus' and Alertmanager's `http_config` blocks describe it.
//!
//! [`HttpClientConfig`] is the block itself, checked as upstream checks it. [`Clients`] makes
//! [`Client`]s from it; equal blocks share one, and with it connections and trust roots. Secrets
//! and certificates in files are read again with every request, so that rotating them needs no
//! reload. [`read_limited`] reads an answer that may not be larger than expected.

mod body;
mod client;
mod clients;
mod config;
mod error;
mod proxy;
mod secret_source;
mod tls;
mod token;

pub use body::read_limited;
pub use client::Client;
pub use clients::Clients;
pub use config::{
    Auth, ConfigError, Header, HttpClientConfig, OAuth2, ProxyConfig, RESERVED_HEADERS, TlsConfig,
    TlsVersion, check_url,
};
pub use error::Error;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use proxy::ProxyEnvironment;
pub use reqwest::{RequestBuilder, Response, Url};
pub use secret_source::SecretSource;
