//! Slack: messages with an attachment, to incoming webhooks or to the API with an app's token
//! (<https://api.slack.com/reference/messaging/attachments>).

mod message;
#[cfg(test)]
mod tests;

use env::Fs;
use http_client::HttpClientConfig;
use serde::Deserialize;

use super::{Failure, Kept, Notifier, Request, Response, check_status, read_address};
use crate::config::{SlackConfig, SlackEndpoint};
use crate::golang::json;
use crate::message::{Data, Notification, Templates};
use message::Message;

pub(super) struct Slack(pub(super) SlackConfig);

/// Where a message is changed that was sent before.
const UPDATE: &str = "https://slack.com/api/chat.update";
/// What must be known of a message to change it.
const TIMESTAMP: &str = "threadTs";
const CHANNEL: &str = "channelId";

/// What the API answers.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    error: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    ts: String,
}

impl Notifier for Slack {
    fn kind(&self) -> &'static str {
        "slack"
    }

    fn send_resolved(&self) -> bool {
        self.0.send_resolved
    }

    fn http(&self) -> &HttpClientConfig {
        &self.0.http
    }

    fn timeout_ns(&self) -> i64 {
        self.0.timeout_ns
    }

    fn request(
        &self,
        notification: &Notification,
        templates: &Templates,
        fs: &dyn Fs,
    ) -> Result<Request, Failure> {
        let data = Data::of(notification, &notification.alerts, templates.external_url());
        let render = |text: &str| templates.render(text, &data, notification);
        let mut message = Message::render(&self.0, &render)
            .map_err(|error| Failure::lasting(error.to_string()))?;
        let mut url = match &self.0.endpoint {
            SlackEndpoint::Url(url) => url.expose().to_owned(),
            SlackEndpoint::File(file) => read_address(fs, file)?,
        };
        let kept = |name: &str| notification.kept.get(name).filter(|text| !text.is_empty());
        if let (true, Some(ts), Some(channel)) =
            (self.0.update_message, kept(TIMESTAMP), kept(CHANNEL))
        {
            UPDATE.clone_into(&mut url);
            message.ts.clone_from(ts);
            message.channel.clone_from(channel);
        }
        let body = json::to_string(&message).map_err(|e| Failure::lasting(e.to_string()))?;
        Ok(Request { url, body: body + "\n" })
    }

    fn judge(&self, request: &Request, response: Response<'_>) -> Result<Kept, Failure> {
        let channel = channel_of(request);
        let in_channel = |failure: Failure| Failure {
            message: format!("channel {channel:?}: {}", failure.message),
            ..failure
        };
        check_status(response).map_err(in_channel)?;
        let client_error =
            |message: String| in_channel(Failure { message, retry: false, reason: "clientError" });
        let body = response.body;
        if !response.content_type.starts_with("application/json") {
            if body == "ok" {
                return Ok(Kept::new());
            }
            let message = format!("received an error response from Slack: {body}");
            return Err(client_error(message));
        }
        let answer: Answer = serde_json::from_str(body).map_err(|error| Failure {
            retry: true,
            ..client_error(format!("could not unmarshal JSON response {body:?}: {error}"))
        })?;
        if !answer.ok {
            return Err(client_error(format!("error response from Slack: {}", answer.error)));
        }
        if !self.0.update_message || answer.ts.is_empty() || answer.channel.is_empty() {
            return Ok(Kept::new());
        }
        Ok(Kept::from([(TIMESTAMP.to_owned(), answer.ts), (CHANNEL.to_owned(), answer.channel)]))
    }
}

/// The channel a message was sent to, to tell one from another in errors.
fn channel_of(request: &Request) -> String {
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
    body["channel"].as_str().unwrap_or_default().to_owned()
}
