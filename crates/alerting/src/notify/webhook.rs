//! A webhook: the notification as JSON, version 4 of Alertmanager's format
//! (<https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>).

mod payload;
#[cfg(test)]
mod tests;

use env::Fs;
use http_client::HttpClientConfig;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Failure, Kept, Notifier, Request, Response, check_status, read_address};
use crate::config::{WebhookConfig, WebhookEndpoint};
use crate::golang::json;
use crate::message::{Data, Notification, Templates};

pub(super) struct Webhook(pub(super) WebhookConfig);

/// What is sent unless the configuration has a payload of its own.
struct Message<'a> {
    data: &'a Data,
    group_key: &'a str,
    truncated_alerts: usize,
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.data.serialize_fields(&mut map)?;
        map.serialize_entry("version", "4")?;
        map.serialize_entry("groupKey", self.group_key)?;
        map.serialize_entry("truncatedAlerts", &self.truncated_alerts)?;
        map.end()
    }
}

impl Notifier for Webhook {
    fn kind(&self) -> &'static str {
        "webhook"
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
        let all = notification.alerts.as_slice();
        let limit = usize::try_from(self.0.max_alerts).ok().filter(|limit| *limit > 0);
        let shown = &all[..limit.unwrap_or(all.len()).min(all.len())];
        let data = Data::of(notification, shown, templates.external_url());
        let render = |text: &str| templates.render(text, &data, notification);

        let body = match &self.0.payload {
            Some(payload) => payload::render(payload, &render)
                .map_err(|e| Failure::lasting(format!("failed to render custom payload: {e}")))
                .and_then(|payload| encode(&payload))?,
            None => {
                let group_key = &notification.group_key;
                let truncated_alerts = all.len() - shown.len();
                encode(&Message { data: &data, group_key, truncated_alerts })?
            }
        };
        let address = match &self.0.endpoint {
            WebhookEndpoint::Url(url) => url.expose().to_owned(),
            WebhookEndpoint::File(file) => read_address(fs, file)?,
        };
        let url = render(&address).map_err(|e| {
            Failure::lasting(format!("failed to template webhook URL: {}", e.message))
        })?;
        if url.is_empty() {
            return Err(Failure::lasting("webhook URL is empty after templating"));
        }
        Ok(Request { url, body })
    }

    fn judge(&self, _request: &Request, response: Response<'_>) -> Result<Kept, Failure> {
        check_status(response).map(|()| Kept::new())
    }
}

fn encode(message: &impl Serialize) -> Result<String, Failure> {
    let text = json::to_string(message).map_err(|error| Failure::lasting(error.to_string()))?;
    Ok(text + "\n")
}
