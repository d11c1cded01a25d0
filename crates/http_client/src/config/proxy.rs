//! The proxy settings of a block.

use http::HeaderMap;
use model::Secret;

use super::{ConfigError, check_url, headers};
use crate::Error;

/// Whether requests go through a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyConfig {
    /// `proxy_url`; it may hold a password.
    pub url: Option<Secret>,
    /// `no_proxy`: hosts, domains, addresses and networks to reach directly.
    pub exceptions: String,
    /// `proxy_from_environment`.
    pub from_environment: bool,
    /// `proxy_connect_header`: what to send along when a tunnel is asked for.
    connect_headers: headers::ConnectHeaders,
}

impl ProxyConfig {
    /// Checks the four fields that a block has for its proxy.
    pub(super) fn new(
        url: String,
        exceptions: String,
        from_environment: bool,
        connect_headers: headers::ConnectHeaders,
    ) -> Result<Self, ConfigError> {
        if !connect_headers.is_empty() && !from_environment && url.is_empty() {
            return Err("if proxy_connect_header is configured, proxy_url or \
                        proxy_from_environment must also be configured"
                .into());
        }
        if from_environment && !url.is_empty() {
            return Err(
                "if proxy_from_environment is configured, proxy_url must not be configured".into(),
            );
        }
        if from_environment && !exceptions.is_empty() {
            return Err(
                "if proxy_from_environment is configured, no_proxy must not be configured".into()
            );
        }
        if url.is_empty() && !exceptions.is_empty() {
            return Err("if no_proxy is configured, proxy_url must also be configured".into());
        }
        if !url.is_empty() {
            check_url(&url)?;
        }
        let url = (!url.is_empty()).then(|| Secret::new(url));
        Ok(ProxyConfig { url, exceptions, from_environment, connect_headers })
    }

    /// The headers of a request for a tunnel.
    pub(crate) fn connect_headers(&self) -> Result<HeaderMap, Error> {
        let pairs = self.connect_headers.iter().map(|(name, value)| (name.as_str(), value));
        headers::header_map(pairs).map_err(|error| Error::Config(error.0))
    }
}
