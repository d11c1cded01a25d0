//! The data that templates and payloads show.

use std::collections::BTreeMap;

use model::Labels;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::Notification;
use crate::alert::Alert;
use crate::golang::time::Time;
use crate::template::arguments::{text, texts};
use crate::template::{Field, Object, Value};

/// The dot of all templates of notifications.
#[derive(Clone, Debug)]
pub(crate) struct Data(Vec<(&'static str, &'static str, Value)>);

impl Data {
    /// What is known of a notification.
    pub(crate) fn of(notification: &Notification, alerts: &[Alert], external_url: &str) -> Self {
        Data::new(
            &notification.receiver,
            &notification.reason.to_string(),
            &notification.group_labels,
            &notification.route_labels,
            alerts,
            external_url,
        )
    }

    pub(super) fn new(
        receiver: &str,
        reason: &str,
        group_labels: &Labels,
        route_labels: &BTreeMap<String, String>,
        alerts: &[Alert],
        external_url: &str,
    ) -> Self {
        let status = status(alerts.iter().any(|alert| alert.ends_at.is_none()));
        let shown = alerts
            .iter()
            .map(|alert| (alert.ends_at.is_none(), Value::object(AlertObject::new(alert))));
        let common_labels = common(alerts, |alert| pairs(&alert.labels));
        let common_annotations = common(alerts, |alert| alert.annotations.clone());
        Data(vec![
            ("Receiver", "receiver", Value::text(quote_meta(receiver))),
            ("Status", "status", Value::text(status)),
            ("Alerts", "alerts", Value::object(Alerts(shown.collect()))),
            ("NotificationReason", "notification_reason", Value::text(reason)),
            ("GroupLabels", "groupLabels", kv(pairs(group_labels))),
            ("CommonLabels", "commonLabels", kv(common_labels)),
            ("CommonAnnotations", "commonAnnotations", kv(common_annotations)),
            ("RouteLabels", "routeLabels", kv(route_labels.clone())),
            ("ExternalURL", "externalURL", Value::text(external_url)),
        ])
    }
}

impl Object for Data {
    fn type_name(&self) -> &'static str {
        "*template.Data"
    }

    fn fields(&self) -> Vec<Field> {
        let fields = self.0.iter().cloned();
        fields.map(|(name, json, value)| Field { name, json, value }).collect()
    }
}

impl Data {
    /// Adds the fields to a JSON object, in order.
    pub(crate) fn serialize_fields<M: serde::ser::SerializeMap>(
        &self,
        map: &mut M,
    ) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(_, json, value)| map.serialize_entry(json, value))
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.serialize_fields(&mut map)?;
        map.end()
    }
}

fn status(firing: bool) -> &'static str {
    if firing { "firing" } else { "resolved" }
}

fn pairs(labels: &Labels) -> BTreeMap<String, String> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What all alerts have in common.
fn common(
    alerts: &[Alert],
    of: impl Fn(&Alert) -> BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut all = alerts.iter().map(of);
    let mut common = all.next().unwrap_or_default();
    for other in all {
        common.retain(|name, value| other.get(name).map_or(value.is_empty(), |v| v == value));
    }
    common
}

/// The text with what means something in a regular expression escaped, as links need it.
fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One alert.
#[derive(Clone, Debug)]
struct AlertObject(Vec<(&'static str, &'static str, Value)>);

impl AlertObject {
    fn new(alert: &Alert) -> Self {
        let ends_at = alert.ends_at.map_or_else(Time::zero, Time::utc);
        AlertObject(vec![
            ("Status", "status", Value::text(status(alert.ends_at.is_none()))),
            ("Labels", "labels", kv(pairs(&alert.labels))),
            ("Annotations", "annotations", kv(alert.annotations.clone())),
            ("StartsAt", "startsAt", Value::time(Time::utc(alert.starts_at))),
            ("EndsAt", "endsAt", Value::time(ends_at)),
            ("GeneratorURL", "generatorURL", Value::text(&alert.generator_url)),
            ("Fingerprint", "fingerprint", Value::text(alert.fingerprint().to_string())),
        ])
    }
}

