//! The file as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::field::{Duration, Text, given};
use super::global::Global;
use super::receiver::RawReceiver;
use super::route::{Route, WrittenInhibitRule};
use super::{Config, redact};
use crate::timeinterval::TimeInterval;
use crate::yaml::{self, Place, YamlError};

/// After which time an alert counts as resolved, unless the file says otherwise.
const RESOLVE_TIMEOUT_MS: i64 = 5 * 60_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    global: Option<Spanned<Global>>,
    route: Option<Spanned<Route>>,
    inhibit_rules: Option<Vec<WrittenInhibitRule>>,
    receivers: Option<Vec<Spanned<RawReceiver>>>,
    templates: Option<Vec<String>>,
    mute_time_intervals: Option<Vec<Spanned<NamedIntervals>>>,
    time_intervals: Option<Vec<Spanned<NamedIntervals>>>,
    tracing: Option<serde::de::IgnoredAny>,
    event_recorder: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedIntervals {
    name: Text,
    time_intervals: Option<Vec<TimeInterval>>,
}

fn fail<T>(place: Place, message: impl Into<String>) -> Result<T, YamlError> {
    Err(YamlError { place, message: message.into() })
}

/// Reads and completes the configuration.
pub(super) fn load(text: &str, directory: &Path) -> Result<Config, YamlError> {
    let Some(raw) = yaml::parse::<Option<RawConfig>>(text)? else {
        return fail(Place::default(), "no route provided in config");
    };
    let default = Global::default();
    let global = raw.global.as_ref().map_or(&default, |global| &global.value);
    let place = raw.global.as_ref().map(Place::of).unwrap_or_default();
    global.check().or_else(|message| fail(place, message))?;

    let mut receivers = Vec::new();
    let mut names = BTreeSet::new();
    for receiver in raw.receivers.iter().flatten() {
        let place = Place::of(receiver);
        let name = receiver.value.name().map_err(|error| YamlError { place, ..error })?;
        if !names.insert(name.clone()) {
            return fail(place, format!("notification config name {name:?} is not unique"));
        }
        receivers.push(receiver.value.complete(place, global)?);
    }
    for receiver in &mut receivers {
        let webhooks = receiver.webhooks.iter_mut().map(|config| &mut config.http);
        let slacks = receiver.slacks.iter_mut().map(|config| &mut config.http);
        webhooks.chain(slacks).for_each(|http| http.resolve_paths(directory));
    }
    let Some(route) = raw.route else { return fail(Place::default(), "no routes provided") };
    let place = Place::of(&route);
    check_root(&route.value).or_else(|message| fail(place, message))?;
    let time_intervals = named_intervals(raw.mute_time_intervals, raw.time_intervals)?;
    let known = |name: &str| time_intervals.contains_key(name);
    check_names(&route.value, &names, known).or_else(|message| fail(place, message))?;

    let mut problems = inactive_problems(&receivers);
    for (block, given) in
        [("tracing", raw.tracing.is_some()), ("event_recorder", raw.event_recorder.is_some())]
    {
        if given {
            problems.push(format!("{block} is parsed, but not active yet"));
        }
    }
    let join = |pattern: String| directory.join(pattern).to_string_lossy().into_owned();
    let inhibit_rules = raw.inhibit_rules.into_iter().flatten().map(|rule| rule.0);
    Ok(Config {
        resolve_timeout_ms: global.resolve_timeout.map_or(RESOLVE_TIMEOUT_MS, |Duration(ms)| ms),
        route: route.value,
        inhibit_rules: inhibit_rules.collect(),
        receivers,
        templates: raw.templates.into_iter().flatten().map(join).collect(),
        time_intervals,
        shown: redact::redact(text),
        problems,
    })
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
    receivers: &BTreeSet<String>,
    is_interval: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let mut problem = None;
    root.walk(&mut |route| {
        if let Some(name) = route.receiver.as_ref().filter(|name| !name.is_empty())
            && !receivers.contains(name)
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
    mute: Option<Vec<Spanned<NamedIntervals>>>,
    other: Option<Vec<Spanned<NamedIntervals>>>,
) -> Result<BTreeMap<String, Vec<TimeInterval>>, YamlError> {
    let mut by_name = BTreeMap::new();
    let mute = mute.into_iter().flatten().map(|named| ("mute time interval", named));
    let other = other.into_iter().flatten().map(|named| ("time interval", named));
    for (what, named) in mute.chain(other) {
        let place = Place::of(&named);
        let Some(name) = named.value.name.filter(|name| !name.is_empty()) else {
            return fail(place, format!("missing name in {what}"));
        };
        let intervals = named.value.time_intervals.unwrap_or_default();
        if by_name.insert(name.clone(), intervals).is_some() {
            return fail(place, format!("{what} {name:?} is not unique"));
        }
    }
    Ok(by_name)
}

/// One sentence for each kind of notifier that does not exist yet.
fn inactive_problems(receivers: &[super::Receiver]) -> Vec<String> {
    let sentences = receivers.iter().flat_map(|receiver| {
        receiver.inactive.iter().map(|(kind, _)| {
            format!("receiver {:?}: {kind}_configs is parsed, but not active yet", receiver.name)
        })
    });
    sentences.collect()
}
