//! The `http_config` block (prometheus/common, `HTTPClientConfig`) with upstream's checks.

pub(crate) mod headers;
mod oauth2;
mod proxy;
mod tls;
mod url;

use std::path::{Path, PathBuf};

use model::Secret;
use serde::Deserialize;

use crate::SecretSource;

pub use headers::{Header, RESERVED_HEADERS};
pub use oauth2::OAuth2;
pub use proxy::ProxyConfig;
pub use tls::{TlsConfig, TlsVersion};
pub use url::check_url;

/// A block that upstream would refuse, in upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl From<&str> for ConfigError {
    fn from(message: &str) -> Self {
        ConfigError(message.to_owned())
    }
}

/// How to speak HTTP with a peer.
///
/// It is read with serde: unknown fields and combinations that exclude each other are errors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Plain")]
pub struct HttpClientConfig {
    /// Who we say we are.
    pub auth: Auth,
    /// Certificates and versions.
    pub tls: TlsConfig,
    /// Whether requests go through a proxy.
    pub proxy: ProxyConfig,
    /// Whether to go where a 3xx answer points.
    pub follow_redirects: bool,
    /// Whether to offer HTTP/2 on encrypted connections.
    pub enable_http2: bool,
    /// Headers to add to each request.
    pub headers: Vec<Header>,
}

/// The one way to authenticate that a block may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// `basic_auth`.
    Basic {
        /// The user, empty when not given.
        username: Option<SecretSource>,
        /// The password, empty when not given.
        password: Option<SecretSource>,
    },
    /// `authorization`, and the older `bearer_token` and `bearer_token_file`.
    Authorization {
        /// The word before the credentials, `Bearer` unless given.
        scheme: String,
        /// The credentials.
        credentials: Option<SecretSource>,
    },
    /// `oauth2`.
    OAuth2(Box<OAuth2>),
}

impl Default for HttpClientConfig {
    fn default() -> Self {
        HttpClientConfig {
            auth: Auth::None,
            tls: TlsConfig::default(),
            proxy: ProxyConfig::default(),
            follow_redirects: true,
            enable_http2: true,
            headers: Vec::new(),
        }
    }
}

impl HttpClientConfig {
    /// Makes relative file names relative to the directory of the configuration file.
    pub fn resolve_paths(&mut self, dir: &Path) {
        let resolve = |source: &mut Option<SecretSource>| {
            if let Some(source) = source {
                source.resolve_path(dir);
            }
        };
        match &mut self.auth {
            Auth::None => {}
            Auth::Basic { username, password } => {
                resolve(username);
                resolve(password);
            }
            Auth::Authorization { credentials, .. } => resolve(credentials),
            Auth::OAuth2(oauth2) => oauth2.resolve_paths(dir),
        }
        self.tls.resolve_paths(dir);
        for header in &mut self.headers {
            header.resolve_paths(dir);
        }
    }

    /// Whether the block says anything at all.
    pub fn is_default(&self) -> bool {
        *self == HttpClientConfig::default()
    }
}

/// The block as it is written.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    basic_auth: Option<PlainBasicAuth>,
    authorization: Option<PlainAuthorization>,
    oauth2: Option<OAuth2>,
    bearer_token: Secret,
    bearer_token_file: PathBuf,
    tls_config: TlsConfig,
    follow_redirects: bool,
    enable_http2: bool,
    proxy_url: String,
    no_proxy: String,
    proxy_from_environment: bool,
    #[serde(deserialize_with = "headers::connect_headers")]
    proxy_connect_header: headers::ConnectHeaders,
    http_headers: headers::Headers,
}

