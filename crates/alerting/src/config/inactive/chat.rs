//! Blocks of notifiers that write into chat rooms.

use http_client::{Auth, HttpClientConfig};
use model::Secret;
use serde::Deserialize;

use super::{Global, Inactive};
use crate::config::field::{HttpUrl, SecretUrl, Text, at_most_one, given, secret_given};

/// One address, either in the block or in a file.
fn one_webhook(url: &Option<SecretUrl>, file: &Text) -> Result<(), String> {
    if url.is_none() && !given(file) {
        return Err("one of webhook_url or webhook_url_file must be configured".to_owned());
    }
    at_most_one(("webhook_url", url.is_some()), ("webhook_url_file", given(file)))
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Discord {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    webhook_url: Option<SecretUrl>,
    webhook_url_file: Text,
    content: Text,
    title: Text,
    message: Text,
    username: Text,
    avatar_url: Text,
}

impl Inactive for Discord {
    const NULL: Option<&'static str> = Some("missing discord config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        one_webhook(&self.webhook_url, &self.webhook_url_file)
    }
}

/// `msteams_configs` and `msteamsv2_configs`, of which only the first has a summary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct MsTeams<const V2: bool> {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    webhook_url: Option<SecretUrl>,
    webhook_url_file: Text,
    title: Text,
    summary: Text,
    text: Text,
}

impl<const V2: bool> Inactive for MsTeams<V2> {
    const NULL: Option<&'static str> =
        Some(if V2 { "missing msteamsv2 config" } else { "missing msteams config" });

