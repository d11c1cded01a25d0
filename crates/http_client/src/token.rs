//! Tokens for client credentials (RFC 6749, section 4.4).

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode, header};
use model::Secret;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::client::{Client, Inner, basic};
use crate::clients::World;
use crate::{Error, HttpClientConfig, OAuth2, read_limited};

/// The largest answer of a token server.
const ANSWER_BYTES_MAX: u64 = 1 << 20;
/// A token is renewed this long before it ends, as Go does.
const RENEW_BEFORE_NS: u64 = 10_000_000_000;
/// How long a token server may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Gets tokens and keeps the last one while it is good.
pub(crate) struct TokenSource {
    config: OAuth2,
    client: Client,
    world: Arc<World>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    token: Option<Token>,
    /// Whether the server wants the credentials in the body, which is found out by trying.
    credentials_in_body: bool,
}

struct Token {
    authorization: Secret,
    /// The secret it was got with; another secret needs another token.
    client_secret: Secret,
    /// On the monotonic clock; `None` when the server did not say.
    good_until_ns: Option<u64>,
}

/// The answer of a token server.
#[derive(Deserialize)]
struct Answer {
    access_token: Secret,
    #[serde(default)]
    token_type: String,
    expires_in: Option<serde_json::Value>,
}

impl TokenSource {
    pub(crate) fn new(config: &OAuth2, world: &Arc<World>) -> Result<Self, Error> {
        if !["", "client_credentials"].contains(&config.grant_type.as_str()) {
            let grant = &config.grant_type;
            return Err(Error::Config(format!("oauth2 grant_type {grant:?} is not supported")));
        }
        let http = HttpClientConfig {
            tls: config.tls.clone(),
            proxy: config.proxy.clone(),
            ..HttpClientConfig::default()
        };
        // A token's client has no token itself, so this ends.
        let client = Client(Arc::new(Inner::new(http, world.clone())?));
        let current = Mutex::default();
        Ok(TokenSource { config: config.clone(), client, world: world.clone(), current })
    }

    /// The value for the `Authorization` header, from a token that is good now.
    pub(crate) async fn authorization(&self) -> Result<String, Error> {
        let client_secret = match &self.config.client_secret {
            Some(source) => source.read(&*self.world.env.fs, "oauth2 client secret")?,
            None => Secret::default(),
        };
        let mut current = self.current.lock().await;
        let now_ns = self.world.env.clock.monotonic_ns();
        if let Some(token) = &current.token
            && token.client_secret == client_secret
            && token.good_until_ns.is_none_or(|until| now_ns < until)
        {
            return Ok(token.authorization.expose().to_owned());
        }
        let answer = self.fetch(&client_secret, &mut current.credentials_in_body).await?;
        let kind = match answer.token_type.to_ascii_lowercase().as_str() {
            "" | "bearer" => "Bearer",
            _ => &answer.token_type,
        };
        let authorization = format!("{kind} {}", answer.access_token.expose());
        let lifetime_ns = answer.lifetime_seconds().map(|s| s.saturating_mul(1_000_000_000));
        current.token = Some(Token {
            authorization: Secret::new(authorization.clone()),
            client_secret,
            good_until_ns: lifetime_ns
                .map(|ns| now_ns.saturating_add(ns).saturating_sub(RENEW_BEFORE_NS)),
        });
        Ok(authorization)
    }

    /// Asks with the credentials in the header, and when that is refused, in the body.
    async fn fetch(&self, secret: &Secret, in_body: &mut bool) -> Result<Answer, Error> {
        match self.ask(secret, *in_body).await? {
            Ok(answer) => Ok(answer),
            Err(StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) if !*in_body => {
                let answer = self.ask(secret, true).await?.map_err(refused)?;
                *in_body = true;
                Ok(answer)
            }
            Err(status) => Err(refused(status)),
        }
    }

    async fn ask(
        &self,
        secret: &Secret,
        in_body: bool,
    ) -> Result<Result<Answer, StatusCode>, Error> {
        let config = &self.config;
        let scopes = config.scopes.join(" ");
        let mut form = vec![("grant_type", "client_credentials")];
        if !scopes.is_empty() {
            form.push(("scope", &scopes));
        }
        form.extend(config.endpoint_params.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        if in_body {
            form.extend([("client_id", config.client_id.as_str())]);
            form.extend([("client_secret", secret.expose())]);
        }
        let mut request = self.client.plain_request(Method::POST, &config.token_url)?;
        if !in_body {
            let id = form_encoded(&config.client_id);
            request =
                request.header(header::AUTHORIZATION, basic(&id, &form_encoded(secret.expose())));
        }
        let response = request.form(&form).timeout(TIMEOUT).send().await?;
        let status = response.status();
        let body = read_limited(response, ANSWER_BYTES_MAX).await?;
        if !status.is_success() {
            return Ok(Err(status));
        }
        let answer = serde_json::from_slice(&body).map_err(|error| {
            Error::Transport(format!("oauth2: the token server's answer cannot be read: {error}"))
        })?;
        Ok(Ok(answer))
    }
}

fn refused(status: StatusCode) -> Error {
    Error::Transport(format!("oauth2: the token server answered {status}"))
}

/// RFC 6749, section 2.3.1: identifier and secret are encoded before they are joined.
fn form_encoded(text: &str) -> String {
    let mut url = reqwest::Url::parse("a:b").expect("a constant address is valid");
    url.query_pairs_mut().append_key_only(text);
    url.query().unwrap_or_default().to_owned()
}

impl Answer {
    /// Some servers write the number as text.
    fn lifetime_seconds(&self) -> Option<u64> {
        let value = self.expires_in.as_ref()?;
        let seconds = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        (seconds > 0).then_some(seconds)
    }
}

#[cfg(test)]
mod tests;
