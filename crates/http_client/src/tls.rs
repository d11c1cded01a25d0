//! From a `tls_config` block to what rustls needs.

mod roots;
mod verifier;

use std::sync::Arc;

use env::Fs;
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};

use crate::{Error, TlsConfig, TlsVersion};

pub(crate) use roots::SystemRoots;
use verifier::{Trust, Verifier};

/// The content of the files that a block names, to see when they change.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Material {
    ca: Option<model::Secret>,
    cert: Option<model::Secret>,
    key: Option<model::Secret>,
}

impl Material {
    /// Reads what the block names.
    pub(crate) fn read(config: &TlsConfig, fs: &dyn Fs) -> Result<Self, Error> {
        let ca = config.ca.as_ref().map(|source| source.read(fs, "CA cert"));
        let cert = config.cert.as_ref().map(|source| source.read(fs, "client cert"));
        let key = config.key.as_ref().map(|source| source.read(fs, "client key"));
        Ok(Material { ca: ca.transpose()?, cert: cert.transpose()?, key: key.transpose()? })
    }
}

/// What a connection of this block needs.
///
/// # Errors
/// When certificates or keys cannot be used, or no version is left to speak.
pub(crate) fn client_config(
    config: &TlsConfig,
    material: &Material,
    roots: &SystemRoots,
    enable_http2: bool,
) -> Result<ClientConfig, Error> {
    let provider = roots.provider();
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&versions(config)?)
        .map_err(|error| Error::Config(format!("tls_config: {error}")))?;
    let verifier = Verifier::new(trust(config, material, roots)?, server_name(config)?, provider);
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut client = match (&material.cert, &material.key) {
        (Some(cert), Some(key)) => {
            let (chain, key) = (certificates(cert, "client cert")?, private_key(key)?);
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                Error::Secret(format!("unable to use specified client cert & key: {error}"))
            })?
        }
        _ => builder.with_no_client_auth(),
    };
    if enable_http2 {
        client.alpn_protocols.push(b"h2".to_vec());
    }
    client.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(client)
}

/// The ring implementation of the algorithms.
pub(crate) fn ring() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The versions between the bounds that rustls speaks.
fn versions(config: &TlsConfig) -> Result<Vec<&'static rustls::SupportedProtocolVersion>, Error> {
    let min = config.min_version.unwrap_or(TlsVersion::Tls12);
    let max = config.max_version.unwrap_or(TlsVersion::Tls13);
    if config.min_version.is_some_and(|min| max < min) {
        return Err(Error::Config(
            "tls_config.max_version must be greater than or equal to tls_config.min_version if \
             both are specified"
                .to_owned(),
        ));
    }
    let known = [
        (TlsVersion::Tls12, &rustls::version::TLS12),
        (TlsVersion::Tls13, &rustls::version::TLS13),
    ];
    let versions: Vec<_> = known
        .into_iter()
        .filter(|(version, _)| min <= *version && *version <= max)
        .map(|(_, supported)| supported)
        .collect();
    if versions.is_empty() {
        let message = "tls_config.max_version: TLS 1.0 and 1.1 are not supported";
        return Err(Error::Config(message.to_owned()));
    }
    Ok(versions)
}

fn trust(config: &TlsConfig, material: &Material, roots: &SystemRoots) -> Result<Trust, Error> {
    if config.insecure_skip_verify {
        return Ok(Trust::Anybody);
    }
    match &material.ca {
        None => Ok(Trust::System(roots.clone())),
        Some(ca) => Trust::only(certificates(ca, "CA cert")?, roots.provider()),
    }
}

fn server_name(config: &TlsConfig) -> Result<Option<ServerName<'static>>, Error> {
    if config.server_name.is_empty() {
        return Ok(None);
    }
    let name = ServerName::try_from(config.server_name.clone()).map_err(|_| {
        Error::Config(format!("tls_config.server_name: {:?} is not a name", config.server_name))
    })?;
    Ok(Some(name))
}

/// The certificates in a PEM text, of which there must be one at least.
fn certificates(pem: &model::Secret, what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.expose().as_bytes()).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(Error::Secret(format!("unable to use specified {what}: no certificate"))),
        Err(error) => Err(Error::Secret(format!("unable to use specified {what}: {error}"))),
    }
}

fn private_key(pem: &model::Secret) -> Result<PrivateKeyDer<'static>, Error> {
    PrivateKeyDer::from_pem_slice(pem.expose().as_bytes())
        .map_err(|error| Error::Secret(format!("unable to use specified client key: {error}")))
}

#[cfg(test)]
mod tests;
