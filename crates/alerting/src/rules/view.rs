//! Rules and alerts as Prometheus' API shows them (`/api/v1/rules`, `/api/v1/alerts`).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::alerting::{ActiveAlert, AlertingState, instant};
use super::group::{Counters, Group, Rule};
use crate::Timestamp;
use crate::golang::float;
use crate::golang::time::{rfc3339, zero};

/// How an alert, or the most pressing one of a rule, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleState {
    /// The rule was not evaluated yet.
    Unknown,
    /// The condition does not hold.
    Inactive,
    /// It holds, but not for long enough.
    Pending,
    /// It has held for long enough.
    Firing,
}

impl RuleState {
    /// The word of the API and of the label `alertstate`.
    pub fn name(self) -> &'static str {
        match self {
            RuleState::Unknown => "unknown",
            RuleState::Inactive => "inactive",
            RuleState::Pending => "pending",
            RuleState::Firing => "firing",
        }
    }
}

/// How the last evaluation of a rule went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RuleHealth {
    /// There was none.
    #[serde(rename = "unknown")]
    Unknown,
    /// Well.
    #[serde(rename = "ok")]
    Good,
    /// It failed.
    #[serde(rename = "err")]
    Bad,
}

/// A group of rules.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// Its name within its file.
    pub name: String,
    /// The file.
    pub file: String,
    /// Its rules in order.
    pub rules: Vec<RuleView>,
    /// Seconds between evaluations.
    pub interval: f64,
    /// How many alerts or series each rule may give; 0 for no limit.
    pub limit: usize,
    /// Seconds the last evaluation took.
    pub evaluation_time: f64,
    /// When it began.
    #[serde(serialize_with = "instant_or_zero")]
    pub last_evaluation: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) counters: Figures,
}

/// What metrics tell about a group.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) iterations: u64,
    pub(crate) iterations_missed: u64,
    pub(crate) evaluations: u64,
    pub(crate) failures: u64,
    pub(crate) samples: usize,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum RuleView {
    /// One that alerts.
    Alerting(AlertingRuleView),
    /// One that records.
    Recording(RecordingRuleView),
}

/// A rule that alerts.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertingRuleView {
    /// The state of its most pressing alert.
    pub state: RuleState,
    /// The alerts' name.
    pub name: String,
    /// The condition.
    pub query: String,
    /// Seconds for which it must hold.
    pub duration: f64,
    /// Seconds for which an alert holds after its condition does not.
    pub keep_firing_for: f64,
    /// Labels of the alerts; values may be templates.
    pub labels: BTreeMap<String, String>,
    /// Annotations of the alerts; values may be templates.
    pub annotations: BTreeMap<String, String>,
    /// The alerts that are pending or fire.
    pub alerts: Vec<AlertView>,
    /// How the last evaluation went.
    pub health: RuleHealth,
    /// Why it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    /// Seconds it took.
    pub evaluation_time: f64,
    /// When it was.
    #[serde(serialize_with = "instant_or_zero")]
    pub last_evaluation: Option<Timestamp>,
}

/// A rule that records.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingRuleView {
    /// The name of the series.
    pub name: String,
    /// What is recorded.
    pub query: String,
    /// Labels of the series.
    pub labels: BTreeMap<String, String>,
    /// How the last evaluation went.
    pub health: RuleHealth,
    /// Why it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    /// Seconds it took.
    pub evaluation_time: f64,
    /// When it was.
    #[serde(serialize_with = "instant_or_zero")]
    pub last_evaluation: Option<Timestamp>,
}

/// An alert that is pending or fires.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// What identifies it.
    pub labels: BTreeMap<String, String>,
    /// What describes it.
    pub annotations: BTreeMap<String, String>,
    /// Pending or firing.
    pub state: RuleState,
    /// Since when its condition holds.
    #[serde(serialize_with = "instant_text")]
    pub active_at: Timestamp,
    /// Since when it only holds because of `keep_firing_for`.
    #[serde(serialize_with = "optional_instant", skip_serializing_if = "Option::is_none")]
    pub keep_firing_since: Option<Timestamp>,
    /// The value of its condition, as a number in exponential notation.
    pub value: String,
}

fn instant_text<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*instant))
}

fn instant_or_zero<S: Serializer>(
    instant: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(instant.unwrap_or_else(zero)))
}

fn optional_instant<S: Serializer>(
    instant: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    instant_or_zero(instant, serializer)
}

impl GroupView {
    /// The alerts of all rules, as `/api/v1/alerts` lists them.
    pub fn alerts(&self) -> impl Iterator<Item = &AlertView> {
        self.rules.iter().flat_map(|rule| match rule {
            RuleView::Alerting(rule) => rule.alerts.as_slice(),
            RuleView::Recording(_) => &[],
        })
    }

    pub(super) fn of(group: &Group) -> Self {
        let Counters { iterations, iterations_missed, evaluations, failures } = group.counters;
        let samples = group.last_samples;
        GroupView {
            name: group.name.clone(),
            file: group.file.clone(),
            rules: group.rules.iter().map(RuleView::of).collect(),
            interval: group.interval_ms as f64 / 1000.0,
            limit: group.limit,
            evaluation_time: group.evaluation_seconds,
            last_evaluation: group.last_evaluation,
            counters: Figures { iterations, iterations_missed, evaluations, failures, samples },
        }
    }
}

impl RuleView {
    /// The rule's name.
    pub fn name(&self) -> &str {
        match self {
            RuleView::Alerting(rule) => &rule.name,
            RuleView::Recording(rule) => &rule.name,
        }
    }

    /// The rule's labels.
    pub fn labels(&self) -> &BTreeMap<String, String> {
        match self {
            RuleView::Alerting(rule) => &rule.labels,
            RuleView::Recording(rule) => &rule.labels,
        }
    }

    fn of(rule: &Rule) -> Self {
        let spec = &rule.spec;
        let (name, query, labels) = (spec.name.clone(), spec.expr.to_string(), spec.labels.clone());
        let (health, last_error) = (rule.health, rule.last_error.clone());
        let (evaluation_time, last_evaluation) = (rule.evaluation_seconds, rule.last_evaluation);
        match &spec.alert {
            None => RuleView::Recording(RecordingRuleView {
                name,
                query,
                labels,
                health,
                last_error,
                evaluation_time,
                last_evaluation,
            }),
            Some(alert) => RuleView::Alerting(AlertingRuleView {
                state: rule.alert_state(),
                name,
                query,
                duration: alert.for_ms as f64 / 1000.0,
                keep_firing_for: alert.keep_firing_for_ms as f64 / 1000.0,
                labels,
                annotations: alert.annotations.clone(),
                alerts: alerts(&rule.state),
                health,
                last_error,
                evaluation_time,
                last_evaluation,
            }),
        }
    }
}

fn alerts(state: &AlertingState) -> Vec<AlertView> {
    let active = state.active.iter().filter(|(_, alert)| alert.resolved_at_ms.is_none());
    active.map(|(labels, alert)| AlertView::of(labels, alert)).collect()
}

impl AlertView {
    fn of(labels: &model::Labels, alert: &ActiveAlert) -> Self {
        AlertView {
            labels: labels.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            annotations: alert.annotations.clone(),
            state: alert.state,
            active_at: instant(alert.active_at_ms),
            keep_firing_since: alert.keep_firing_since_ms.map(instant),
            value: float::format(alert.value, 'e', None),
        }
    }
}
