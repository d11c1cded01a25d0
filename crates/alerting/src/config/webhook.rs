//! `webhook_configs`.

use http_client::HttpClientConfig;
use model::Secret;
use serde::Deserialize;

use super::field::{GoDuration, TemplateUrl, Text, given};
use super::global::Global;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(super) struct RawWebhook {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    url: Option<TemplateUrl>,
    url_file: Text,
    max_alerts: Option<u64>,
    timeout: Option<GoDuration>,
    payload: Option<serde_json::Value>,
}

/// Where a webhook is; both may be templates.
#[derive(Clone, Debug)]
pub(crate) enum WebhookEndpoint {
    Url(Secret),
    /// A file that is read each time.
    File(String),
}

/// A webhook with all defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct WebhookConfig {
    pub(crate) send_resolved: bool,
    pub(crate) http: HttpClientConfig,
    pub(crate) endpoint: WebhookEndpoint,
    /// 0 for no limit.
    pub(crate) max_alerts: u64,
    pub(crate) timeout_ns: i64,
    /// What is sent instead of the usual payload: JSON whose texts are templates.
    pub(crate) payload: Option<serde_json::Value>,
}

impl RawWebhook {
    pub(super) fn complete(&self, global: &Global) -> Result<WebhookConfig, String> {
        let url = self.url.as_ref().map(|url| &url.0).filter(|url| !url.is_empty());
        let endpoint = match (url, given(&self.url_file)) {
            (None, false) => return Err("one of url or url_file must be configured".to_owned()),
            (Some(_), true) => {
                return Err("at most one of url & url_file must be configured".to_owned());
            }
            (Some(url), false) => WebhookEndpoint::Url(url.clone()),
            (None, true) => WebhookEndpoint::File(self.url_file.clone().unwrap_or_default()),
        };
        let http = self.http_config.clone().or_else(|| global.http_config.clone());
        Ok(WebhookConfig {
            send_resolved: self.send_resolved.unwrap_or(true),
            http: http.unwrap_or_default(),
            endpoint,
            max_alerts: self.max_alerts.unwrap_or(0),
            timeout_ns: self.timeout.map_or(0, |GoDuration(nanos)| nanos),
            payload: self.payload.clone(),
        })
    }
}
