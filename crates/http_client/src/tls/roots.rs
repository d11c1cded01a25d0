//! The authorities that the system trusts.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{Error, RootCertStore};

/// The system's authorities, read when the first connection needs them: they take megabytes, and
/// many installations never speak TLS. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct SystemRoots {
    provider: Arc<CryptoProvider>,
    verifier: Arc<OnceLock<Result<Arc<WebPkiServerVerifier>, String>>>,
}

impl SystemRoots {
    pub(crate) fn new(provider: Arc<CryptoProvider>) -> Self {
        SystemRoots { provider, verifier: Arc::default() }
    }

    pub(crate) fn provider(&self) -> Arc<CryptoProvider> {
        self.provider.clone()
    }

    /// The verifier that trusts them.
    ///
    /// # Errors
    /// When the system has none, with the reason.
    pub(crate) fn verifier(&self) -> Result<Arc<WebPkiServerVerifier>, Error> {
        self.verifier.get_or_init(|| self.load()).clone().map_err(Error::General)
    }

    fn load(&self) -> Result<Arc<WebPkiServerVerifier>, String> {
        let found = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        let (usable, _) = store.add_parsable_certificates(found.certs);
        if usable == 0 {
            let reasons: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
            return Err(format!("the system has no trusted certificates {}", reasons.join("; ")));
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), self.provider())
            .build()
            .map_err(|error| error.to_string())
    }
}
