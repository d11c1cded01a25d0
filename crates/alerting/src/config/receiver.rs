//! `receivers`.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_saphyr::Spanned;

use super::field::Text;
use super::global::Global;
use super::inactive::{
    Discord, Email, Inactive, IncidentIo, Jira, Mattermost, MsTeams, OpsGenie, PagerDuty, Pushover,
    RocketChat, Sns, Telegram, VictorOps, WeChat, Webex,
};
use super::slack::{RawSlack, SlackConfig};
use super::webhook::{RawWebhook, WebhookConfig};
use crate::yaml::{Place, YamlError};

/// Blocks of one kind; an entry may be null.
type Blocks<T> = Option<Vec<Option<Spanned<T>>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReceiver {
    name: Text,
    labels: Option<BTreeMap<String, Text>>,
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

fn located<T>(place: Place, result: Result<T, String>) -> Result<T, YamlError> {
    result.map_err(|message| YamlError { place, message })
}

fn check_all<T: Inactive + DeserializeOwned>(
    blocks: &Blocks<T>,
    global: &Global,
    receiver: Place,
) -> Result<usize, YamlError> {
    let blocks = blocks.as_deref().unwrap_or_default();
    for block in blocks {
        match (block, T::NULL) {
            (Some(block), _) => located(Place::of(block), block.value.check(global))?,
            (None, Some(message)) => return located(receiver, Err(message.to_owned())),
            (None, None) => {
                let empty: Result<T, _> = crate::yaml::parse("{}");
                located(receiver, empty.map_err(|e| e.message).and_then(|b| b.check(global)))?;
            }
        }
    }
    Ok(blocks.len())
}

impl RawReceiver {
    /// The receiver with all defaults filled in, once its name is known to be unique.
    pub(super) fn complete(&self, place: Place, global: &Global) -> Result<Receiver, YamlError> {
        let name = self.name()?;
        let mut labels: BTreeMap<String, String> = self
            .labels
            .iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()))
            .collect();
        if let Some(other) = labels.get("name").filter(|label| **label != name) {
            let text = "receiver label \"name\" must match receiver name";
            return located(place, Err(format!("{text} {name:?}, got {other:?}")));
        }
        labels.insert("name".to_owned(), name.clone());

        let mut webhooks = Vec::new();
        for block in self.webhook_configs.iter().flatten() {
            let Some(block) = block else {
                return located(place, Err("missing webhook config".to_owned()));
            };
            webhooks.push(located(Place::of(block), block.value.complete(global))?);
        }
        let mut slacks = Vec::new();
        for block in self.slack_configs.iter().flatten() {
            slacks.push(match block {
                Some(block) => located(Place::of(block), block.value.complete(global))?,
                None => located(place, RawSlack::default().complete(global))?,
            });
        }
        let inactive = self.inactive(place, global)?;
        Ok(Receiver { name, labels, webhooks, slacks, inactive })
    }

    fn inactive(
        &self,
        place: Place,
        global: &Global,
    ) -> Result<Vec<(&'static str, usize)>, YamlError> {
        let counts = [
            ("discord", check_all(&self.discord_configs, global, place)?),
            ("email", check_all(&self.email_configs, global, place)?),
            ("incidentio", check_all(&self.incidentio_configs, global, place)?),
            ("pagerduty", check_all(&self.pagerduty_configs, global, place)?),
            ("opsgenie", check_all(&self.opsgenie_configs, global, place)?),
            ("wechat", check_all(&self.wechat_configs, global, place)?),
            ("pushover", check_all(&self.pushover_configs, global, place)?),
            ("victorops", check_all(&self.victorops_configs, global, place)?),
            ("sns", check_all(&self.sns_configs, global, place)?),
            ("telegram", check_all(&self.telegram_configs, global, place)?),
            ("webex", check_all(&self.webex_configs, global, place)?),
            ("msteams", check_all(&self.msteams_configs, global, place)?),
            ("msteamsv2", check_all(&self.msteamsv2_configs, global, place)?),
            ("jira", check_all(&self.jira_configs, global, place)?),
            ("rocketchat", check_all(&self.rocketchat_configs, global, place)?),
            ("mattermost", check_all(&self.mattermost_configs, global, place)?),
        ];
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// The name, which must not be empty.
    pub(super) fn name(&self) -> Result<String, YamlError> {
        let name = self.name.clone().filter(|name| !name.is_empty());
        located(Place::default(), name.ok_or_else(|| "missing name in receiver".to_owned()))
    }
}
