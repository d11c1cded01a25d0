//! The state machine: what becomes of alerts, and who is to be told when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;

use crate::alert::{Alert, AlertStore, PostableAlert};
use crate::config::Config;
use crate::dispatch::{Dispatcher, Flush, GroupId, RouteTree};
use crate::document::Change;
use crate::golang::zone::Zone;
use crate::inhibit::Inhibitor;
use crate::message::{Notification, Templates};
use crate::nflog::{GroupState, LogKey, NotificationLog, Reason, Told};
use crate::notify::{Integration, Kept, integrations};
use crate::silence::Silences;
use crate::timeinterval::TimeIntervals;
use crate::{Moment, Timestamp};

/// How often what is over is forgotten.
const GARBAGE_INTERVAL_MS: i64 = 5 * 60_000;
/// How many alerts there may be.
const ALERTS_MAX: usize = 200_000;
/// After a start, alerts that somebody was told of are believed to fire for at least this long:
/// their rules have to be evaluated before they can say so again.
const HOLD: TimeDelta = TimeDelta::minutes(5);

/// The configuration, ready to be used.
pub(crate) struct Setup {
    pub(crate) config: Config,
    pub(crate) templates: Templates,
    pub(crate) local_zone: Option<Zone>,
}

/// A notification to deliver.
#[derive(Clone)]
pub(super) struct Delivery {
    pub(super) id: u64,
    pub(super) integration: Arc<Integration>,
    pub(super) templates: Arc<Templates>,
    pub(super) notification: Notification,
    /// When it must have succeeded, in monotonic milliseconds.
    pub(super) deadline_ms: i64,
}

/// What is to be done now.
#[derive(Default)]
pub(super) struct Tick {
    pub(super) deliveries: Vec<Delivery>,
    pub(super) changes: Vec<Change>,
}

/// A delivery that has not come to an end.
struct InFlight {
    group: GroupId,
    key: LogKey,
    state: GroupState,
    /// All alerts of the notification, also those that are not told.
    alerts: Vec<Alert>,
    kept: Kept,
    repeat_interval: TimeDelta,
}

/// Figures that only grow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    pub(crate) received_firing: u64,
    pub(crate) received_resolved: u64,
    pub(crate) invalid: u64,
    pub(crate) refused: u64,
    /// Alerts that nobody was told of, by what kept them back.
    pub(crate) suppressed: BTreeMap<&'static str, u64>,
}

/// Everything there is.
pub(super) struct Core {
    pub(super) config: Config,
    pub(super) templates: Arc<Templates>,
    intervals: TimeIntervals,
    receivers: BTreeMap<String, Vec<Arc<Integration>>>,
    pub(super) alerts: AlertStore,
    pub(super) inhibitor: Inhibitor,
    pub(super) silences: Silences,
    log: NotificationLog,
    pub(super) dispatcher: Dispatcher,
    in_flight: BTreeMap<u64, InFlight>,
    /// How many deliveries of a group are under way, and whether one failed.
    outstanding: BTreeMap<GroupId, (usize, bool)>,
    next_delivery: u64,
    next_garbage_ms: i64,
    pub(super) counters: Counters,
}

impl Core {
    /// Starts with what was kept. Alerts that a receiver believes to fire are back at once.
    pub(super) fn new(setup: Setup, silences: Silences, log: NotificationLog, now: Moment) -> Self {
        let mut core = Core {
            dispatcher: Dispatcher::new(RouteTree::new(&setup.config.route)),
            config: setup.config,
            templates: Arc::new(setup.templates),
            intervals: TimeIntervals::default(),
            receivers: BTreeMap::new(),
            alerts: AlertStore::default(),
            inhibitor: Inhibitor::default(),
            silences,
            log,
            in_flight: BTreeMap::new(),
            outstanding: BTreeMap::new(),
            next_delivery: 0,
            next_garbage_ms: now.mono_ms + GARBAGE_INTERVAL_MS,
            counters: Counters::default(),
        };
        core.wire(setup.local_zone);
        let known: Vec<PostableAlert> = core.log.firing_alerts().cloned().collect();
        for posted in known {
            if let Ok(alert) = Alert::from_postable(&posted, now.wall, HOLD) {
                core.put(alert, now);
            }
        }
        core
    }

