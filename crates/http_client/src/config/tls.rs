//! The `tls_config` block.

use std::path::{Path, PathBuf};

use model::Secret;
use serde::Deserialize;

use super::{ConfigError, given, is_path};
use crate::SecretSource;

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum TlsVersion {
    /// TLS 1.0, which is accepted as a bound and never spoken.
    Tls10,
    /// TLS 1.1, which is accepted as a bound and never spoken.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl TryFrom<String> for TlsVersion {
    type Error = ConfigError;

    fn try_from(name: String) -> Result<Self, ConfigError> {
        Ok(match name.as_str() {
            "TLS10" => TlsVersion::Tls10,
            "TLS11" => TlsVersion::Tls11,
            "TLS12" => TlsVersion::Tls12,
            "TLS13" => TlsVersion::Tls13,
            _ => return Err(ConfigError(format!("unknown TLS version: {name}"))),
        })
    }
}

/// Whom to trust, and how to show who we are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Plain")]
pub struct TlsConfig {
    /// The authorities to trust instead of the system's, in PEM.
    pub ca: Option<SecretSource>,
    /// Our certificate and its chain, in PEM.
    pub cert: Option<SecretSource>,
    /// The key of our certificate, in PEM.
    pub key: Option<SecretSource>,
    /// The name that the peer's certificate must bear, when it is not the host's. The greeting
    /// (SNI) still says the host's.
    pub server_name: String,
    /// Whether any certificate will do.
    pub insecure_skip_verify: bool,
    /// The lowest version to speak.
    pub min_version: Option<TlsVersion>,
    /// The highest version to speak.
    pub max_version: Option<TlsVersion>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    ca: String,
    cert: String,
    key: Secret,
    ca_file: PathBuf,
    cert_file: PathBuf,
    key_file: PathBuf,
    ca_ref: String,
    cert_ref: String,
    key_ref: String,
    server_name: String,
    insecure_skip_verify: bool,
    min_version: Option<TlsVersion>,
    max_version: Option<TlsVersion>,
}

impl TryFrom<Plain> for TlsConfig {
    type Error = ConfigError;

    fn try_from(plain: Plain) -> Result<Self, ConfigError> {
        let sources = |inline: &str, file: &Path, reference: &str| {
            given([!inline.is_empty(), is_path(file), !reference.is_empty()])
        };
        if sources(&plain.ca, &plain.ca_file, &plain.ca_ref) > 1 {
            return Err("at most one of ca, ca_file & ca_ref must be configured".into());
        }
        let certs = sources(&plain.cert, &plain.cert_file, &plain.cert_ref);
        if certs > 1 {
            return Err("at most one of cert, cert_file & cert_ref must be configured".into());
        }
        let keys = sources(plain.key.expose(), &plain.key_file, &plain.key_ref);
        if keys > 1 {
            return Err("at most one of key and key_file must be configured".into());
        }
        if certs > keys {
            return Err("exactly one of key or key_file must be configured when a client \
                        certificate is configured"
                .into());
        }
        if keys > certs {
            return Err("exactly one of cert or cert_file must be configured when a client key \
                        is configured"
                .into());
        }
        let (ca, cert) = (Secret::new(plain.ca), Secret::new(plain.cert));
        Ok(TlsConfig {
            ca: SecretSource::from_fields(ca, plain.ca_file, plain.ca_ref),
            cert: SecretSource::from_fields(cert, plain.cert_file, plain.cert_ref),
            key: SecretSource::from_fields(plain.key, plain.key_file, plain.key_ref),
            server_name: plain.server_name,
            insecure_skip_verify: plain.insecure_skip_verify,
            min_version: plain.min_version,
            max_version: plain.max_version,
        })
    }
}

impl TlsConfig {
    /// Makes relative file names relative to `dir`.
    pub(super) fn resolve_paths(&mut self, dir: &Path) {
        for source in [&mut self.ca, &mut self.cert, &mut self.key].into_iter().flatten() {
            source.resolve_path(dir);
        }
    }
}
