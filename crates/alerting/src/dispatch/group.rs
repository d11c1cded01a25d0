//! Alerts that are told of together.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use model::Labels;

use super::Route;
use crate::alert::{self, Alert};
use crate::fingerprint::{Fingerprint, label_set_text};
use crate::{Moment, Timestamp};

/// A notification may take at least this long.
const TIMEOUT_MIN: TimeDelta = TimeDelta::seconds(10);

/// Alerts of one route with the same group labels.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) key: String,
    alerts: BTreeMap<Fingerprint, Arc<Alert>>,
    /// When it is told of next, in monotonic milliseconds.
    next_flush_ms: i64,
    /// The alerts that are being told of as resolved, while they are.
    in_flight: Option<Vec<Arc<Alert>>>,
    /// The time intervals that muted the last notification.
    pub(crate) muted_by: Vec<String>,
}

/// A notification that begins.
#[derive(Debug)]
pub(crate) struct Flush {
    pub(crate) key: String,
    /// Sorted; only what is resolved has an end.
    pub(crate) alerts: Vec<Alert>,
    /// When it must have succeeded, in monotonic milliseconds.
    pub(crate) deadline_ms: i64,
}

impl Group {
    pub(super) fn new(route: &Route, labels: &Labels, now: Moment) -> Self {
        Group {
            key: format!("{}:{}", route.key, label_set_text(labels)),
            alerts: BTreeMap::new(),
            next_flush_ms: now.mono_ms.saturating_add(route.options.group_wait.num_milliseconds()),
            in_flight: None,
            muted_by: Vec::new(),
        }
    }

    pub(super) fn insert(&mut self, alert: &Arc<Alert>) {
        self.alerts.insert(alert.fingerprint(), Arc::clone(alert));
    }

    pub(super) fn flush_at(&mut self, mono_ms: i64) {
        self.next_flush_ms = mono_ms;
    }

    pub(super) fn next_due(&self) -> Option<i64> {
        self.in_flight.is_none().then_some(self.next_flush_ms)
    }

    pub(super) fn is_due(&self, mono_ms: i64) -> bool {
        self.next_due().is_some_and(|due| due <= mono_ms)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.alerts.is_empty()
    }

    pub(crate) fn alerts(&self) -> impl Iterator<Item = &Arc<Alert>> {
        self.alerts.values()
    }

    /// `None` when there is nothing to tell.
    pub(super) fn flush(&mut self, route: &Route, now: Moment) -> Option<Flush> {
        let interval = route.options.group_interval;
        self.next_flush_ms = now.mono_ms.saturating_add(interval.num_milliseconds());
        if self.alerts.is_empty() {
            return None;
        }
        let is_resolved = |alert: &&Arc<Alert>| alert.is_resolved_at(now.wall);
        self.in_flight = Some(self.alerts.values().filter(is_resolved).cloned().collect());
        let mut alerts: Vec<Alert> =
            self.alerts.values().map(|alert| snapshot(alert, now.wall)).collect();
        alerts.sort_by(alert::order);
        let timeout = interval.max(TIMEOUT_MIN).num_milliseconds();
        Some(Flush {
            key: self.key.clone(),
            alerts,
            deadline_ms: now.mono_ms.saturating_add(timeout),
        })
    }

    pub(super) fn finish(&mut self, success: bool) {
        let Some(told) = self.in_flight.take().filter(|_| success) else { return };
        for alert in told {
            let fingerprint = alert.fingerprint();
            // What fired again in the meantime stays.
            if self.alerts.get(&fingerprint).is_some_and(|a| a.updated_at == alert.updated_at) {
                self.alerts.remove(&fingerprint);
            }
        }
    }
}

/// The alert as it is told of: it must not become resolved while the notification takes its time.
fn snapshot(alert: &Alert, now: Timestamp) -> Alert {
    let ends_at = alert.ends_at.filter(|_| alert.is_resolved_at(now));
    Alert { ends_at, ..alert.clone() }
}
