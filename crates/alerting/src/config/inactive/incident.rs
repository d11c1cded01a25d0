//! Blocks of notifiers that open incidents.

use std::collections::BTreeMap;

use http_client::{Auth, HttpClientConfig};
use model::Secret;
use serde::{Deserialize, Deserializer};

use super::{Global, Inactive};
use crate::config::field::{
    Duration, GoDuration, HttpUrl, Text, at_most_one, given, is_template, secret_given,
};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct IncidentIo {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    url: Option<HttpUrl>,
    url_file: Text,
    alert_source_token: Option<Secret>,
    alert_source_token_file: Text,
    max_alerts: Option<u64>,
    timeout: Option<GoDuration>,
}

impl Inactive for IncidentIo {
    const NULL: Option<&'static str> = Some("missing incidentio config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        if self.url.is_none() && !given(&self.url_file) {
            return Err("one of url or url_file must be configured".to_owned());
        }
        at_most_one(("url", self.url.is_some()), ("url_file", given(&self.url_file)))?;
        let token = secret_given(&self.alert_source_token);
        let file = given(&self.alert_source_token_file);
        at_most_one(("alert_source_token", token), ("alert_source_token_file", file))?;
        let authorized =
            self.http_config.as_ref().map(|http| matches!(http.auth, Auth::Authorization { .. }));
        match authorized {
            Some(true) if token || file => Err(
                "cannot specify alert_source_token or alert_source_token_file when using http_config.authorization"
                    .to_owned(),
            ),
            Some(false) if !token && !file => Err(
                "at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured"
                    .to_owned(),
            ),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct Jira {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_url: Option<HttpUrl>,
    api_type: Text,
    project: Text,
    summary: Option<JiraField>,
    description: Option<JiraField>,
    labels: Option<Vec<String>>,
    priority: Text,
    issue_type: Text,
    reopen_transition: Text,
    resolve_transition: Text,
    wont_fix_resolution: Text,
    reopen_duration: Option<Duration>,
    fields: Option<BTreeMap<String, serde_json::Value>>,
}

/// A template, alone or with its settings.
#[derive(Clone, Debug)]
struct JiraField {
    template: String,
    enable_update: Option<bool>,
}

impl<'de> Deserialize<'de> for JiraField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = JiraField;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or a map with template and enable_update")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<JiraField, E> {
                Ok(JiraField { template: text.to_owned(), enable_update: None })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<JiraField, A::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields, rename = "config.plain")]
                struct Full {
                    template: Text,
                    enable_update: Option<bool>,
                }
                let full = Full::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                let template = full.template.unwrap_or_default();
                Ok(JiraField { template, enable_update: full.enable_update })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Inactive for Jira {
    const NULL: Option<&'static str> = Some("missing jira config");

    fn check(&self, global: &Global) -> Result<(), String> {
        if !given(&self.project) {
            return Err("missing project in jira_config".to_owned());
        }
        if !given(&self.issue_type) {
            return Err("missing issue_type in jira_config".to_owned());
        }
        if !matches!(self.api_type.as_deref(), None | Some("auto" | "cloud" | "datacenter")) {
            let text = "unknown api_type on jira_config, must be auto, cloud or datacenter";
            return Err(text.to_owned());
        }
        if self.api_url.is_none() && global.jira_api_url.is_none() {
            return Err("no global Jira Cloud URL set".to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
pub(in crate::config) struct OpsGenie {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_key: Option<Secret>,
    api_key_file: Text,
    api_url: Option<HttpUrl>,
    message: Text,
    description: Text,
    source: Text,
    details: Option<BTreeMap<String, Text>>,
    entity: Text,
    responders: Option<Vec<Responder>>,
    actions: Text,
    tags: Text,
    note: Text,
    priority: Text,
    update_alerts: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.OpsGenieConfigResponder")]
struct Responder {
    id: Text,
    name: Text,
    username: Text,
    r#type: Text,
}

impl Responder {
    fn check(&self) -> Result<(), String> {
        let text = |text: &Text| text.clone().unwrap_or_default();
        let kind = text(&self.r#type);
        let shown =
            format!("{{{} {} {} {kind}}}", text(&self.id), text(&self.name), text(&self.username));
        let start = format!("opsGenieConfig responder {shown}");
        if !given(&self.id) && !given(&self.name) && !given(&self.username) {
            return Err(format!(
                "{start} has to have at least one of id, username or name specified"
            ));
        }
        let templated = is_template(&kind)
            .map_err(|error| format!("{start} type contains invalid template syntax: {error}"))?;
        let known = ["team", "teams", "user", "escalation", "schedule"];
        if !templated && !known.contains(&kind.to_lowercase().as_str()) {
            let valid = "^(team|teams|user|escalation|schedule)$";
            return Err(format!("{start} type does not match valid options {valid}"));
        }
        Ok(())
    }
}

impl Inactive for OpsGenie {
    const NULL: Option<&'static str> = None;

    fn check(&self, global: &Global) -> Result<(), String> {
        let (key, file) = (secret_given(&self.api_key), given(&self.api_key_file));
        at_most_one(("api_key", key), ("api_key_file", file))?;
        self.responders.iter().flatten().try_for_each(Responder::check)?;
        let in_global =
            secret_given(&global.opsgenie_api_key) || given(&global.opsgenie_api_key_file);
        if !key && !file && !in_global {
            let text = "no global OpsGenie API Key set either inline or in a file";
            return Err(text.to_owned());
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct PagerDuty {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    service_key: Option<Secret>,
    service_key_file: Text,
    routing_key: Option<Secret>,
    routing_key_file: Text,
    url: Option<HttpUrl>,
    client: Text,
    client_url: Text,
    description: Text,
    details: Option<BTreeMap<String, serde_json::Value>>,
    images: Option<Vec<PagerDutyImage>>,
    links: Option<Vec<PagerDutyLink>>,
    source: Text,
    severity: Text,
    class: Text,
    component: Text,
    group: Text,
    timeout: Option<GoDuration>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.PagerdutyLink")]
struct PagerDutyLink {
    href: Text,
    text: Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.PagerdutyImage")]
struct PagerDutyImage {
    src: Text,
    alt: Text,
    href: Text,
}

impl Inactive for PagerDuty {
    const NULL: Option<&'static str> = Some("missing pagerduty config");

    fn check(&self, _global: &Global) -> Result<(), String> {
        let (routing, routing_file) =
            (secret_given(&self.routing_key), given(&self.routing_key_file));
        let (service, service_file) =
            (secret_given(&self.service_key), given(&self.service_key_file));
        if !(routing || routing_file || service || service_file) {
            return Err("missing service or routing key in PagerDuty config".to_owned());
        }
        at_most_one(("routing_key", routing), ("routing_key_file", routing_file))?;
        at_most_one(("service_key", service), ("service_key_file", service_file))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
pub(in crate::config) struct VictorOps {
    send_resolved: Option<bool>,
    http_config: Option<HttpClientConfig>,
    api_key: Option<Secret>,
    api_key_file: Text,
    api_url: Option<HttpUrl>,
    routing_key: Text,
    message_type: Text,
    state_message: Text,
    entity_display_name: Text,
    monitoring_tool: Text,
    custom_fields: Option<BTreeMap<String, Text>>,
}

/// Fields that every message has; nobody else may be called so.
const VICTOROPS_FIELDS: [&str; 7] = [
    "routing_key",
    "message_type",
    "state_message",
    "entity_display_name",
    "monitoring_tool",
    "entity_id",
    "entity_state",
];

impl Inactive for VictorOps {
    const NULL: Option<&'static str> = Some("missing victorops config");

    fn check(&self, global: &Global) -> Result<(), String> {
        if !given(&self.routing_key) {
            return Err("missing Routing key in VictorOps config".to_owned());
        }
        let (key, file) = (secret_given(&self.api_key), given(&self.api_key_file));
        at_most_one(("api_key", key), ("api_key_file", file))?;
        for field in VICTOROPS_FIELDS {
            if self.custom_fields.as_ref().is_some_and(|fields| fields.contains_key(field)) {
                return Err(format!(
                    "victorOps config contains custom field {field} which cannot be used as it conflicts with the fixed/static fields"
                ));
            }
        }
        let in_global =
            secret_given(&global.victorops_api_key) || given(&global.victorops_api_key_file);
        if !key && !file && !in_global {
            return Err("no global VictorOps API Key set".to_owned());
        }
        Ok(())
    }
}
