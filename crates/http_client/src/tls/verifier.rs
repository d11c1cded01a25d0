//! Which certificates of peers are accepted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::SystemRoots;

/// Whose signature makes a certificate good.
#[derive(Debug)]
pub(super) enum Trust {
    /// The authorities of the system.
    System(SystemRoots),
    /// Those of the configuration alone.
    Only { certificates: Vec<CertificateDer<'static>>, verifier: Arc<WebPkiServerVerifier> },
    /// `insecure_skip_verify`.
    Anybody,
}

impl Trust {
    /// Trusts these certificates alone.
    pub(super) fn only(
        certificates: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, crate::Error> {
        let unusable = |reason: String| {
            crate::Error::Secret(format!("unable to use specified CA cert: {reason}"))
        };
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|error| unusable(error.to_string()))?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Trust::Only { certificates, verifier })
    }
}

/// Checks certificates as Go does where rustls alone would not: under another name than the host's,
/// not at all, or when a server's own certificate is the authority in the configuration.
#[derive(Debug)]
pub(super) struct Verifier {
    trust: Trust,
    name: Option<ServerName<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    pub(super) fn new(
        trust: Trust,
        name: Option<ServerName<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Self {
        Verifier { trust, name, provider }
    }
}

/// Whether the only objection is that an authority presents itself as a server, which is what
/// self-signed certificates do. Its validity in time was checked before that.
fn is_self_signed_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(reason))) = error else {
        return false;
    };
    reason.to_string() == "CaUsedAsEndEntity"
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let name = self.name.as_ref().unwrap_or(server_name);
        match &self.trust {
            Trust::Anybody => Ok(ServerCertVerified::assertion()),
            Trust::System(roots) => roots.verifier()?.verify_server_cert(
                end_entity,
                intermediates,
                name,
                ocsp_response,
                now,
            ),
            Trust::Only { certificates, verifier } => verifier
                .verify_server_cert(end_entity, intermediates, name, ocsp_response, now)
                .or_else(|error| {
                    if !is_self_signed_authority(&error) || !certificates.contains(end_entity) {
                        return Err(error);
                    }
                    let parsed = ParsedCertificate::try_from(end_entity)?;
                    rustls::client::verify_server_name(&parsed, name)?;
                    Ok(ServerCertVerified::assertion())
                }),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
