//! The notification log: what each receiver knows of each group, so that it hears of news once and
//! of the end of everything it heard of, also across restarts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::alert::{Alert, PostableAlert};
use crate::document::Change;
use crate::fingerprint::Fingerprint;
use crate::notify::Kept;

/// The kind of document entries are.
pub(crate) const KIND: &str = "notification_log";

/// How long entries are kept at most.
const RETENTION: TimeDelta = TimeDelta::hours(120);

/// Why a notification is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The receiver knows of nothing that fires in the group.
    FirstNotification,
    /// Alerts fire that did not before.
    NewAlerts,
    /// Some of several alerts are resolved.
    SomeResolved,
    /// Nothing fires any more.
    AllResolved,
    /// Nothing is new, but the last notification was long ago.
    Repeat,
}

impl fmt::Display for Reason {
    /// The words of Alertmanager's payloads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::FirstNotification => "first notification",
            Reason::NewAlerts => "new alerts added",
            Reason::SomeResolved => "some alerts resolved",
            Reason::AllResolved => "all alerts resolved",
            Reason::Repeat => "repeat interval elapsed",
        })
    }
}

/// Who was notified of which group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(crate) struct LogKey {
    pub(crate) group_key: String,
    pub(crate) receiver: String,
    /// The kind of notifier and its position among those of its kind.
    pub(crate) integration: String,
    pub(crate) index: usize,
}

impl LogKey {
    /// The name of its document.
    fn id(&self) -> String {
        let LogKey { group_key, receiver, integration, index } = self;
        format!("{group_key}:{receiver}/{integration}/{index}")
    }
}

/// What a receiver was told last.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    #[serde(flatten)]
    pub(crate) key: LogKey,
    at: Timestamp,
    expires_at: Timestamp,
    firing: BTreeSet<Fingerprint>,
    resolved: BTreeSet<Fingerprint>,
    /// The firing alerts themselves: after a restart nobody else knows that they are to be resolved.
    #[serde(default)]
    alerts: Vec<PostableAlert>,
    /// What the notifier wants to remember.
    #[serde(default)]
    kept: Kept,
}

/// A receiver was told of a group.
#[derive(Clone, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) state: &'a GroupState,
    /// The alerts it was told of.
    pub(crate) alerts: &'a [Alert],
    pub(crate) kept: Kept,
    pub(crate) repeat_interval: TimeDelta,
}

/// The state of a group at the moment of a notification.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupState {
    pub(crate) firing: BTreeSet<Fingerprint>,
    pub(crate) resolved: BTreeSet<Fingerprint>,
}

impl GroupState {
    /// Of alerts whose end is only known when it has passed.
    pub(crate) fn of<'a>(alerts: impl IntoIterator<Item = &'a Alert>) -> Self {
        let mut state = GroupState::default();
        for alert in alerts {
            let set = if alert.ends_at.is_some() { &mut state.resolved } else { &mut state.firing };
            set.insert(alert.fingerprint());
        }
        state
    }
}

/// What all receivers were told.
#[derive(Debug, Default)]
pub(crate) struct NotificationLog {
    entries: BTreeMap<LogKey, Entry>,
}

impl NotificationLog {
    pub(crate) fn new(kept: Vec<Entry>) -> Self {
        let entries = kept.into_iter().map(|entry| (entry.key.clone(), entry));
        NotificationLog { entries: entries.collect() }
    }

    /// Whether a receiver is to be told, and why.
    pub(crate) fn reason(
        &mut self,
        key: &LogKey,
        state: &GroupState,
        send_resolved: bool,
        repeat_interval: TimeDelta,
        now: Timestamp,
    ) -> Option<Reason> {
        let Some(entry) = self.entries.get_mut(key) else {
            return (!state.firing.is_empty()).then_some(Reason::FirstNotification);
        };
        // After the clock was set back, an entry from the future would silence the repetition.
        entry.at = entry.at.min(now);
        if !state.firing.is_subset(&entry.firing) {
            let first = entry.firing.is_empty();
            return Some(if first { Reason::FirstNotification } else { Reason::NewAlerts });
        }
        if state.firing.is_empty() {
            // Also where resolved alerts are not sent: the log must forget that something fired.
            return (!entry.firing.is_empty()).then_some(Reason::AllResolved);
        }
        if send_resolved && !state.resolved.is_subset(&entry.resolved) {
            return Some(Reason::SomeResolved);
        }
        let elapsed = now.signed_duration_since(entry.at) > repeat_interval;
        elapsed.then_some(Reason::Repeat)
    }

    /// What the notifier remembers of the last notification.
    pub(crate) fn kept(&self, key: &LogKey) -> Kept {
        self.entries.get(key).map(|entry| entry.kept.clone()).unwrap_or_default()
    }

    /// Notes that a receiver was told.
    pub(crate) fn told(&mut self, key: &LogKey, told: Told<'_>, now: Timestamp) -> Change {
        let kept_for = told.repeat_interval.checked_mul(2).filter(|kept| *kept < RETENTION);
        let firing = told.alerts.iter().filter(|alert| alert.ends_at.is_none());
        let entry = Entry {
            key: key.clone(),
            at: now,
            expires_at: now.checked_add_signed(kept_for.unwrap_or(RETENTION)).unwrap_or(now),
            firing: told.state.firing.clone(),
            resolved: told.state.resolved.clone(),
            alerts: firing.map(postable).collect(),
            kept: told.kept,
        };
        let change = Change::write(KIND, &key.id(), &entry);
        self.entries.insert(key.clone(), entry);
        change
    }

