//! One configured client.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use http::{HeaderMap, HeaderValue, Method, header};
use parking_lot::Mutex;
use reqwest::{RequestBuilder, redirect};

use crate::clients::World;
use crate::config::headers::header_map;
use crate::proxy::proxies;
use crate::tls::{Material, client_config};
use crate::token::TokenSource;
use crate::{Auth, Error, HttpClientConfig};

/// How many redirects are followed, as Go does.
const REDIRECTS_MAX: usize = 10;
/// How long a connection may take to come about; the whole request has its caller's time-out.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an idle connection is kept: longer than any sane scrape interval.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// A client made by [`Clients`](crate::Clients); a clone shares its connections.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) config: HttpClientConfig,
    world: Arc<World>,
    token: Option<TokenSource>,
    current: Mutex<Option<(Material, reqwest::Client)>>,
}

impl Client {
    /// Starts a request with the credentials and headers of the configuration.
    ///
    /// The caller adds its own headers, body and time-out, and sends it. Credentials do not follow
    /// a redirect to another host. An answer in gzip is decompressed unless the caller sets
    /// `Accept-Encoding` itself.
    ///
    /// # Errors
    /// [`Error::Secret`] when a file cannot be used, [`Error::Config`] when the address cannot be
    /// one, and those of the token server.
    pub async fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, Error> {
        let client = self.0.current()?;
        let url = parse(url)?;
        let mut headers = self.0.own_headers()?;
        if !headers.contains_key(header::AUTHORIZATION)
            && url.username().is_empty()
            && let Some(authorization) = self.0.authorization().await?
        {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        Ok(client.request(method, url).headers(headers))
    }

    /// Starts a request without credentials.
    pub(crate) fn plain_request(&self, method: Method, url: &str) -> Result<RequestBuilder, Error> {
        Ok(self.0.current()?.request(method, parse(url)?))
    }
}

fn parse(url: &str) -> Result<reqwest::Url, Error> {
    reqwest::Url::parse(url)
        .map_err(|error| Error::Config(format!("the address cannot be used: {error}")))
}

impl Inner {
    pub(crate) fn new(config: HttpClientConfig, world: Arc<World>) -> Result<Self, Error> {
        let token = match &config.auth {
            Auth::OAuth2(oauth2) => Some(TokenSource::new(oauth2, &world)?),
            _ => None,
        };
        // What depends on no file is tried now, so that a reload can refuse it.
        proxies(&config.proxy, &world.proxies)?;
        let inner = Inner { config, world, token, current: Mutex::default() };
        match inner.current() {
            Err(error @ Error::Config(_)) => Err(error),
            _ => Ok(inner),
        }
    }

    /// The client for the certificates as they are now.
    fn current(&self) -> Result<reqwest::Client, Error> {
        let material = Material::read(&self.config.tls, &*self.world.env.fs)?;
        let mut current = self.current.lock();
        if let Some((known, client)) = &*current
            && *known == material
        {
            return Ok(client.clone());
        }
        let client = self.build(&material)?;
        *current = Some((material, client.clone()));
        Ok(client)
    }

    fn build(&self, material: &Material) -> Result<reqwest::Client, Error> {
        let config = &self.config;
        let tls = client_config(&config.tls, material, &self.world.roots, config.enable_http2)?;
        let redirects = match config.follow_redirects {
            true => redirect::Policy::limited(REDIRECTS_MAX),
            false => redirect::Policy::none(),
        };
        let mut builder = reqwest::Client::builder()
            .use_preconfigured_tls(tls)
            .redirect(redirects)
            .user_agent(&self.world.user_agent)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .referer(false)
            .no_proxy();
        if !config.enable_http2 {
            builder = builder.http1_only();
        }
        for proxy in proxies(&config.proxy, &self.world.proxies)? {
            builder = builder.proxy(proxy);
        }
        Ok(builder.build()?)
    }

    fn own_headers(&self) -> Result<HeaderMap, Error> {
        let mut pairs = Vec::new();
        for header in &self.config.headers {
            for value in &header.values {
                let what = format!("headers file of {:?}", header.name);
                pairs.push((header.name.as_str(), value.read(&*self.world.env.fs, &what)?));
            }
        }
        let pairs = pairs.iter().map(|(name, value)| (*name, value));
        header_map(pairs).map_err(|error| Error::Config(error.0))
    }

    /// The value of the `Authorization` header.
    async fn authorization(&self) -> Result<Option<HeaderValue>, Error> {
        let fs = &*self.world.env.fs;
        let read = |source: &Option<crate::SecretSource>, what| match source {
            Some(source) => source.read(fs, what),
            None => Ok(model::Secret::default()),
        };
        let text = match &self.config.auth {
            Auth::None => return Ok(None),
            Auth::Basic { username, password } => {
                let username = read(username, "basic auth username")?;
                basic(username.expose(), read(password, "basic auth password")?.expose())
            }
            Auth::Authorization { scheme, credentials } => {
                let credentials = read(credentials, "authorization credentials")?;
                format!("{scheme} {}", credentials.expose())
            }
            Auth::OAuth2(_) => match &self.token {
                Some(source) => source.authorization().await?,
                None => return Ok(None),
            },
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| {
            Error::Secret("the credentials hold characters that a header cannot".to_owned())
        })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// Credentials as RFC 7617 writes them.
pub(crate) fn basic(username: &str, password: &str) -> String {
    let pair = format!("{username}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

#[cfg(test)]
mod tests;
