//! Requests against a server on loopback.

use std::time::Duration;

use env::{Env, Fs, RealFs};
use testkit::http::{Answer, HttpServer, Received};

use super::*;
use crate::{Clients, ProxyEnvironment, read_limited};

fn clients() -> Clients {
    Clients::new(Env::real(), ProxyEnvironment::default(), "Sightglass/test")
}

fn config(json: &str) -> HttpClientConfig {
    serde_json::from_str(json).unwrap()
}

/// Asks once and returns what the server saw.
async fn seen(json: &str) -> Received {
    let server = HttpServer::start(|_| Answer::ok("fine")).await;
    let client = clients().get(&config(json)).unwrap();
    let request = client.request(Method::GET, &server.url("/x")).await.unwrap();
    let body = read_limited(request.send().await.unwrap(), 100).await.unwrap();
    assert_eq!(body, b"fine");
    server.received().remove(0)
}

#[tokio::test]
async fn credentials_and_headers_are_sent() {
    let request = seen(r#"{"basic_auth":{"username":"Aladdin","password":"open sesame"}}"#).await;
    assert_eq!(request.header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    assert_eq!(request.header("user-agent"), Some("Sightglass/test"));
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    let request = seen(r#"{"authorization":{"type":"Token","credentials":"abc"}}"#).await;
    assert_eq!(request.header("authorization"), Some("Token abc"));
    let request = seen(
        r#"{"http_headers":{"X-Scope-OrgID":{"values":["a"],"secrets":["b"]}},
            "bearer_token":"t"}"#,
    )
    .await;
    let values: Vec<_> = request.headers.iter().filter(|(n, _)| n == "x-scope-orgid").collect();
    assert_eq!(values.len(), 2, "{values:?}");
    assert_eq!(request.header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn a_secret_in_a_file_is_read_with_each_request() {
    let dir = testkit::TempDir::new("http_client-secret");
    let path = dir.path().join("token");
    let server = HttpServer::start(|_| Answer::ok("")).await;
    let json = format!(r#"{{"bearer_token_file":{path:?}}}"#);
    let client = clients().get(&config(&json)).unwrap();
    let url = server.url("/");
    let missing = client.request(Method::GET, &url).await.unwrap_err();
    assert!(missing.to_string().starts_with("unable to read authorization credentials: /"));
    for token in ["first\n", "second\n"] {
        RealFs.write_atomic(&path, token.as_bytes()).unwrap();
        client.request(Method::GET, &url).await.unwrap().send().await.unwrap();
    }
    let seen: Vec<_> = server.received();
    let tokens: Vec<_> = seen.iter().filter_map(|r| r.header("authorization")).collect();
    assert_eq!(tokens, ["Bearer first", "Bearer second"]);
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit() {
    let server = HttpServer::start(|_| Answer::ok(vec![b'x'; 5000])).await;
    let client = clients().get(&HttpClientConfig::default()).unwrap();
    let ask = async |max| {
        let request = client.request(Method::GET, &server.url("/")).await.unwrap();
        read_limited(request.send().await.unwrap(), max).await
    };
    assert_eq!(ask(5000).await.unwrap().len(), 5000);
    assert_eq!(ask(4999).await.unwrap_err(), Error::TooLarge { limit: 4999 });
}

#[tokio::test]
async fn redirects_are_followed_unless_told_otherwise_and_never_carry_secrets_away() {
    let elsewhere = HttpServer::start(|_| Answer::ok("there")).await;
    let there = elsewhere.url("/there");
    let server = HttpServer::start(move |r| match r.target.as_str() {
        "/away" => Answer::status(302).with("location", &there),
        "/near" => Answer::status(302).with("location", "/here"),
        _ => Answer::ok("here"),
    })
    .await;
    let ask = async |json: &str, path: &str| {
        let client = clients().get(&config(json)).unwrap();
        let request = client.request(Method::GET, &server.url(path)).await.unwrap();
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(r#"{"follow_redirects":false}"#, "/near").await, 302);
    assert_eq!(ask(r#"{"bearer_token":"t"}"#, "/near").await, 200);
    assert_eq!(server.received().last().unwrap().header("authorization"), Some("Bearer t"));
    assert_eq!(ask(r#"{"bearer_token":"t"}"#, "/away").await, 200);
    assert_eq!(elsewhere.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn requests_go_through_the_proxy_but_for_its_exceptions() {
    let proxy = HttpServer::start(|_| Answer::ok("from the proxy")).await;
    let direct = HttpServer::start(|_| Answer::ok("direct")).await;
    let ask = async |json: &str, environment: ProxyEnvironment, url: &str| {
        let clients = Clients::new(Env::real(), environment, "test");
        let client = clients.get(&config(json)).unwrap();
        let request = client.request(Method::GET, url).await.unwrap();
        let body = read_limited(request.send().await.unwrap(), 100).await.unwrap();
        String::from_utf8(body).unwrap()
    };
    let proxied = format!(r#"{{"proxy_url":"{}"}}"#, proxy.url(""));
    let none = ProxyEnvironment::default;
    assert_eq!(ask(&proxied, none(), "http://nowhere.invalid/a").await, "from the proxy");
    assert_eq!(proxy.received()[0].target, "http://nowhere.invalid/a");
    let excepted = format!(r#"{{"proxy_url":"{}","no_proxy":"127.0.0.0/8"}}"#, proxy.url(""));
    assert_eq!(ask(&excepted, none(), &direct.url("/")).await, "direct");
    let environment =
        || ProxyEnvironment { http: proxy.url(""), https: String::new(), exceptions: "".into() };
    let from_environment = r#"{"proxy_from_environment":true}"#;
    assert_eq!(
        ask(from_environment, environment(), "http://other.invalid/").await,
        "from the proxy"
    );
    assert_eq!(ask(from_environment, environment(), &direct.url("/")).await, "direct");
    assert_eq!(ask("{}", environment(), &direct.url("/")).await, "direct");
}

#[tokio::test]
async fn errors_say_why_and_not_where() {
    let client = clients().get(&HttpClientConfig::default()).unwrap();
    let request = client.request(Method::GET, "http://127.0.0.1:1/secret-path").await.unwrap();
    let error = Error::from(request.send().await.unwrap_err());
    let text = error.to_string();
    assert_eq!(text, "tcp connect error: Connection refused (os error 111)");

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let request = client.request(Method::GET, &url).await.unwrap();
    let error = request.timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert_eq!(Error::from(error), Error::Timeout);
    assert!(matches!(client.request(Method::GET, "nonsense").await, Err(Error::Config(_))));
}

#[test]
fn equal_configurations_share_a_client() {
    let clients = clients();
    let first = clients.get(&config(r#"{"bearer_token":"a"}"#)).unwrap();
    let second = clients.get(&config(r#"{"bearer_token":"a"}"#)).unwrap();
    let third = clients.get(&config(r#"{"bearer_token":"b"}"#)).unwrap();
    assert!(Arc::ptr_eq(&first.0, &second.0) && !Arc::ptr_eq(&first.0, &third.0));
}

#[test]
fn what_can_never_work_is_refused_at_once() {
    let error = |json| clients().get(&config(json)).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"tls_config":{"min_version":"TLS13","max_version":"TLS12"}}"#),
        "tls_config.max_version must be greater than or equal to tls_config.min_version if both \
         are specified"
    );
    assert!(error(r#"{"tls_config":{"max_version":"TLS11"}}"#).contains("not supported"));
    assert!(error(r#"{"tls_config":{"server_name":"a b"}}"#).contains("server_name"));
    assert!(
        error(r#"{"oauth2":{"client_id":"a","token_url":"http://t","grant_type":"urn:other"}}"#)
            .contains("grant_type")
    );
}