    fn check(&self, _global: &Global) -> Result<(), String> {
        if V2 && self.summary.is_some() {
            return Err("field summary not found in type config.plain".to_owned());
        }
        one_webhook(&self.webhook_url, &self.webhook_url_file)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Mattermost {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    webhook_url: Option<SecretUrl>,
    webhook_url_file: Text,
    channel: Text,
    username: Text,
    text: Text,
    fallback: Text,
    color: Text,
    pretext: Text,
    author_name: Text,
    author_link: Text,
    author_icon: Text,
    title: Text,
    title_link: Text,
    fields: Option<Vec<MattermostField>>,
    thumb_url: Text,
    footer: Text,
    footer_icon: Text,
    image_url: Text,
    icon_url: Text,
    icon_emoji: Text,
    attachments: Option<Vec<MattermostAttachment>>,
    r#type: Text,
    props: Option<MattermostProps>,
    priority: Option<MattermostPriority>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.MattermostField")]
struct MattermostField {
    title: Text,
    value: Text,
    short: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.MattermostAttachment")]
struct MattermostAttachment {
    fallback: Text,
    color: Text,
    pretext: Text,
    text: Text,
    author_name: Text,
    author_link: Text,
    author_icon: Text,
    title: Text,
    title_link: Text,
    fields: Option<Vec<MattermostField>>,
    thumb_url: Text,
    footer: Text,
    footer_icon: Text,
    image_url: Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.MattermostProps")]
struct MattermostProps {
    card: Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.MattermostPriority")]
struct MattermostPriority {
    priority: Text,
    requested_ack: Option<bool>,
    persistent_notifications: Option<bool>,
}

impl Inactive for Mattermost {
    const NULL: Option<&'static str> = Some("missing mattermost config");

    fn check(&self, global: &Global) -> Result<(), String> {
        let inner = self.attachments.iter().flatten().flat_map(|a| a.fields.iter().flatten());
        for field in self.fields.iter().flatten().chain(inner) {
            for (what, text) in [("title", &field.title), ("value", &field.value)] {
                if !given(text) {
                    return Err(format!("missing {what} in Mattermost field configuration"));
                }
            }
        }
        let (url, file) = (self.webhook_url.is_some(), given(&self.webhook_url_file));
        at_most_one(("webhook_url", url), ("webhook_url_file", file))?;
        let in_global =
            global.mattermost_webhook_url.is_some() || given(&global.mattermost_webhook_url_file);
        if !url && !file && !in_global {
            let text = "missing webhook_url or webhook_url_file on mattermost_config";
            return Err(text.to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(in crate::config) struct RocketChat {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Option<HttpUrl>,
    token_id: Option<Secret>,
    token_id_file: Text,
    token: Option<Secret>,
    token_file: Text,
    channel: Text,
    color: Text,
    title: Text,
    title_link: Text,
    text: Text,
    fields: Option<Vec<RocketChatField>>,
    short_fields: Option<bool>,
    emoji: Text,
    icon_url: Text,
    image_url: Text,
    thumb_url: Text,
    link_names: Option<bool>,
    actions: Option<Vec<RocketChatAction>>,
}

/// Upstream names these fields by lower-casing those of its structs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.RocketchatAttachmentField")]
struct RocketChatField {
    short: Option<bool>,
    title: Text,
    value: Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.RocketchatAttachmentAction")]
struct RocketChatAction {
    r#type: Text,
    text: Text,
    url: Text,
    imageurl: Text,
    iswebview: Option<bool>,
    webviewheightratio: Text,
    msg: Text,
    msginchatwindow: Option<bool>,
    msgprocessingtype: Text,
}

impl Inactive for RocketChat {
    const NULL: Option<&'static str> = None;

    fn check(&self, global: &Global) -> Result<(), String> {
        let (token, file) = (secret_given(&self.token), given(&self.token_file));
        at_most_one(("token", token), ("token_file", file))?;
        let (id, id_file) = (secret_given(&self.token_id), given(&self.token_id_file));
        at_most_one(("token_id", id), ("token_id_file", id_file))?;
        let global_id =
            secret_given(&global.rocketchat_token_id) || given(&global.rocketchat_token_id_file);
        if !(id || id_file || global_id) {
            let text = "no global Rocketchat TokenID set either inline or in a file";
            return Err(text.to_owned());
        }
        let global_token =
            secret_given(&global.rocketchat_token) || given(&global.rocketchat_token_file);
        if !(token || file || global_token) {
            let text = "no global Rocketchat Token set either inline or in a file";
            return Err(text.to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Telegram {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Option<HttpUrl>,
    bot_token: Option<Secret>,
    bot_token_file: Text,
    chat_id: Option<i64>,
    chat_id_file: Text,
    message_thread_id: Option<i64>,
    message: Text,
    disable_notifications: Option<bool>,
    parse_mode: Text,
}

impl Inactive for Telegram {
    const NULL: Option<&'static str> = Some("missing telegram config");

    fn check(&self, global: &Global) -> Result<(), String> {
        let (token, file) = (secret_given(&self.bot_token), given(&self.bot_token_file));
        at_most_one(("bot_token", token), ("bot_token_file", file))?;
        let (chat, chat_file) = (self.chat_id.is_some_and(|id| id != 0), given(&self.chat_id_file));
        if !chat && !chat_file {
            return Err("missing chat_id or chat_id_file on telegram_config".to_owned());
        }
        at_most_one(("chat_id", chat), ("chat_id_file", chat_file))?;
        if !matches!(
            self.parse_mode.as_deref(),
            None | Some("" | "Markdown" | "MarkdownV2" | "HTML")
        ) {
            let text = "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string";
            return Err(text.to_owned());
        }
        let in_global =
            secret_given(&global.telegram_bot_token) || given(&global.telegram_bot_token_file);
        if !token && !file && !in_global {
            return Err("missing bot_token or bot_token_file on telegram_config".to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Webex {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Option<HttpUrl>,
    message: Text,
    room_id: Text,
}

impl Inactive for Webex {
    const NULL: Option<&'static str> = Some("missing webex config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        if !given(&self.room_id) {
            return Err("missing room_id on webex_config".to_owned());
        }
        let http = self.http_config.as_ref();
        if !http.is_some_and(|http| matches!(http.auth, Auth::Authorization { .. })) {
            return Err("missing webex_configs.http_config.authorization".to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(in crate::config) struct WeChat {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_secret: Option<Secret>,
    api_secret_file: Text,
    corp_id: Text,
    message: Text,
    api_url: Option<HttpUrl>,
    to_user: Text,
    to_party: Text,
    to_tag: Text,
    agent_id: Text,
    message_type: Text,
}

impl Inactive for WeChat {
    const NULL: Option<&'static str> = None;

    fn check(&self, global: &Global) -> Result<(), String> {
        if let Some(kind) = self.message_type.as_deref()
            && !matches!(kind, "" | "text" | "markdown")
        {
            let valid = "^(text|markdown)$";
            return Err(format!(
                "weChat message type {kind:?} does not match valid options {valid}"
            ));
        }
        let (secret, file) = (secret_given(&self.api_secret), given(&self.api_secret_file));
        at_most_one(("api_secret", secret), ("api_secret_file", file))?;
        let in_global =
            secret_given(&global.wechat_api_secret) || given(&global.wechat_api_secret_file);
        if !secret && !file && !in_global {
            let text = "no global Wechat Api Secret set either inline or in a file";
            return Err(text.to_owned());
        }
        if !given(&self.corp_id) && !given(&global.wechat_api_corp_id) {
            return Err("no global Wechat CorpID set".to_owned());
        }
        Ok(())
    }
}
