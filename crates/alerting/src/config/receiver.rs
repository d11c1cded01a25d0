//! `receivers`.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use yaml::Located;

use super::global::Global;
use super::inactive::{
    Discord, Email, Inactive, IncidentIo, Jira, Mattermost, MsTeams, OpsGenie, PagerDuty, Pushover,
    RocketChat, Sns, Telegram, VictorOps, WeChat, Webex,
};
use super::slack::{RawSlack, SlackConfig};
use super::webhook::{RawWebhook, WebhookConfig};

/// Blocks of one kind; an entry may be null.
type Blocks<T> = Vec<Option<Located<T>>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(super) struct RawReceiver {
    name: String,
    labels: BTreeMap<String, String>,
    discord_configs: Blocks<Discord>,
    email_configs: Blocks<Email>,
    incidentio_configs: Blocks<IncidentIo>,
    pagerduty_configs: Blocks<PagerDuty>,
    slack_configs: Blocks<RawSlack>,
    webhook_configs: Blocks<RawWebhook>,
    opsgenie_configs: Blocks<OpsGenie>,
    wechat_configs: Blocks<WeChat>,
    pushover_configs: Blocks<Pushover>,
    victorops_configs: Blocks<VictorOps>,
    sns_configs: Blocks<Sns>,
    telegram_configs: Blocks<Telegram>,
    webex_configs: Blocks<Webex>,
    msteams_configs: Blocks<MsTeams<false>>,
    msteamsv2_configs: Blocks<MsTeams<true>>,
    jira_configs: Blocks<Jira>,
    rocketchat_configs: Blocks<RocketChat>,
    mattermost_configs: Blocks<Mattermost>,
}

/// Who is told, and how.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    /// Labels to find the receiver by; `name` is always among them.
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) webhooks: Vec<WebhookConfig>,
    pub(crate) slacks: Vec<SlackConfig>,
    /// Kinds of notifiers that are configured and do not exist yet, and how many of each.
    pub(crate) inactive: Vec<(&'static str, usize)>,
}

fn check_all<T: Inactive + DeserializeOwned>(
    blocks: &Blocks<T>,
    global: &Global,
) -> Result<usize, yaml::Error> {
    for block in blocks {
        let checked = match (block, T::NULL) {
            (Some(block), _) => block.value.check(global).map_err(|message| block.error(message)),
            (None, Some(message)) => Err(message.into()),
            (None, None) => yaml::from_str::<T>("{}")?.check(global).map_err(Into::into),
        };
        checked?;
    }
    Ok(blocks.len())
}

impl RawReceiver {
    /// The receiver with all defaults filled in.
    pub(super) fn complete(&self, global: &Global) -> Result<Receiver, yaml::Error> {
        let name = &self.name;
        if name.is_empty() {
            return Err("missing name in receiver".into());
        }
        let mut labels = self.labels.clone();
        if let Some(other) = labels.get("name").filter(|label| *label != name) {
            let text = "receiver label \"name\" must match receiver name";
            return Err(format!("{text} {name:?}, got {other:?}").into());
        }
        labels.insert("name".to_owned(), name.clone());

        let mut webhooks = Vec::new();
        for block in &self.webhook_configs {
            let Some(block) = block else { return Err("missing webhook config".into()) };
            let webhook = block.value.complete(global);
            webhooks.push(webhook.map_err(|message| block.error(message))?);
        }
        let mut slacks = Vec::new();
        for block in &self.slack_configs {
            slacks.push(match block {
                Some(block) => {
                    block.value.complete(global).map_err(|message| block.error(message))?
                }
                None => RawSlack::default().complete(global)?,
            });
        }
        Ok(Receiver {
            name: name.clone(),
            labels,
            webhooks,
            slacks,
            inactive: self.inactive(global)?,
        })
    }

    fn inactive(&self, global: &Global) -> Result<Vec<(&'static str, usize)>, yaml::Error> {
        let counts = [
            ("discord", check_all(&self.discord_configs, global)?),
            ("email", check_all(&self.email_configs, global)?),
            ("incidentio", check_all(&self.incidentio_configs, global)?),
            ("pagerduty", check_all(&self.pagerduty_configs, global)?),
            ("opsgenie", check_all(&self.opsgenie_configs, global)?),
            ("wechat", check_all(&self.wechat_configs, global)?),
            ("pushover", check_all(&self.pushover_configs, global)?),
            ("victorops", check_all(&self.victorops_configs, global)?),
            ("sns", check_all(&self.sns_configs, global)?),
            ("telegram", check_all(&self.telegram_configs, global)?),
            ("webex", check_all(&self.webex_configs, global)?),
            ("msteams", check_all(&self.msteams_configs, global)?),
            ("msteamsv2", check_all(&self.msteamsv2_configs, global)?),
            ("jira", check_all(&self.jira_configs, global)?),
            ("rocketchat", check_all(&self.rocketchat_configs, global)?),
            ("mattermost", check_all(&self.mattermost_configs, global)?),
        ];
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}
