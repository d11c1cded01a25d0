//! Tokens from a server on loopback.

use std::sync::atomic::{AtomicUsize, Ordering};

use env::{Env, SimClock};
use testkit::http::{Answer, HttpServer};

use super::*;
use crate::{Clients, ProxyEnvironment};

struct Setup {
    server: HttpServer,
    clock: Arc<SimClock>,
    client: Client,
}

/// A server that gives out `token-1`, `token-2`, …; it takes credentials where it is told to.
async fn setup(credentials_in_body: bool) -> Setup {
    let count = AtomicUsize::new(0);
    let server = HttpServer::start(move |request| {
        let in_body = String::from_utf8_lossy(&request.body).contains("client_id=me%26you");
        if request.target != "/token" {
            return Answer::ok("");
        }
        if in_body != credentials_in_body {
            return Answer::status(401);
        }
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        Answer::ok(format!(
            r#"{{"access_token":"token-{number}","token_type":"bearer","expires_in":60}}"#
        ))
    })
    .await;
    let clock = Arc::new(SimClock::at_ms(0));
    let env = Env { clock: clock.clone(), ..Env::real() };
    let config = format!(
        r#"{{"oauth2":{{"client_id":"me&you","client_secret":"s/s","token_url":"{}",
            "scopes":["a","b"],"endpoint_params":{{"audience":"x"}}}}}}"#,
        server.url("/token")
    );
    let clients = Clients::new(env, ProxyEnvironment::default(), "test");
    let client = clients.get(&serde_json::from_str(&config).unwrap()).unwrap();
    Setup { server, clock, client }
}

async fn ask(setup: &Setup) -> String {
    let request = setup.client.request(Method::GET, &setup.server.url("/x")).await.unwrap();
    request.send().await.unwrap();
    let last = setup.server.received().pop().unwrap();
    last.header("authorization").unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    let setup = setup(false).await;
    assert_eq!(ask(&setup).await, "Bearer token-1");
    setup.clock.advance_ms(49_999);
    assert_eq!(ask(&setup).await, "Bearer token-1");
    setup.clock.advance_ms(1);
    assert_eq!(ask(&setup).await, "Bearer token-2");
    let question = setup.server.received().remove(0);
    assert_eq!(
        String::from_utf8(question.body.clone()).unwrap(),
        "grant_type=client_credentials&scope=a+b&audience=x"
    );
    assert_eq!(question.header("authorization"), Some(basic("me%26you", "s%2Fs").as_str()));
}

#[tokio::test]
async fn credentials_move_to_the_body_when_the_header_is_refused() {
    let setup = setup(true).await;
    assert_eq!(ask(&setup).await, "Bearer token-1");
    setup.clock.advance_ms(60_000);
    assert_eq!(ask(&setup).await, "Bearer token-2");
    let questions = setup.server.received().iter().filter(|r| r.target == "/token").count();
    assert_eq!(questions, 3, "the way that works is remembered");
}
