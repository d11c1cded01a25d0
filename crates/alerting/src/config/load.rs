//! The file as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use yaml::{Document, Located};

use super::field::{Duration, given};
use super::global::Global;
use super::receiver::{RawReceiver, Receiver};
use super::route::{Route, WrittenInhibitRule};
use super::{Config, secret};
use crate::timeinterval::TimeInterval;

/// After which time an alert counts as resolved, unless the file says otherwise.
const RESOLVE_TIMEOUT_MS: i64 = 5 * 60_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "config.plain")]
struct RawConfig {
    global: Option<Located<Global>>,
    route: Option<Located<Route>>,
    #[serde(default)]
    inhibit_rules: Vec<WrittenInhibitRule>,
    #[serde(default)]
    receivers: Vec<Located<RawReceiver>>,
    #[serde(default)]
    templates: Vec<String>,
    #[serde(default)]
    mute_time_intervals: Vec<Located<NamedIntervals>>,
    #[serde(default)]
    time_intervals: Vec<Located<NamedIntervals>>,
    tracing: Option<serde::de::IgnoredAny>,
    event_recorder: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "config.plain")]
struct NamedIntervals {
    name: String,
    time_intervals: Vec<TimeInterval>,
}

/// Reads and completes the configuration.
pub(super) fn load(text: &str, directory: &Path) -> Result<Config, yaml::Error> {
    let document = Document::parse(text)?;
    let Some(raw) = document.read::<Option<RawConfig>>()? else {
        return Err("no route provided in config".into());
    };
    let default = Global::default();
    let global = match &raw.global {
        None => &default,
        Some(global) => {
            global.value.check().map_err(|message| global.error(message))?;
            &global.value
        }
    };
    let mut receivers = receivers(&raw.receivers, global)?;
    for receiver in &mut receivers {
        let webhooks = receiver.webhooks.iter_mut().map(|config| &mut config.http);
        let slacks = receiver.slacks.iter_mut().map(|config| &mut config.http);
        webhooks.chain(slacks).for_each(|http| http.resolve_paths(directory));
    }
    let Some(route) = raw.route else { return Err("no routes provided".into()) };
    check_root(&route.value).map_err(|message| route.error(message))?;
    let time_intervals = named_intervals(raw.mute_time_intervals, raw.time_intervals)?;
    let known = |name: &str| time_intervals.contains_key(name);
    check_names(&route.value, &receivers, known).map_err(|message| route.error(message))?;

    let mut problems = inactive_problems(&receivers);
    for (block, given) in
        [("tracing", raw.tracing.is_some()), ("event_recorder", raw.event_recorder.is_some())]
    {
        if given {
            problems.push(format!("{block} is parsed, but not active yet"));
        }
    }
    if let Some(position) = document.ignored() {
        problems.push(format!("{position}: only the first YAML document is read"));
    }
    let join = |pattern: String| directory.join(pattern).to_string_lossy().into_owned();
    Ok(Config {
        resolve_timeout_ms: global.resolve_timeout.map_or(RESOLVE_TIMEOUT_MS, |Duration(ms)| ms),
        route: route.value,
        inhibit_rules: raw.inhibit_rules.into_iter().map(|rule| rule.0).collect(),
        receivers,
        templates: raw.templates.into_iter().map(join).collect(),
        time_intervals,
        shown: document.masked(secret::is_secret),
        problems,
    })
}

fn receivers(raw: &[Located<RawReceiver>], global: &Global) -> Result<Vec<Receiver>, yaml::Error> {
    let mut names = BTreeSet::new();
    let complete = |receiver: &Located<RawReceiver>| {
        let completed = receiver.value.complete(global).map_err(|error| receiver.error(error))?;
        if !names.insert(completed.name.clone()) {
            let message = format!("notification config name {:?} is not unique", completed.name);
            return Err(receiver.error(message));
        }
        Ok(completed)
    };
    raw.iter().map(complete).collect()
}

/// The root takes every alert, always.
fn check_root(route: &Route) -> Result<(), &'static str> {
    if !given(&route.receiver) {
        return Err("root route must specify a default receiver");
    }
    if !route.matchers.is_empty() {
        return Err("root route must not have any matchers");
    }
    if !route.mute_time_intervals.is_empty() {
        return Err("root route must not have any mute time intervals");
    }
    if !route.active_time_intervals.is_empty() {
        return Err("root route must not have any active time intervals");
    }
    if route.continues {
        return Err("cannot have continue in root route");
    }
    Ok(())
}

/// All receivers and time intervals that routes name must exist.
fn check_names(
    root: &Route,
    receivers: &[Receiver],
    is_interval: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let mut problem = None;
    root.walk(&mut |route| {
        if let Some(name) = route.receiver.as_ref().filter(|name| !name.is_empty())
            && !receivers.iter().any(|receiver| receiver.name == *name)
        {
            problem.get_or_insert(format!("undefined receiver {name:?} used in route"));
        }
        let intervals = route.active_time_intervals.iter().chain(&route.mute_time_intervals);
        for name in intervals.filter(|name| !is_interval(name)) {
            problem.get_or_insert(format!("undefined time interval {name:?} used in route"));
        }
    });
    problem.map_or(Ok(()), Err)
}

fn named_intervals(
    mute: Vec<Located<NamedIntervals>>,
    other: Vec<Located<NamedIntervals>>,
) -> Result<BTreeMap<String, Vec<TimeInterval>>, yaml::Error> {
    let mut by_name = BTreeMap::new();
    let mute = mute.into_iter().map(|named| ("mute time interval", named));
    let other = other.into_iter().map(|named| ("time interval", named));
    for (what, Located { position, value: named }) in mute.chain(other) {
        let refuse = |message: String| yaml::Error::new(message).or_at(position);
        if named.name.is_empty() {
            return Err(refuse(format!("missing name in {what}")));
        }
        if by_name.contains_key(&named.name) {
            return Err(refuse(format!("{what} {:?} is not unique", named.name)));
        }
        by_name.insert(named.name, named.time_intervals);
    }
    Ok(by_name)
}

/// One sentence for each kind of notifier that does not exist yet.
fn inactive_problems(receivers: &[Receiver]) -> Vec<String> {
    let sentences = receivers.iter().flat_map(|receiver| {
        receiver.inactive.iter().map(|(kind, _)| {
            format!("receiver {:?}: {kind}_configs is parsed, but not active yet", receiver.name)
        })
    });
    sentences.collect()
}
