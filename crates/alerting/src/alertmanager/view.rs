//! What the API of Alertmanager shows (api/v2/openapi.yaml), and the routes for our own.

use std::collections::BTreeMap;

use model::{Labels, format_duration_ms};
use serde::{Deserialize, Serialize, Serializer};

use super::core::{Core, Counters};
use super::deliver::NotifierFigures;
use super::query::AlertQuery;
use crate::Timestamp;
use crate::alert::{self, Alert};
use crate::dispatch::{Route, RouteTree};
use crate::fingerprint::Fingerprint;
use crate::golang::time::{rfc3339_millis, zero};
use crate::matcher::matcher_text;
use crate::silence::SilenceState;

/// An alert.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GettableAlert {
    /// What describes it.
    pub annotations: BTreeMap<String, String>,
    /// From when on it counts as resolved.
    #[serde(serialize_with = "millis")]
    pub ends_at: Timestamp,
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// Who is told of it.
    pub receivers: Vec<ReceiverReference>,
    /// Since when its condition holds.
    #[serde(serialize_with = "millis")]
    pub starts_at: Timestamp,
    /// Whether somebody is told.
    pub status: AlertStatusView,
    /// When it was heard of last.
    #[serde(serialize_with = "millis")]
    pub updated_at: Timestamp,
    /// Where to look at what caused it.
    #[serde(rename = "generatorURL", skip_serializing_if = "String::is_empty")]
    pub generator_url: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// Whether somebody is told of an alert, and if not, why.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertStatusView {
    /// Alerts that inhibit it.
    pub inhibited_by: Vec<String>,
    /// Time intervals that mute its group.
    pub muted_by: Vec<String>,
    /// Silences that mute it.
    pub silenced_by: Vec<String>,
    /// `active` or `suppressed`.
    pub state: &'static str,
}

/// A receiver's name, in an object of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiverReference {
    /// The name.
    pub name: String,
}

/// A receiver and the labels it is found by.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiverView {
    /// The name.
    pub name: String,
    /// The labels, of which the name is one.
    pub labels: BTreeMap<String, String>,
}

/// Alerts that are told of together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertGroupView {
    /// The alerts.
    pub alerts: Vec<GettableAlert>,
    /// What they have in common by the route's `group_by`.
    pub labels: BTreeMap<String, String>,
    /// Who is told.
    pub receiver: ReceiverReference,
    /// The route's labels for this group.
    pub route_labels: BTreeMap<String, String>,
}

/// What program answers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionInfo {
    /// The version.
    pub version: String,
    /// The commit.
    pub revision: String,
    /// The branch.
    pub branch: String,
    /// Who built it.
    pub build_user: String,
    /// When.
    pub build_date: String,
    /// With what; clients expect the field.
    pub go_version: String,
}

/// The answer of `GET /api/v2/status`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// There is one node.
    pub cluster: serde_json::Value,
    /// The configuration without its secrets.
    pub config: ConfigView,
    /// Since when.
    #[serde(serialize_with = "millis")]
    pub uptime: Timestamp,
    /// What program answers.
    pub version_info: VersionInfo,
}

/// The configuration, in an object of its own.
#[derive(Clone, Debug, Serialize)]
pub struct ConfigView {
    /// The text of the file.
    pub original: String,
}

/// A route that an alert takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteTest {
    /// The matchers from the root down.
    pub path: Vec<String>,
    /// Who is told.
    pub receiver: String,
    /// What alerts are grouped by; `...` stands for all labels.
    pub group_by: Vec<String>,
}

/// A node of the route tree with what it inherits.
#[derive(Clone, Debug, Serialize)]
pub struct RouteView {
    /// Who is told.
    pub receiver: String,
    /// Conditions, all of which must hold.
    pub matchers: Vec<String>,
    /// What alerts are grouped by; `...` stands for all labels.
    pub group_by: Vec<String>,
    /// How long a new group waits.
    pub group_wait: String,
    /// How long a group waits between notifications.
    pub group_interval: String,
    /// How long before the same is told again.
    pub repeat_interval: String,
    /// Whether later routes are asked too.
    pub r#continue: bool,
    /// The routes below.
    pub routes: Vec<RouteView>,
}

/// Figures for metrics.
pub(crate) struct Figures {
    pub(crate) counters: Counters,
    pub(crate) notifiers: BTreeMap<&'static str, NotifierFigures>,
    pub(crate) alerts: BTreeMap<&'static str, usize>,
    pub(crate) silences: [(SilenceState, usize); 3],
    pub(crate) groups: usize,
    pub(crate) groups_refused: u64,
}

fn millis<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339_millis(*instant))
}

fn pairs(labels: &Labels) -> BTreeMap<String, String> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn group_by(route: &Route) -> Vec<String> {
    match route.options.group_by_all {
        true => vec!["...".to_owned()],
        false => route.options.group_by.iter().cloned().collect(),
    }
}

impl Core {
    fn status_of(&self, labels: &Labels, now: Timestamp) -> AlertStatusView {
        let inhibited_by = self.inhibitor.inhibiting(labels, &self.alerts, now);
        let silenced_by = self.silences.muting(labels, now);
        let suppressed = inhibited_by.is_some() || !silenced_by.is_empty();
        AlertStatusView {
            inhibited_by: inhibited_by.iter().map(ToString::to_string).collect(),
            muted_by: Vec::new(),
            silenced_by,
            state: if suppressed { "suppressed" } else { "active" },
        }
    }