    /// The alerts that some receiver believes to fire.
    pub(crate) fn firing_alerts(&self) -> impl Iterator<Item = &PostableAlert> {
        self.entries.values().flat_map(|entry| &entry.alerts)
    }

    pub(crate) fn collect_garbage(&mut self, now: Timestamp) -> Vec<Change> {
        let mut gone = Vec::new();
        self.entries.retain(|key, entry| {
            let keep = entry.expires_at > now;
            if !keep {
                gone.push(Change::remove(KIND, &key.id()));
            }
            keep
        });
        gone
    }
}

fn postable(alert: &Alert) -> PostableAlert {
    PostableAlert {
        labels: alert.labels.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        annotations: alert.annotations.clone(),
        starts_at: Some(alert.starts_at),
        ends_at: None,
        generator_url: alert.generator_url.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap()
    }

    fn set(numbers: &[u64]) -> BTreeSet<Fingerprint> {
        numbers.iter().copied().map(Fingerprint).collect()
    }

    fn key() -> LogKey {
        let (group_key, receiver) = ("{}:{}".to_owned(), "r".to_owned());
        LogKey { group_key, receiver, integration: "webhook".to_owned(), index: 0 }
    }

    fn told<'a>(state: &'a GroupState, alerts: &'a [Alert]) -> Told<'a> {
        let repeat_interval = TimeDelta::seconds(100);
        Told { state, alerts, kept: Kept::new(), repeat_interval }
    }

    #[test]
    fn reasons() {
        type Known<'a> = Option<(i64, &'a [u64], &'a [u64])>;
        let check =
            |known: Known<'_>, firing: &[u64], resolved: &[u64], send_resolved, expected| {
                let mut log = NotificationLog::default();
                if let Some((seconds, firing, resolved)) = known {
                    let state = GroupState { firing: set(firing), resolved: set(resolved) };
                    log.told(&key(), told(&state, &[]), at(seconds));
                }
                let state = GroupState { firing: set(firing), resolved: set(resolved) };
                let reason =
                    log.reason(&key(), &state, send_resolved, TimeDelta::seconds(100), at(1000));
                assert_eq!(reason, expected, "{known:?} {firing:?} {resolved:?}");
            };
        check(None, &[1], &[], true, Some(Reason::FirstNotification));
        check(None, &[], &[1], true, None);
        check(Some((990, &[1], &[])), &[1, 2], &[], true, Some(Reason::NewAlerts));
        check(Some((990, &[], &[1])), &[1], &[], true, Some(Reason::FirstNotification));
        check(Some((990, &[1, 2], &[])), &[1], &[2], true, Some(Reason::SomeResolved));
        check(Some((990, &[1, 2], &[])), &[1], &[2], false, None);
        check(Some((990, &[1], &[2])), &[1], &[2], true, None);
        check(Some((990, &[1], &[])), &[], &[1], true, Some(Reason::AllResolved));
        check(Some((990, &[1], &[])), &[], &[1], false, Some(Reason::AllResolved));
        check(Some((990, &[], &[1])), &[], &[1], true, None);
        check(Some((990, &[], &[1])), &[], &[1, 2], true, None);
        check(Some((900, &[1], &[])), &[1], &[], true, None);
        check(Some((899, &[1], &[])), &[1], &[], true, Some(Reason::Repeat));
    }

    #[test]
    fn a_clock_that_was_set_back_delays_one_repetition_at_most() {
        let mut log = NotificationLog::default();
        let state = GroupState { firing: set(&[1]), resolved: set(&[]) };
        let repeat = TimeDelta::seconds(100);
        log.told(&key(), told(&state, &[]), at(100_000));
        assert_eq!(log.reason(&key(), &state, true, repeat, at(50)), None);
        assert_eq!(log.reason(&key(), &state, true, repeat, at(151)), Some(Reason::Repeat));
    }

    #[test]
    fn kept_and_forgotten() {
        let mut log = NotificationLog::default();
        let alert = Alert {
            labels: model::Labels::from_pairs([("alertname", "A")]),
            annotations: [("why".to_owned(), "because".to_owned())].into(),
            starts_at: at(1),
            ends_at: None,
            updated_at: at(2),
            generator_url: "http://g".to_owned(),
            timeout: false,
        };
        let state = GroupState::of([&alert]);
        let mut told = told(&state, std::slice::from_ref(&alert));
        told.kept.insert("ts".to_owned(), "1".to_owned());
        let change = log.told(&key(), told, at(0));
        assert_eq!((change.kind, change.id.as_str()), (KIND, "{}:{}:r/webhook/0"));
        let entry: Entry = serde_json::from_str(&change.body.unwrap()).unwrap();
        let mut log = NotificationLog::new(vec![entry]);
        assert_eq!(log.kept(&key())["ts"], "1");
        let alerts: Vec<_> = log.firing_alerts().collect();
        assert_eq!((alerts.len(), alerts[0].annotations["why"].as_str()), (1, "because"));
        assert!(log.collect_garbage(at(199)).is_empty());
        assert_eq!(log.collect_garbage(at(200)), [Change::remove(KIND, "{}:{}:r/webhook/0")]);
        assert_eq!(log.firing_alerts().count(), 0);
    }
}
