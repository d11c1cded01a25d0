//! Which requests go through a proxy.

use reqwest::{NoProxy, Proxy};

use crate::{Error, ProxyConfig};

/// What the environment variables say about proxies; the server reads them once at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyEnvironment {
    /// `HTTP_PROXY` or `http_proxy`: for plain requests.
    pub http: String,
    /// `HTTPS_PROXY` or `https_proxy`: for encrypted ones.
    pub https: String,
    /// `NO_PROXY` or `no_proxy`: hosts, domains, addresses and networks to reach directly.
    pub exceptions: String,
}

/// Requests to the machine itself never follow the environment (Go, `httpproxy`).
const LOCAL: &str = "localhost,127.0.0.0/8,::1";

/// The proxies of one client, in the order in which they are asked.
pub(crate) fn proxies(
    config: &ProxyConfig,
    environment: &ProxyEnvironment,
) -> Result<Vec<Proxy>, Error> {
    let headers = config.connect_headers()?;
    let invalid = |_| Error::Config("proxy_url is not the address of a proxy".to_owned());
    let with = |proxy: Proxy, exceptions: &str| {
        let proxy = proxy.no_proxy(NoProxy::from_string(exceptions));
        if headers.is_empty() { proxy } else { proxy.headers(headers.clone()) }
    };
    if !config.from_environment {
        let Some(url) = &config.url else { return Ok(Vec::new()) };
        let proxy = Proxy::all(url.expose()).map_err(invalid)?;
        return Ok(vec![with(proxy, &config.exceptions)]);
    }
    let exceptions = format!("{LOCAL},{}", environment.exceptions);
    let mut proxies = Vec::new();
    if !environment.http.is_empty() {
        proxies.push(with(Proxy::http(&environment.http).map_err(invalid)?, &exceptions));
    }
    if !environment.https.is_empty() {
        proxies.push(with(Proxy::https(&environment.https).map_err(invalid)?, &exceptions));
    }
    Ok(proxies)
}
