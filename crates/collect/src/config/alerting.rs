//! The `alerting` block: where upstream sends alerts. Ours go to the built-in Alertmanager.

use std::time::Duration;

use http_client::{Auth, HttpClientConfig};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer};
use yaml::{Inline, Located};

use super::remote::SIGV4;
use super::schema::Schema;
use super::scrape::{check_rules, check_static_targets};
use super::{ConfigError, DiscoveryConfig, duration};
use crate::names::NameScheme;
use crate::relabel::{Rule, UncheckedRule};

/// What happens to alerts on their way out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerting {
    /// Rules for the alerts' labels.
    pub alert_relabel: Vec<Rule>,
    /// How many blocks name Alertmanagers, which are not used.
    pub alertmanagers: usize,
}

type Rules = Vec<Option<Located<UncheckedRule>>>;

/// The block before its rules are checked.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Plain")]
pub(super) struct UncheckedAlerting(Plain);

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    alert_relabel_configs: Rules,
    alertmanagers: Vec<Option<UncheckedAlertmanager>>,
}

impl TryFrom<Plain> for UncheckedAlerting {
    type Error = ConfigError;

    fn try_from(plain: Plain) -> Result<Self, ConfigError> {
        if plain.alert_relabel_configs.iter().any(Option::is_none) {
            return Err(ConfigError::new("empty or null alert relabeling rule"));
        }
        Ok(UncheckedAlerting(plain))
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Inline<PlainAlertmanager, Inline<HttpClientConfig, DiscoveryConfig>>")]
struct UncheckedAlertmanager {
    relabel: Rules,
    alert_relabel: Rules,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.AlertmanagerConfig")]
struct PlainAlertmanager {
    sigv4: Option<Sigv4>,
    #[serde(rename = "scheme")]
    _scheme: String,
    #[serde(rename = "path_prefix")]
    _path_prefix: String,
    #[serde(rename = "timeout", deserialize_with = "duration")]
    _timeout: Duration,
    api_version: String,
    relabel_configs: Rules,
    alert_relabel_configs: Rules,
}

impl Default for PlainAlertmanager {
    fn default() -> Self {
        PlainAlertmanager {
            sigv4: None,
            _scheme: "http".to_owned(),
            _path_prefix: String::new(),
            _timeout: Duration::from_secs(10),
            api_version: "v2".to_owned(),
            relabel_configs: Vec::new(),
            alert_relabel_configs: Vec::new(),
        }
    }
}

#[derive(Debug)]
struct Sigv4;

impl<'de> Deserialize<'de> for Sigv4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&SIGV4 as &'static Schema).deserialize(deserializer).map(|_| Sigv4)
    }
}

impl TryFrom<Inline<PlainAlertmanager, Inline<HttpClientConfig, DiscoveryConfig>>>
    for UncheckedAlertmanager
{
    type Error = ConfigError;

    fn try_from(
        Inline(plain, Inline(http, discovery)): Inline<
            PlainAlertmanager,
            Inline<HttpClientConfig, DiscoveryConfig>,
        >,
    ) -> Result<Self, ConfigError> {
        if plain.api_version != "v2" {
            return Err(ConfigError(format!(
                "expected Alertmanager api version to be one of [v2] but got {}",
                plain.api_version
            )));
        }
        if http.auth != Auth::None && plain.sigv4.is_some() {
            return Err(ConfigError::new(
                "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured",
            ));
        }
        if plain.relabel_configs.is_empty() {
            check_static_targets(&discovery)?;
        }
        for (kind, rules) in
            [("target", &plain.relabel_configs), ("alert", &plain.alert_relabel_configs)]
        {
            if rules.iter().any(Option::is_none) {
                return Err(ConfigError(format!(
                    "empty or null Alertmanager {kind} relabeling rule"
                )));
            }
        }
        Ok(UncheckedAlertmanager {
            relabel: plain.relabel_configs,
            alert_relabel: plain.alert_relabel_configs,
        })
    }
}

impl UncheckedAlerting {
    /// Checks the rules with the names that are valid here.
    pub(super) fn check(self, names: NameScheme) -> Result<Alerting, yaml::Error> {
        let alert_relabel = check_rules(&self.0.alert_relabel_configs, names)?;
        for alertmanager in self.0.alertmanagers.iter().flatten() {
            check_rules(&alertmanager.relabel, names)?;
            check_rules(&alertmanager.alert_relabel, names)?;
        }
        Ok(Alerting { alert_relabel, alertmanagers: self.0.alertmanagers.len() })
    }
}
