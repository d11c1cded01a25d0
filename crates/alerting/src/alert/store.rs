//! All alerts there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Alert;
use crate::Timestamp;
use crate::fingerprint::Fingerprint;

/// Alerts by their fingerprints.
#[derive(Debug, Default)]
pub(crate) struct AlertStore {
    alerts: BTreeMap<Fingerprint, Arc<Alert>>,
}

impl AlertStore {
    /// Adds an alert, merged with what is known when their times overlap, and returns the result.
    pub(crate) fn put(&mut self, alert: Alert, now: Timestamp) -> Arc<Alert> {
        let fingerprint = alert.fingerprint();
        let merged = match self.alerts.get(&fingerprint) {
            Some(old) if overlaps(old, &alert) => old.merge(&alert, now),
            _ => alert,
        };
        let merged = Arc::new(merged);
        self.alerts.insert(fingerprint, Arc::clone(&merged));
        merged
    }

    pub(crate) fn get(&self, fingerprint: Fingerprint) -> Option<&Arc<Alert>> {
        self.alerts.get(&fingerprint)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Fingerprint, &Arc<Alert>)> {
        self.alerts.iter().map(|(fingerprint, alert)| (*fingerprint, alert))
    }

    pub(crate) fn len(&self) -> usize {
        self.alerts.len()
    }

    /// Forgets what is resolved, unless somebody still needs it, and returns it.
    pub(crate) fn collect_garbage(
        &mut self,
        now: Timestamp,
        is_needed: impl Fn(Fingerprint) -> bool,
    ) -> Vec<Arc<Alert>> {
        let mut gone = Vec::new();
        self.alerts.retain(|fingerprint, alert| {
            let keep = !alert.is_resolved_at(now) || is_needed(*fingerprint);
            if !keep {
                gone.push(Arc::clone(alert));
            }
            keep
        });
        gone
    }
}

fn overlaps(old: &Alert, new: &Alert) -> bool {
    let within =
        |instant: Option<Timestamp>| instant > Some(old.starts_at) && instant < old.ends_at;
    within(new.ends_at) || within(Some(new.starts_at))
}
