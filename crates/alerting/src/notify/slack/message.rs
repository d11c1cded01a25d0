//! A message and its attachment as JSON.

use serde::Serialize;

use crate::config::{SlackAction, SlackConfig, SlackConfirmation, SlackField};
use crate::template::TemplateError;

/// How long a title may be, in characters.
const TITLE_MAX: usize = 1024;

/// A message.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) ts: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    username: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    icon_emoji: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    icon_url: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    link_names: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    attachments: [Attachment; 1],
}

/// The part with a coloured bar.
#[derive(Debug, Serialize)]
struct Attachment {
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title_link: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pretext: String,
    text: String,
    fallback: String,
    callback_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<SlackField>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<SlackAction>,
    #[serde(skip_serializing_if = "String::is_empty")]
    image_url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    thumb_url: String,
    footer: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    color: String,
    mrkdwn_in: Vec<String>,
}

/// A text cut to so many characters, the last of which then is an ellipsis.
fn cut(text: String, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text;
    }
    text.chars().take(characters - 1).chain(['…']).collect()
}

type Rendered<T> = Result<T, TemplateError>;

impl Message {
    /// The message with all templates rendered.
    pub(super) fn render(
        config: &SlackConfig,
        render: &impl Fn(&str) -> Rendered<String>,
    ) -> Rendered<Self> {
        let fields = config.fields.iter().map(|field| {
            Ok(SlackField {
                title: render(&field.title)?,
                value: render(&field.value)?,
                short: Some(field.short.unwrap_or(config.short_fields)),
            })
        });
        let attachment = Attachment {
            title: cut(render(&config.title)?, TITLE_MAX),
            title_link: render(&config.title_link)?,
            pretext: render(&config.pretext)?,
            text: render(&config.text)?,
            fallback: render(&config.fallback)?,
            callback_id: render(&config.callback_id)?,
            fields: fields.collect::<Rendered<_>>()?,
            actions: config
                .actions
                .iter()
                .map(|action| render_action(action, render))
                .collect::<Rendered<_>>()?,
            image_url: render(&config.image_url)?,
            thumb_url: render(&config.thumb_url)?,
            footer: render(&config.footer)?,
            color: render(&config.color)?,
            mrkdwn_in: config.mrkdwn_in.clone(),
        };
        Ok(Message {
            channel: render(&config.channel)?,
            ts: String::new(),
            username: render(&config.username)?,
            icon_emoji: render(&config.icon_emoji)?,
            icon_url: render(&config.icon_url)?,
            link_names: config.link_names,
            text: render(&config.message_text)?,
            attachments: [attachment],
        })
    }
}

fn render_action(
    action: &SlackAction,
    render: &impl Fn(&str) -> Rendered<String>,
) -> Rendered<SlackAction> {
    let confirm = match &action.confirm {
        None => None,
        Some(confirm) => Some(SlackConfirmation {
            text: render(&confirm.text)?,
            title: render(&confirm.title)?,
            ok_text: render(&confirm.ok_text)?,
            dismiss_text: render(&confirm.dismiss_text)?,
        }),
    };
    Ok(SlackAction {
        kind: render(&action.kind)?,
        text: render(&action.text)?,
        url: render(&action.url)?,
        style: render(&action.style)?,
        name: render(&action.name)?,
        value: render(&action.value)?,
        confirm,
    })
}
