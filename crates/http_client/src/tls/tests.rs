//! Handshakes with a server on loopback.

use std::net::SocketAddr;
use std::sync::Arc;

use env::{Env, Fs, RealFs};
use http::Method;
use rustls::RootCertStore;
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use testkit::TempDir;
use testkit::http::{Answer, serve};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{Clients, ProxyEnvironment};

const CA: &str = include_str!("../../testdata/ca.pem");
const SERVER: (&str, &str) =
    (include_str!("../../testdata/server.pem"), include_str!("../../testdata/server.key"));
const CLIENT: (&str, &str) =
    (include_str!("../../testdata/client.pem"), include_str!("../../testdata/client.key"));
const SELF_SIGNED: (&str, &str) =
    (include_str!("../../testdata/selfsigned.pem"), include_str!("../../testdata/selfsigned.key"));

/// Serves "fine" under a certificate, and to clients with one only when `asks` says so.
async fn start((cert, key): (&str, &str), asks: bool) -> SocketAddr {
    let chain = certificates(&model::Secret::new(cert), "cert").unwrap();
    let key = private_key(&model::Secret::new(key)).unwrap();
    let builder = ServerConfig::builder_with_provider(ring()).with_safe_default_protocol_versions();
    let builder = builder.unwrap();
    let config = if asks {
        let mut roots = RootCertStore::empty();
        roots.add(certificates(&model::Secret::new(CA), "CA").unwrap().remove(0)).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), ring());
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            tokio::spawn(serve(stream, Arc::new(|_| Answer::ok("fine")), Arc::default()));
        }
    });
    address
}

async fn ask(address: SocketAddr, tls: &str) -> Result<(), String> {
    let config = serde_json::from_str(&format!(r#"{{"tls_config":{tls}}}"#)).unwrap();
    let clients = Clients::new(Env::real(), ProxyEnvironment::default(), "test");
    let client = clients.get(&config).map_err(|error| error.to_string())?;
    let request = client.request(Method::GET, &format!("https://{address}/")).await;
    let answer = request.map_err(|error| error.to_string())?.send().await;
    answer.map(|_| ()).map_err(|error| Error::from(error).to_string())
}

fn assert_refused(result: Result<(), String>, reason: &str) {
    let message = result.expect_err("the certificate must be refused");
    assert!(message.contains(reason), "{message}");
}

#[tokio::test]
async fn a_certificate_must_be_signed_and_bear_the_name() {
    let address = start(SERVER, false).await;
    let ca = format!("{CA:?}");
    assert_refused(ask(address, "{}").await, "invalid peer certificate");
    assert_refused(ask(address, &format!(r#"{{"ca":{ca}}}"#)).await, "not valid for name");
    let named = format!(r#"{{"ca":{ca},"server_name":"service.example"}}"#);
    assert_eq!(ask(address, &named).await, Ok(()));
    let wrong = format!(r#"{{"ca":{ca},"server_name":"other.example"}}"#);
    assert_refused(ask(address, &wrong).await, "not valid for name");
    assert_eq!(ask(address, r#"{"insecure_skip_verify":true}"#).await, Ok(()));
}

#[tokio::test]
async fn a_self_signed_certificate_is_its_own_authority() {
    let address = start(SELF_SIGNED, false).await;
    let own = format!(r#"{{"ca":{:?}}}"#, SELF_SIGNED.0);
    assert_eq!(ask(address, &own).await, Ok(()));
    let renamed = format!(r#"{{"ca":{:?},"server_name":"other"}}"#, SELF_SIGNED.0);
    assert_refused(ask(address, &renamed).await, "not valid for name");
    assert_refused(ask(address, &format!(r#"{{"ca":{CA:?}}}"#)).await, "invalid peer certificate");
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let address = start(SERVER, true).await;
    let trust = format!(r#""ca":{CA:?},"server_name":"service.example""#);
    assert!(ask(address, &format!("{{{trust}}}")).await.is_err());
    let (cert, key) = CLIENT;
    let own = format!(r#"{{{trust},"cert":{cert:?},"key":{key:?}}}"#);
    assert_eq!(ask(address, &own).await, Ok(()));
}

#[tokio::test]
async fn certificates_in_files_may_change() {
    let address = start(SELF_SIGNED, false).await;
    let dir = TempDir::new("http_client-tls");
    let path = dir.path().join("ca.pem");
    let json = format!(r#"{{"tls_config":{{"ca_file":{path:?}}}}}"#);
    let clients = Clients::new(Env::real(), ProxyEnvironment::default(), "test");
    let client = clients.get(&serde_json::from_str(&json).unwrap()).unwrap();
    let ask = async || {
        let request = client.request(Method::GET, &format!("https://{address}/")).await?;
        request.send().await.map(|_| ()).map_err(Error::from)
    };
    assert!(ask().await.unwrap_err().to_string().starts_with("unable to read CA cert"));
    for (content, works) in [("rubbish", false), (CA, false), (SELF_SIGNED.0, true)] {
        RealFs.write_atomic(&path, content.as_bytes()).unwrap();
        assert_eq!(ask().await.is_ok(), works, "{content}");
    }
}