    /// Takes another configuration. Alerts, silences and the log stay; deliveries that are under
    /// way are no longer waited for.
    pub(super) fn configure(&mut self, setup: Setup, now: Moment) {
        self.dispatcher = Dispatcher::new(RouteTree::new(&setup.config.route));
        self.config = setup.config;
        self.templates = Arc::new(setup.templates);
        self.in_flight.clear();
        self.outstanding.clear();
        self.wire(setup.local_zone);
        for (_, alert) in self.alerts.iter() {
            self.dispatcher.insert(alert, now);
        }
    }

    fn wire(&mut self, local_zone: Option<Zone>) {
        self.intervals = TimeIntervals::new(self.config.time_intervals.clone(), local_zone);
        self.inhibitor = Inhibitor::new(self.config.inhibit_rules.clone(), &self.alerts);
        let receivers = self.config.receivers.iter().map(|receiver| {
            let integrations = integrations(receiver).into_iter().map(Arc::new).collect();
            (receiver.name.clone(), integrations)
        });
        self.receivers = receivers.collect();
    }

    /// Takes alerts in, from rules or from outside.
    pub(super) fn put_all(&mut self, alerts: Vec<Alert>, now: Moment) {
        for alert in alerts {
            if alert.is_resolved_at(now.wall) {
                self.counters.received_resolved += 1;
            } else {
                self.counters.received_firing += 1;
            }
            self.put(alert, now);
        }
    }

    fn put(&mut self, alert: Alert, now: Moment) {
        if self.alerts.len() >= ALERTS_MAX && self.alerts.get(alert.fingerprint()).is_none() {
            self.counters.refused += 1;
            tracing::error!(labels = %alert.labels, limit = ALERTS_MAX, "too many alerts");
            return;
        }
        let alert = self.alerts.put(alert, now.wall);
        self.inhibitor.put(&alert);
        self.dispatcher.insert(&alert, now);
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Moment) -> Tick {
        let mut tick = Tick::default();
        if self.next_garbage_ms <= now.mono_ms {
            self.next_garbage_ms = now.mono_ms + GARBAGE_INTERVAL_MS;
            self.collect_garbage(now.wall, &mut tick);
        }
        for id in self.dispatcher.due(now.mono_ms) {
            if let Some(flush) = self.dispatcher.flush(&id, now) {
                self.notify(&id, flush, now, &mut tick);
            }
        }
        tick
    }

    /// When something is due next, in monotonic milliseconds.
    pub(super) fn next_due(&self) -> i64 {
        self.dispatcher.next_due().map_or(self.next_garbage_ms, |due| due.min(self.next_garbage_ms))
    }

    fn collect_garbage(&mut self, now: Timestamp, tick: &mut Tick) {
        let groups = self.dispatcher.groups();
        let needed: BTreeSet<_> = groups
            .flat_map(|(_, _, group)| group.alerts().map(|alert| alert.fingerprint()))
            .collect();
        for alert in self.alerts.collect_garbage(now, |fingerprint| needed.contains(&fingerprint)) {
            self.inhibitor.remove(&alert);
        }
        tick.changes.extend(self.silences.collect_garbage(now));
        tick.changes.extend(self.log.collect_garbage(now));
    }

