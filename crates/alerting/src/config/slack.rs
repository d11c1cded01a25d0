//! `slack_configs`.

use std::path::PathBuf;

use http_client::{Auth, HttpClientConfig, SecretSource};
use model::Secret;
use serde::{Deserialize, Serialize};

use super::field::{GoDuration, HttpUrl, SecretUrl, Text, at_most_one, given, secret_given};
use super::global::Global;

/// The one address at which messages can be changed later.
const POST_MESSAGE: &str = "https://slack.com/api/chat.postMessage";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(super) struct RawSlack {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Option<SecretUrl>,
    api_url_file: Text,
    app_token: Option<Secret>,
    app_token_file: Text,
    app_url: Option<HttpUrl>,
    channel: Text,
    username: Text,
    color: Text,
    title: Text,
    title_link: Text,
    pretext: Text,
    text: Text,
    message_text: Text,
    fields: Option<Vec<SlackField>>,
    short_fields: Option<bool>,
    footer: Text,
    fallback: Text,
    callback_id: Text,
    icon_emoji: Text,
    icon_url: Text,
    image_url: Text,
    thumb_url: Text,
    link_names: Option<bool>,
    mrkdwn_in: Option<Vec<String>>,
    actions: Option<Vec<SlackAction>>,
    update_message: Option<bool>,
    timeout: Option<GoDuration>,
}

/// A field of an attachment.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(crate) struct SlackField {
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) value: String,
    pub(crate) short: Option<bool>,
}

/// A button of an attachment.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(crate) struct SlackAction {
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub(crate) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) style: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) confirm: Option<SlackConfirmation>,
}

/// What is asked before a button does anything.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(crate) struct SlackConfirmation {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) ok_text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) dismiss_text: String,
}

/// Where messages go.
#[derive(Clone, Debug)]
pub(crate) enum SlackEndpoint {
    Url(Secret),
    /// A file that is read each time.
    File(String),
}

/// A Slack receiver with all defaults filled in; the texts are templates.
#[derive(Clone, Debug)]
pub(crate) struct SlackConfig {
    pub(crate) send_resolved: bool,
    pub(crate) http: HttpClientConfig,
    pub(crate) endpoint: SlackEndpoint,
    pub(crate) channel: String,
    pub(crate) username: String,
    pub(crate) color: String,
    pub(crate) title: String,
    pub(crate) title_link: String,
    pub(crate) pretext: String,
    pub(crate) text: String,
    pub(crate) message_text: String,
    pub(crate) fields: Vec<SlackField>,
    pub(crate) short_fields: bool,
    pub(crate) footer: String,
    pub(crate) fallback: String,
    pub(crate) callback_id: String,
    pub(crate) icon_emoji: String,
    pub(crate) icon_url: String,
    pub(crate) image_url: String,
    pub(crate) thumb_url: String,
    pub(crate) link_names: bool,
    pub(crate) mrkdwn_in: Vec<String>,
    pub(crate) actions: Vec<SlackAction>,
    pub(crate) update_message: bool,
    pub(crate) timeout_ns: i64,
}

impl SlackField {
    fn check(&self) -> Result<(), String> {
        for (what, text) in [("title", &self.title), ("value", &self.value)] {
            if text.is_empty() {
                return Err(format!("missing {what} in Slack field configuration"));
            }
        }
        Ok(())
    }
}

impl SlackAction {
    /// A button either opens an address or sends a message, never both.
    fn complete(&self) -> Result<Self, String> {
        for (what, text) in [("type", &self.kind), ("text", &self.text)] {
            if text.is_empty() {
                return Err(format!("missing {what} in Slack action configuration"));
            }
        }
        if self.confirm.as_ref().is_some_and(|confirm| confirm.text.is_empty()) {
            return Err("missing text in Slack confirmation configuration".to_owned());
        }
        let mut action = self.clone();
        if !self.url.is_empty() {
            action.name.clear();
            action.value.clear();
            action.confirm = None;
        } else if self.name.is_empty() {
            return Err("missing name or url in Slack action configuration".to_owned());
        }
        Ok(action)
    }
}

impl RawSlack {
    fn check(&self) -> Result<(), String> {
        let api_url = self.api_url.is_some();
        let (token, token_file) = (secret_given(&self.app_token), given(&self.app_token_file));
        at_most_one(("api_url", api_url), ("api_url_file", given(&self.api_url_file)))?;
        at_most_one(("app_token", token), ("app_token_file", token_file))?;
        at_most_one(
            ("api_url/api_url_file", api_url || given(&self.api_url_file)),
            ("app_token/app_token_file", token || token_file),
        )?;
        let posts = self.api_url.as_ref().is_some_and(|url| url.0.expose() == POST_MESSAGE);
        if self.update_message == Some(true) && !posts {
            let text = "update_message can only be used with bot tokens. api_url must be set to";
            return Err(format!("{text} {POST_MESSAGE}"));
        }
        self.fields.iter().flatten().try_for_each(SlackField::check)
    }

