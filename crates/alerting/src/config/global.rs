//! The `global` block.

use http_client::{HttpClientConfig, TlsConfig};
use model::Secret;
use serde::Deserialize;

use super::field::{
    Duration, HostPort, HttpUrl, SecretUrl, Text, at_most_one, given, secret_given,
};

/// Defaults for all receivers, as they are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
#[allow(dead_code, reason = "settings of notifiers that do not exist yet are checked, not used")]
pub(super) struct Global {
    pub(super) resolve_timeout: Option<Duration>,
    pub(super) http_config: Option<HttpClientConfig>,
    pub(super) jira_api_url: Option<HttpUrl>,
    pub(super) smtp_from: Text,
    pub(super) smtp_hello: Text,
    pub(super) smtp_smarthost: Option<HostPort>,
    pub(super) smtp_auth_username: Text,
    pub(super) smtp_auth_password: Option<Secret>,
    pub(super) smtp_auth_password_file: Text,
    pub(super) smtp_auth_secret: Option<Secret>,
    pub(super) smtp_auth_secret_file: Text,
    pub(super) smtp_auth_identity: Text,
    pub(super) smtp_require_tls: Option<bool>,
    pub(super) smtp_tls_config: Option<TlsConfig>,
    pub(super) smtp_force_implicit_tls: Option<bool>,
    pub(super) slack_api_url: Option<SecretUrl>,
    pub(super) slack_api_url_file: Text,
    pub(super) slack_app_token: Option<Secret>,
    pub(super) slack_app_token_file: Text,
    pub(super) slack_app_url: Option<HttpUrl>,
    pub(super) pagerduty_url: Option<HttpUrl>,
    pub(super) opsgenie_api_url: Option<HttpUrl>,
    pub(super) opsgenie_api_key: Option<Secret>,
    pub(super) opsgenie_api_key_file: Text,
    pub(super) wechat_api_url: Option<HttpUrl>,
    pub(super) wechat_api_secret: Option<Secret>,
    pub(super) wechat_api_secret_file: Text,
    pub(super) wechat_api_corp_id: Text,
    pub(super) victorops_api_url: Option<HttpUrl>,
    pub(super) victorops_api_key: Option<Secret>,
    pub(super) victorops_api_key_file: Text,
    pub(super) telegram_api_url: Option<HttpUrl>,
    pub(super) telegram_bot_token: Option<Secret>,
    pub(super) telegram_bot_token_file: Text,
    pub(super) webex_api_url: Option<HttpUrl>,
    pub(super) rocketchat_api_url: Option<HttpUrl>,
    pub(super) rocketchat_token: Option<Secret>,
    pub(super) rocketchat_token_file: Text,
    pub(super) rocketchat_token_id: Option<Secret>,
    pub(super) rocketchat_token_id_file: Text,
    pub(super) mattermost_webhook_url: Option<SecretUrl>,
    pub(super) mattermost_webhook_url_file: Text,
}

/// Where Slack takes messages from apps.
const SLACK_APP_URL: &str = "https://slack.com/api/chat.postMessage";

impl Global {
    pub(super) fn slack_app_url(&self) -> String {
        self.slack_app_url.as_ref().map_or(SLACK_APP_URL, |url| &url.0).to_owned()
    }

    /// Whether there is a token of a Slack app.
    pub(super) fn has_slack_app(&self) -> bool {
        secret_given(&self.slack_app_token) || given(&self.slack_app_token_file)
    }

    /// Settings of which one at most makes sense.
    pub(super) fn check(&self) -> Result<(), String> {
        let secret = secret_given;
        at_most_one(
            ("slack_app_token", secret(&self.slack_app_token)),
            ("slack_app_token_file", given(&self.slack_app_token_file)),
        )?;
        at_most_one(
            ("slack_api_url", self.slack_api_url.is_some()),
            ("slack_api_url_file", given(&self.slack_api_url_file)),
        )?;
        // Bot tokens used to be given through `http_config`, with the app's address as `api_url`.
        let is_app_url = |url: &SecretUrl| url.0.expose() == self.slack_app_url();
        let other_url = match &self.slack_api_url {
            Some(url) => !is_app_url(url),
            None => given(&self.slack_api_url_file),
        };
        at_most_one(
            ("slack_app_token/slack_app_token_file", self.has_slack_app()),
            ("slack_api_url/slack_api_url_file", other_url),
        )?;
        for (name, inline, file) in [
            ("opsgenie_api_key", &self.opsgenie_api_key, &self.opsgenie_api_key_file),
            ("victorops_api_key", &self.victorops_api_key, &self.victorops_api_key_file),
            ("telegram_bot_token", &self.telegram_bot_token, &self.telegram_bot_token_file),
            ("smtp_auth_password", &self.smtp_auth_password, &self.smtp_auth_password_file),
            ("rocketchat_token", &self.rocketchat_token, &self.rocketchat_token_file),
            ("rocketchat_token_id", &self.rocketchat_token_id, &self.rocketchat_token_id_file),
            ("smtp_auth_secret", &self.smtp_auth_secret, &self.smtp_auth_secret_file),
            ("wechat_api_secret", &self.wechat_api_secret, &self.wechat_api_secret_file),
        ] {
            at_most_one((name, secret(inline)), (&format!("{name}_file"), given(file)))?;
        }
        at_most_one(
            ("mattermost_webhook_url", self.mattermost_webhook_url.is_some()),
            ("mattermost_webhook_url_file", given(&self.mattermost_webhook_url_file)),
        )
    }
}