    /// One group: what is muted falls out, then each notifier of the receiver is asked whether it
    /// has to tell something new.
    fn notify(&mut self, id: &GroupId, flush: Flush, now: Moment, tick: &mut Tick) {
        let options = self.dispatcher.routes().get(id.0).options.clone();
        let Flush { key: group_key, alerts, deadline_ms } = flush;
        let route_labels = self.templates.route_labels(
            &options.labels,
            &options.receiver,
            &id.1,
            &alerts,
            now.wall,
        );
        let alerts = self.unmuted(id, alerts, now.wall);
        let state = GroupState::of(&alerts);
        let integrations = self.receivers.get(&options.receiver).cloned().unwrap_or_default();
        let mut outstanding = 0;
        for integration in integrations.into_iter().filter(|_| !alerts.is_empty()) {
            let key = LogKey {
                group_key: group_key.clone(),
                receiver: options.receiver.clone(),
                integration: integration.notifier.kind().to_owned(),
                index: integration.index,
            };
            let (resolved, repeat) =
                (integration.notifier.send_resolved(), options.repeat_interval);
            let Some(reason) = self.log.reason(&key, &state, resolved, repeat, now.wall) else {
                continue;
            };
            let first = reason == Reason::FirstNotification;
            let kept = if first { Kept::new() } else { self.log.kept(&key) };
            if !resolved && state.firing.is_empty() {
                let told = Told { state: &state, alerts: &alerts, kept, repeat_interval: repeat };
                tick.changes.push(self.log.told(&key, told, now.wall));
                continue;
            }
            let mut shown = alerts.clone();
            shown.retain(|alert| resolved || alert.ends_at.is_none());
            tick.deliveries.push(Delivery {
                id: self.next_delivery,
                integration,
                templates: Arc::clone(&self.templates),
                notification: Notification {
                    group_key: group_key.clone(),
                    group_labels: id.1.clone(),
                    route_labels: route_labels.clone(),
                    receiver: options.receiver.clone(),
                    alerts: shown,
                    reason,
                    now: now.wall,
                    kept: kept.clone(),
                },
                deadline_ms,
            });
            let (group, alerts, state) = (id.clone(), alerts.clone(), state.clone());
            let in_flight = InFlight { group, key, state, alerts, kept, repeat_interval: repeat };
            self.in_flight.insert(self.next_delivery, in_flight);
            self.next_delivery += 1;
            outstanding += 1;
        }
        if outstanding == 0 {
            self.dispatcher.finish(id, true);
        } else {
            self.outstanding.insert(id.clone(), (outstanding, false));
        }
    }

    /// The alerts that neither inhibition nor a time interval nor a silence keeps back.
    fn unmuted(&mut self, id: &GroupId, alerts: Vec<Alert>, now: Timestamp) -> Vec<Alert> {
        let options = &self.dispatcher.routes().get(id.0).options;
        let mut alerts = alerts;
        let mut suppressed = |reason, before: usize, after: usize| {
            if before > after {
                *self.counters.suppressed.entry(reason).or_default() += (before - after) as u64;
            }
        };
        let before = alerts.len();
        alerts.retain(|a| self.inhibitor.inhibiting(&a.labels, &self.alerts, now).is_none());
        suppressed("inhibition", before, alerts.len());

        let names = &options.active_time_intervals;
        let mut muted_by: Vec<String> = Vec::new();
        if !names.is_empty() && self.intervals.active(names, now).is_empty() {
            muted_by.clone_from(names);
            suppressed("active_time_interval", alerts.len(), 0);
        } else {
            let muting = self.intervals.active(&options.mute_time_intervals, now);
            if !muting.is_empty() {
                muted_by = muting.into_iter().map(str::to_owned).collect();
                suppressed("mute_time_interval", alerts.len(), 0);
            }
        }
        if !muted_by.is_empty() {
            alerts.clear();
        }
        let before = alerts.len();
        alerts.retain(|alert| self.silences.muting(&alert.labels, now).is_empty());
        suppressed("silence", before, alerts.len());
        if let Some(group) = self.dispatcher.get_mut(id) {
            group.muted_by = muted_by;
        }
        alerts
    }

    /// Takes note of how a delivery ended, and returns what is to be kept of it.
    pub(super) fn finished(
        &mut self,
        delivery: u64,
        result: Result<Kept, ()>,
        now: Timestamp,
    ) -> Vec<Change> {
        // Deliveries of an older configuration are known no more.
        let Some(ended) = self.in_flight.remove(&delivery) else { return Vec::new() };
        let mut changes = Vec::new();
        let success = result.is_ok();
        if let Ok(new) = result {
            let mut kept = ended.kept;
            kept.extend(new);
            let told = Told {
                state: &ended.state,
                alerts: &ended.alerts,
                kept,
                repeat_interval: ended.repeat_interval,
            };
            changes.push(self.log.told(&ended.key, told, now));
        }
        if let Some((outstanding, failed)) = self.outstanding.get_mut(&ended.group) {
            *outstanding -= 1;
            *failed |= !success;
            if *outstanding == 0 {
                let success = !*failed;
                self.outstanding.remove(&ended.group);
                self.dispatcher.finish(&ended.group, success);
            }
        }
        changes
    }
}