    /// Where messages go and with which credentials: an address, or an app's token.
    fn endpoint(&self, global: &Global) -> Result<(SlackEndpoint, HttpClientConfig), String> {
        let own_authorization = self
            .http_config
            .as_ref()
            .is_some_and(|http| matches!(http.auth, Auth::Authorization { .. }));
        let (mut token, mut token_file) = (self.app_token.clone(), self.app_token_file.clone());
        let own_token = secret_given(&token) || given(&token_file);
        if !own_token && !own_authorization && self.api_url.is_none() {
            (token, token_file) =
                (global.slack_app_token.clone(), global.slack_app_token_file.clone());
        }
        let http = self.http_config.clone().or_else(|| global.http_config.clone());
        let mut http = http.unwrap_or_default();
        if secret_given(&token) || given(&token_file) {
            if matches!(http.auth, Auth::Authorization { .. }) {
                let text = "http authorization can't be set when using Slack App tokens";
                return Err(text.to_owned());
            }
            let credentials = match token.filter(|token| !token.is_empty()) {
                Some(token) => SecretSource::Inline(token),
                None => SecretSource::File(PathBuf::from(token_file.unwrap_or_default())),
            };
            let scheme = "Bearer".to_owned();
            http.auth = Auth::Authorization { scheme, credentials: Some(credentials) };
            let url = self.app_url.as_ref().map(|url| url.0.clone());
            let url = url.unwrap_or_else(|| global.slack_app_url());
            return Ok((SlackEndpoint::Url(Secret::new(url)), http));
        }
        let own_url = self.api_url.is_some() || given(&self.api_url_file);
        let (url, file) = match own_url {
            true => (&self.api_url, &self.api_url_file),
            false => (&global.slack_api_url, &global.slack_api_url_file),
        };
        match (url, file) {
            (Some(url), _) => Ok((SlackEndpoint::Url(url.0.clone()), http)),
            (None, Some(file)) if !file.is_empty() => Ok((SlackEndpoint::File(file.clone()), http)),
            _ => Err("no Slack API URL nor App token set either inline or in a file".to_owned()),
        }
    }

    pub(super) fn complete(&self, global: &Global) -> Result<SlackConfig, String> {
        self.check()?;
        let (endpoint, http) = self.endpoint(global)?;
        let actions = self.actions.iter().flatten().map(SlackAction::complete);
        let actions = actions.collect::<Result<_, _>>()?;
        let or_default = |text: &Text, name: &str| match text {
            Some(text) => text.clone(),
            None => format!("{{{{ template \"slack.default.{name}\" . }}}}"),
        };
        let or_empty = |text: &Text| text.clone().unwrap_or_default();
        let in_markdown = self.mrkdwn_in.clone().filter(|names| !names.is_empty());
        let in_markdown = in_markdown
            .unwrap_or_else(|| ["fallback", "pretext", "text"].map(str::to_owned).into());
        Ok(SlackConfig {
            send_resolved: self.send_resolved.unwrap_or(false),
            http,
            endpoint,
            channel: or_empty(&self.channel),
            username: or_default(&self.username, "username"),
            color: or_default(&self.color, "color"),
            title: or_default(&self.title, "title"),
            title_link: or_default(&self.title_link, "titlelink"),
            pretext: or_default(&self.pretext, "pretext"),
            text: or_default(&self.text, "text"),
            message_text: or_empty(&self.message_text),
            fields: self.fields.clone().unwrap_or_default(),
            short_fields: self.short_fields.unwrap_or(false),
            footer: or_default(&self.footer, "footer"),
            fallback: or_default(&self.fallback, "fallback"),
            callback_id: or_default(&self.callback_id, "callbackid"),
            icon_emoji: or_default(&self.icon_emoji, "iconemoji"),
            icon_url: or_default(&self.icon_url, "iconurl"),
            image_url: or_empty(&self.image_url),
            thumb_url: or_empty(&self.thumb_url),
            link_names: self.link_names.unwrap_or(false),
            mrkdwn_in: in_markdown,
            actions,
            update_message: self.update_message.unwrap_or(false),
            timeout_ns: self.timeout.map_or(0, |GoDuration(nanos)| nanos),
        })
    }
}