impl Object for AlertObject {
    fn type_name(&self) -> &'static str {
        "template.Alert"
    }

    fn fields(&self) -> Vec<Field> {
        let fields = self.0.iter().cloned();
        fields.map(|(name, json, value)| Field { name, json, value }).collect()
    }
}

/// Alerts, and whether each fires.
#[derive(Clone, Debug)]
struct Alerts(Vec<(bool, Value)>);

impl Alerts {
    fn that(&self, firing: bool) -> Value {
        let wanted = self.0.iter().filter(|(is_firing, _)| *is_firing == firing);
        Value::list(wanted.map(|(_, alert)| alert.clone()))
    }
}

impl Object for Alerts {
    fn type_name(&self) -> &'static str {
        "template.Alerts"
    }

    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match (name, arguments) {
            ("Firing", []) => Some(Ok(self.that(true))),
            ("Resolved", []) => Some(Ok(self.that(false))),
            _ => None,
        }
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::list(self.0.iter().map(|(_, alert)| alert.clone())))
    }
}

/// Names and texts.
#[derive(Clone, Debug)]
struct Kv(BTreeMap<String, String>);

fn kv(pairs: BTreeMap<String, String>) -> Value {
    Value::object(Kv(pairs))
}

impl Kv {
    /// The pairs by name, but the alert's name first.
    fn sorted(&self) -> Vec<(String, String)> {
        let (first, rest): (Vec<_>, Vec<_>) =
            self.0.clone().into_iter().partition(|(name, _)| name == "alertname");
        first.into_iter().chain(rest).collect()
    }
}

impl Object for Kv {
    fn type_name(&self) -> &'static str {
        "template.KV"
    }

    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let pairs = || Pairs(self.sorted());
        match (name, arguments.len()) {
            ("SortedPairs", 0) => Some(Ok(Value::object(pairs()))),
            ("Names" | "Values" | "String", 0) => pairs().method(name, arguments),
            ("Remove", 1) => Some(texts(arguments, 0).map(|names| {
                let kept = self.0.clone().into_iter().filter(|(name, _)| !names.contains(name));
                kv(kept.collect())
            })),
            ("SortedPairs" | "Names" | "Values" | "String" | "Remove", got) => {
                Some(Err(format!("wrong number of args for {name}: got {got}")))
            }
            _ => None,
        }
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::text_map(&self.0))
    }

    fn display(&self) -> Option<String> {
        Pairs(self.sorted()).display()
    }
}

/// Names and texts in order.
#[derive(Clone, Debug)]
struct Pairs(Vec<(String, String)>);

impl Object for Pairs {
    fn type_name(&self) -> &'static str {
        "template.Pairs"
    }

    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let names = self.0.iter().map(|(name, _)| name);
        let values = self.0.iter().map(|(_, value)| value);
        match (name, arguments) {
            ("Names", []) => Some(Ok(Value::object(Strings(names.cloned().collect())))),
            ("Values", []) => Some(Ok(Value::object(Strings(values.cloned().collect())))),
            ("String", []) => Some(Ok(Value::text(self.display().unwrap_or_default()))),
            _ => None,
        }
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::list(
            self.0
                .iter()
                .map(|(name, value)| Value::object(Pair(Value::text(name), Value::text(value)))),
        ))
    }

    fn display(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join(", "))
    }
}

/// A name and a text.
#[derive(Clone, Debug)]
struct Pair(Value, Value);

impl Object for Pair {
    fn type_name(&self) -> &'static str {
        "template.Pair"
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field { name: "Name", json: "Name", value: self.0.clone() },
            Field { name: "Value", json: "Value", value: self.1.clone() },
        ]
    }
}

/// A list of texts.
#[derive(Clone, Debug)]
struct Strings(Vec<String>);

impl Object for Strings {
    fn type_name(&self) -> &'static str {
        "template.Strings"
    }

    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        (name == "Join").then(|| Ok(Value::text(self.0.join(text(arguments, 0)?))))
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::texts(&self.0))
    }
}