impl Default for Plain {
    fn default() -> Self {
        Plain {
            basic_auth: None,
            authorization: None,
            oauth2: None,
            bearer_token: Secret::default(),
            bearer_token_file: PathBuf::new(),
            tls_config: TlsConfig::default(),
            follow_redirects: true,
            enable_http2: true,
            proxy_url: String::new(),
            no_proxy: String::new(),
            proxy_from_environment: false,
            proxy_connect_header: Vec::new(),
            http_headers: headers::Headers::default(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct PlainBasicAuth {
    username: String,
    username_file: PathBuf,
    username_ref: String,
    password: Secret,
    password_file: PathBuf,
    password_ref: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.Authorization")]
struct PlainAuthorization {
    #[serde(rename = "type")]
    scheme: String,
    credentials: Secret,
    credentials_file: PathBuf,
    credentials_ref: String,
}

/// How many of these are given.
fn given<const N: usize>(given: [bool; N]) -> usize {
    given.into_iter().filter(|given| *given).count()
}

/// Whether a path was written.
fn is_path(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

impl TryFrom<Plain> for HttpClientConfig {
    type Error = ConfigError;

    fn try_from(mut plain: Plain) -> Result<Self, ConfigError> {
        Ok(HttpClientConfig {
            auth: auth(&mut plain)?,
            proxy: ProxyConfig::new(
                plain.proxy_url,
                plain.no_proxy,
                plain.proxy_from_environment,
                plain.proxy_connect_header,
            )?,
            tls: plain.tls_config,
            follow_redirects: plain.follow_redirects,
            enable_http2: plain.enable_http2,
            headers: plain.http_headers.check()?,
        })
    }
}

/// Takes the one way to authenticate that is given, refusing two.
fn auth(plain: &mut Plain) -> Result<Auth, ConfigError> {
    let bearer = [!plain.bearer_token.is_empty(), is_path(&plain.bearer_token_file)];
    let any_bearer = bearer[0] || bearer[1];
    if bearer[0] && bearer[1] {
        return Err("at most one of bearer_token & bearer_token_file must be configured".into());
    }
    if any_bearer && (plain.basic_auth.is_some() || plain.oauth2.is_some()) {
        return Err("at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be \
                    configured"
            .into());
    }
    let basic = plain.basic_auth.take().map(PlainBasicAuth::check).transpose()?;
    let authorization = plain.authorization.take();
    if authorization.is_some() && any_bearer {
        return Err("authorization is not compatible with bearer_token & bearer_token_file".into());
    }
    let authorization = authorization.map(PlainAuthorization::check).transpose()?;
    let ways = [basic.is_some(), plain.oauth2.is_some(), authorization.is_some()];
    if given(ways) > 1 {
        return Err("at most one of basic_auth, oauth2 & authorization must be configured".into());
    }
    if let Some(oauth2) = plain.oauth2.take() {
        return Ok(Auth::OAuth2(Box::new(oauth2.check()?)));
    }
    if any_bearer {
        let token = std::mem::take(&mut plain.bearer_token);
        let file = std::mem::take(&mut plain.bearer_token_file);
        let credentials = SecretSource::from_fields(token, file, String::new());
        return Ok(Auth::Authorization { scheme: "Bearer".to_owned(), credentials });
    }
    Ok(basic.or(authorization).unwrap_or_default())
}

impl PlainBasicAuth {
    fn check(self) -> Result<Auth, ConfigError> {
        let names = [
            !self.username.is_empty(),
            is_path(&self.username_file),
            !self.username_ref.is_empty(),
        ];
        if given(names) > 1 {
            return Err(
                "at most one of basic_auth username, username_file & username_ref must be \
                        configured"
                    .into(),
            );
        }
        let passwords = [
            !self.password.is_empty(),
            is_path(&self.password_file),
            !self.password_ref.is_empty(),
        ];
        if given(passwords) > 1 {
            return Err(
                "at most one of basic_auth password, password_file & password_ref must be \
                        configured"
                    .into(),
            );
        }
        let username = Secret::new(self.username);
        Ok(Auth::Basic {
            username: SecretSource::from_fields(username, self.username_file, self.username_ref),
            password: SecretSource::from_fields(
                self.password,
                self.password_file,
                self.password_ref,
            ),
        })
    }
}

impl PlainAuthorization {
    fn check(self) -> Result<Auth, ConfigError> {
        let credentials = [
            !self.credentials.is_empty(),
            is_path(&self.credentials_file),
            !self.credentials_ref.is_empty(),
        ];
        if given(credentials) > 1 {
            return Err("at most one of authorization credentials & credentials_file must be \
                        configured"
                .into());
        }
        let scheme = match self.scheme.trim() {
            "" => "Bearer",
            scheme => scheme,
        };
        if scheme.eq_ignore_ascii_case("basic") {
            return Err(
                "authorization type cannot be set to \"basic\", use \"basic_auth\" instead".into(),
            );
        }
        Ok(Auth::Authorization {
            scheme: scheme.to_owned(),
            credentials: SecretSource::from_fields(
                self.credentials,
                self.credentials_file,
                self.credentials_ref,
            ),
        })
    }
}

#[cfg(test)]
mod tests;
