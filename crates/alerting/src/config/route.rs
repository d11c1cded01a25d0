//! Routes and inhibition rules as they are written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::field::{Duration, Text, old_matchers};
use crate::inhibit::InhibitRule;
use crate::matcher::Matchers;

/// What alerts are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupBy {
    /// All their labels: `['...']`.
    All,
    /// These labels.
    Labels(Vec<String>),
}

/// A node of the route tree; what is absent is inherited.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawRoute")]
pub(crate) struct Route {
    pub(crate) receiver: Text,
    pub(crate) group_by: Option<GroupBy>,
    pub(crate) matchers: Matchers,
    pub(crate) mute_time_intervals: Vec<String>,
    pub(crate) active_time_intervals: Vec<String>,
    pub(crate) continues: bool,
    pub(crate) routes: Vec<Route>,
    pub(crate) group_wait_ms: Option<i64>,
    pub(crate) group_interval_ms: Option<i64>,
    pub(crate) repeat_interval_ms: Option<i64>,
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
struct RawRoute {
    receiver: Text,
    group_by: Option<Vec<String>>,
    r#match: Option<BTreeMap<String, Text>>,
    match_re: Option<BTreeMap<String, Text>>,
    matchers: Option<Vec<String>>,
    mute_time_intervals: Option<Vec<String>>,
    active_time_intervals: Option<Vec<String>>,
    r#continue: Option<bool>,
    routes: Option<Vec<Route>>,
    group_wait: Option<Duration>,
    group_interval: Option<Duration>,
    repeat_interval: Option<Duration>,
    labels: Option<BTreeMap<String, Text>>,
}

/// The older and the newer way to write matchers together.
fn all_matchers(
    texts: &Option<BTreeMap<String, Text>>,
    patterns: &Option<BTreeMap<String, Text>>,
    lines: &Option<Vec<String>>,
) -> Result<Matchers, String> {
    let mut matchers = old_matchers(texts, patterns)?;
    for line in lines.iter().flatten() {
        let parsed = Matchers::parse(line).map_err(|error| error.to_string())?;
        matchers.extend(parsed.iter().cloned());
    }
    Ok(Matchers::new(matchers))
}

fn group_by(names: Vec<String>) -> Result<GroupBy, String> {
    let (all, labels): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name == "...");
    if labels.iter().any(String::is_empty) {
        return Err("invalid label name \"\" in group_by list".to_owned());
    }
    if !all.is_empty() && !labels.is_empty() {
        let text = "cannot have wildcard group_by (`...`) and other labels at the same time";
        return Err(text.to_owned());
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = labels.iter().find(|label| !seen.insert(*label)) {
        return Err(format!("duplicated label {twice:?} in group_by"));
    }
    Ok(if all.is_empty() { GroupBy::Labels(labels) } else { GroupBy::All })
}

impl TryFrom<RawRoute> for Route {
    type Error = String;

    fn try_from(raw: RawRoute) -> Result<Self, String> {
        if raw.labels.iter().flatten().any(|(name, _)| name.is_empty()) {
            return Err("invalid label name \"\" in route labels".to_owned());
        }
        for (name, given) in
            [("group_interval", raw.group_interval), ("repeat_interval", raw.repeat_interval)]
        {
            if given == Some(Duration(0)) {
                return Err(format!("{name} cannot be zero"));
            }
        }
        let ms = |given: Option<Duration>| given.map(|Duration(ms)| ms);
        let labels = raw.labels.into_iter().flatten();
        Ok(Route {
            matchers: all_matchers(&raw.r#match, &raw.match_re, &raw.matchers)?,
            receiver: raw.receiver,
            group_by: raw.group_by.map(group_by).transpose()?,
            mute_time_intervals: raw.mute_time_intervals.unwrap_or_default(),
            active_time_intervals: raw.active_time_intervals.unwrap_or_default(),
            continues: raw.r#continue.unwrap_or(false),
            routes: raw.routes.unwrap_or_default(),
            group_wait_ms: ms(raw.group_wait),
            group_interval_ms: ms(raw.group_interval),
            repeat_interval_ms: ms(raw.repeat_interval),
            labels: labels.map(|(name, value)| (name, value.unwrap_or_default())).collect(),
        })
    }
}

impl Route {
    /// The route and all below it.
    pub(super) fn walk(&self, visit: &mut impl FnMut(&Route)) {
        visit(self);
        for route in &self.routes {
            route.walk(visit);
        }
    }
}

/// An inhibition rule as it is written.
#[derive(Deserialize)]
#[serde(try_from = "RawInhibitRule")]
pub(super) struct WrittenInhibitRule(pub(super) InhibitRule);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
#[allow(dead_code, reason = "names are for people")]
struct RawInhibitRule {
    name: Text,
    source_match: Option<BTreeMap<String, Text>>,
    source_match_re: Option<BTreeMap<String, Text>>,
    source_matchers: Option<Vec<String>>,
    target_match: Option<BTreeMap<String, Text>>,
    target_match_re: Option<BTreeMap<String, Text>>,
    target_matchers: Option<Vec<String>>,
    equal: Option<Vec<String>>,
}

impl TryFrom<RawInhibitRule> for WrittenInhibitRule {
    type Error = String;

    fn try_from(raw: RawInhibitRule) -> Result<Self, String> {
        let equal = raw.equal.unwrap_or_default();
        if equal.iter().any(String::is_empty) {
            return Err("invalid label name \"\" in equal list".to_owned());
        }
        Ok(WrittenInhibitRule(InhibitRule {
            source: all_matchers(&raw.source_match, &raw.source_match_re, &raw.source_matchers)?,
            target: all_matchers(&raw.target_match, &raw.target_match_re, &raw.target_matchers)?,
            equal,
        }))
    }
}