    /// The alert as somebody asked for it, unless the query leaves it out.
    fn gettable(
        &self,
        alert: &Alert,
        receivers: Vec<String>,
        query: &AlertQuery,
        now: Timestamp,
    ) -> Option<GettableAlert> {
        if alert.ends_at.is_some_and(|ends| ends < now) || !query.takes_labels(&alert.labels) {
            return None;
        }
        let status = self.status_of(&alert.labels, now);
        let (silenced, inhibited) =
            (!status.silenced_by.is_empty(), !status.inhibited_by.is_empty());
        query.takes_status(silenced, inhibited).then(|| GettableAlert {
            annotations: alert.annotations.clone(),
            ends_at: alert.ends_at.unwrap_or_else(zero),
            fingerprint: alert.fingerprint(),
            receivers: receivers.into_iter().map(|name| ReceiverReference { name }).collect(),
            starts_at: alert.starts_at,
            status,
            updated_at: alert.updated_at,
            generator_url: alert.generator_url.clone(),
            labels: pairs(&alert.labels),
        })
    }

    fn receivers_of(&self, labels: &Labels) -> Vec<String> {
        let routes = self.dispatcher.routes();
        let receiver = |index: usize| routes.get(index).options.receiver.clone();
        routes.matching(labels).into_iter().map(receiver).collect()
    }

    /// The alerts that a query takes, sorted by fingerprint.
    pub(super) fn alerts(&self, query: &AlertQuery, now: Timestamp) -> Vec<GettableAlert> {
        let shown = self.alerts.iter().filter_map(|(_, alert)| {
            let receivers = self.receivers_of(&alert.labels);
            let takes = |name: &String| query.takes_receiver(name, &self.config);
            receivers.iter().any(takes).then(|| self.gettable(alert, receivers, query, now))?
        });
        shown.collect()
    }

    /// The groups that a query takes, sorted by their labels.
    pub(super) fn groups(&self, query: &AlertQuery, now: Timestamp) -> Vec<AlertGroupView> {
        let mut groups = Vec::new();
        for (route, labels, group) in self.dispatcher.groups() {
            let receiver = &route.options.receiver;
            let muted = !group.muted_by.is_empty();
            if !query.takes_receiver(receiver, &self.config) || (muted && !query.muted) {
                continue;
            }
            let mut members: Vec<&Alert> = group.alerts().map(|alert| &**alert).collect();
            members.sort_by(|a, b| alert::order(a, b));
            let mut alerts: Vec<GettableAlert> = members
                .iter()
                .filter_map(|alert| {
                    let mut receivers = self.receivers_of(&alert.labels);
                    receivers.sort();
                    self.gettable(alert, receivers, query, now)
                })
                .collect();
            if alerts.is_empty() {
                continue;
            }
            for alert in alerts.iter_mut().filter(|_| muted) {
                alert.status.muted_by.clone_from(&group.muted_by);
                alert.status.state = "suppressed";
            }
            let members: Vec<Alert> = members.into_iter().cloned().collect();
            let templates = &self.templates;
            let route_labels =
                templates.route_labels(&route.options.labels, receiver, labels, &members, now);
            let receiver = ReceiverReference { name: receiver.clone() };
            let view = AlertGroupView { alerts, labels: pairs(labels), receiver, route_labels };
            groups.push((labels, view));
        }
        groups.sort_by(|(a, a_view), (b, b_view)| {
            let by_receiver = || a_view.receiver.name.cmp(&b_view.receiver.name);
            alert::label_order(a, b).then_with(by_receiver)
        });
        groups.into_iter().map(|(_, view)| view).collect()
    }

    /// How many alerts are in each state.
    pub(super) fn count_states(&self, now: Timestamp) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::from([("active", 0), ("suppressed", 0)]);
        let firing = self.alerts.iter().filter(|(_, alert)| !alert.is_resolved_at(now));
        for (_, alert) in firing {
            *counts.entry(self.status_of(&alert.labels, now).state).or_default() += 1;
        }
        counts
    }

    /// The routes that an alert with these labels takes.
    pub(super) fn test_routes(&self, labels: &Labels) -> Vec<RouteTest> {
        let routes = self.dispatcher.routes();
        let test = |index: usize| {
            let route = routes.get(index);
            let receiver = route.options.receiver.clone();
            RouteTest { path: routes.path(index), receiver, group_by: group_by(route) }
        };
        routes.matching(labels).into_iter().map(test).collect()
    }

    /// The route tree.
    pub(super) fn routes(&self) -> RouteView {
        route_view(self.dispatcher.routes(), 0)
    }
}

fn route_view(tree: &RouteTree, index: usize) -> RouteView {
    let route = tree.get(index);
    let options = &route.options;
    let duration = |delta: chrono::TimeDelta| format_duration_ms(delta.num_milliseconds());
    RouteView {
        receiver: options.receiver.clone(),
        matchers: route.matchers.iter().map(matcher_text).collect(),
        group_by: group_by(route),
        group_wait: duration(options.group_wait),
        group_interval: duration(options.group_interval),
        repeat_interval: duration(options.repeat_interval),
        r#continue: route.continues,
        routes: tree.children(index).iter().map(|child| route_view(tree, *child)).collect(),
    }
}
