//! The `oauth2` block: client credentials for a token.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::Secret;
use serde::Deserialize;

use super::{ConfigError, ProxyConfig, TlsConfig, given, headers, is_path};
use crate::SecretSource;

/// RFC 7523; recognised, but only the grant of client credentials is carried out.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How to get a token (RFC 6749, section 4.4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Plain")]
pub struct OAuth2 {
    /// Who asks.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: Option<SecretSource>,
    /// Where to ask.
    pub token_url: String,
    /// What the token should allow.
    pub scopes: Vec<String>,
    /// More fields of the question.
    pub endpoint_params: BTreeMap<String, String>,
    /// `grant_type`; empty is `client_credentials`.
    pub grant_type: String,
    /// Certificates and versions for the token's server.
    pub tls: TlsConfig,
    /// The proxy to the token's server.
    pub proxy: ProxyConfig,
    /// Sources of the key for a signed grant, and the signature; they only are checked.
    certificate_key_sources: usize,
    client_secret_sources: usize,
    signature_algorithm: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    client_id: String,
    client_secret: Secret,
    client_secret_file: PathBuf,
    client_secret_ref: String,
    #[serde(rename = "client_certificate_key_id")]
    _client_certificate_key_id: String,
    client_certificate_key: Secret,
    client_certificate_key_file: PathBuf,
    client_certificate_key_ref: String,
    grant_type: String,
    signature_algorithm: String,
    #[serde(rename = "iss")]
    _iss: String,
    #[serde(rename = "audience")]
    _audience: String,
    #[serde(rename = "claims")]
    _claims: BTreeMap<String, serde::de::IgnoredAny>,
    scopes: Vec<String>,
    token_url: String,
    endpoint_params: BTreeMap<String, String>,
    tls_config: TlsConfig,
    proxy_url: String,
    no_proxy: String,
    proxy_from_environment: bool,
    #[serde(deserialize_with = "headers::connect_headers")]
    proxy_connect_header: headers::ConnectHeaders,
}

impl TryFrom<Plain> for OAuth2 {
    type Error = ConfigError;

    fn try_from(plain: Plain) -> Result<Self, ConfigError> {
        let secrets = [
            !plain.client_secret.is_empty(),
            is_path(&plain.client_secret_file),
            !plain.client_secret_ref.is_empty(),
        ];
        let keys = [
            !plain.client_certificate_key.is_empty(),
            is_path(&plain.client_certificate_key_file),
            !plain.client_certificate_key_ref.is_empty(),
        ];
        let proxy = ProxyConfig::new(
            plain.proxy_url,
            plain.no_proxy,
            plain.proxy_from_environment,
            plain.proxy_connect_header,
        )?;
        let client_secret = SecretSource::from_fields(
            plain.client_secret,
            plain.client_secret_file,
            plain.client_secret_ref,
        );
        Ok(OAuth2 {
            client_id: plain.client_id,
            client_secret,
            token_url: plain.token_url,
            scopes: plain.scopes,
            endpoint_params: plain.endpoint_params,
            grant_type: plain.grant_type,
            tls: plain.tls_config,
            proxy,
            certificate_key_sources: given(keys),
            client_secret_sources: given(secrets),
            signature_algorithm: plain.signature_algorithm,
        })
    }
}

impl OAuth2 {
    /// The checks that upstream makes only once it knows the whole block around it.
    pub(super) fn check(self) -> Result<Self, ConfigError> {
        if self.client_id.is_empty() {
            return Err("oauth2 client_id must be configured".into());
        }
        if self.token_url.is_empty() {
            return Err("oauth2 token_url must be configured".into());
        }
        if self.grant_type == JWT_BEARER {
            if self.certificate_key_sources > 1 {
                return Err(ConfigError(format!(
                    "at most one of oauth2 client_certificate_key, client_certificate_key_file & \
                     client_certificate_key_ref must be configured using grant-type={JWT_BEARER}"
                )));
            }
            if !["", "RS256", "RS384", "RS512"].contains(&self.signature_algorithm.as_str()) {
                return Err("valid signature algorithms are RS256, RS384 and RS512".into());
            }
        } else if self.client_secret_sources > 1 {
            return Err("at most one of oauth2 client_secret, client_secret_file & \
                        client_secret_ref must be configured using grant-type=client_credentials"
                .into());
        }
        Ok(self)
    }

    /// Makes relative file names relative to `dir`.
    pub(super) fn resolve_paths(&mut self, dir: &Path) {
        if let Some(secret) = &mut self.client_secret {
            secret.resolve_path(dir);
        }
        self.tls.resolve_paths(dir);
    }
}
