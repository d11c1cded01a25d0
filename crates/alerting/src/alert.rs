//! Alerts as they come from rules and from outside.

mod store;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::Labels;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::fingerprint::Fingerprint;

pub(crate) use store::AlertStore;

/// What describes an alert without identifying it.
pub type Annotations = BTreeMap<String, String>;

/// One condition that holds or held.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alert {
    /// What identifies it.
    pub(crate) labels: Labels,
    /// What describes it.
    pub(crate) annotations: Annotations,
    /// Since when the condition holds.
    pub(crate) starts_at: Timestamp,
    /// From when on it counts as resolved, when that is known.
    pub(crate) ends_at: Option<Timestamp>,
    /// When it was heard of last.
    pub(crate) updated_at: Timestamp,
    /// Where to look at what caused it.
    pub(crate) generator_url: String,
    /// Whether `ends_at` only says when patience ends, because the sender did not say.
    pub(crate) timeout: bool,
}

/// An alert as `POST /api/v2/alerts` takes it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PostableAlert {
    /// What identifies the alert.
    pub labels: BTreeMap<String, String>,
    /// What describes it.
    #[serde(default)]
    pub annotations: Annotations,
    /// Since when; now, when absent.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Until when; after the resolve timeout, when absent.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Where to look at what caused it.
    #[serde(default, rename = "generatorURL")]
    pub generator_url: String,
}

impl Alert {
    /// Completes an alert from outside.
    ///
    /// # Errors
    /// When it has no labels, a nameless one, or ends before it starts.
    pub(crate) fn from_postable(
        posted: &PostableAlert,
        now: Timestamp,
        resolve_timeout: chrono::TimeDelta,
    ) -> Result<Self, String> {
        let zero = crate::golang::time::zero();
        let given = |instant: Option<Timestamp>| instant.filter(|instant| *instant != zero);
        let (starts, ends) = (given(posted.starts_at), given(posted.ends_at));
        let starts_at = starts.or(ends).unwrap_or(now);
        let timeout = ends.is_none();
        let ends_at = ends.or_else(|| now.checked_add_signed(resolve_timeout));
        if ends_at.is_some_and(|ends| ends < starts_at) {
            return Err("start time must be before end time".to_owned());
        }
        for (what, names) in
            [("label set", posted.labels.keys()), ("annotations", posted.annotations.keys())]
        {
            if names.into_iter().any(String::is_empty) {
                return Err(format!("invalid {what}: invalid name \"\""));
            }
        }
        let labels = Labels::from_pairs(&posted.labels);
        if labels.is_empty() {
            return Err("at least one label pair required".to_owned());
        }
        Ok(Alert {
            labels,
            annotations: posted.annotations.clone(),
            starts_at,
            ends_at,
            updated_at: now,
            generator_url: posted.generator_url.clone(),
            timeout,
        })
    }

    /// What identifies it.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.labels)
    }

    /// Whether the condition no longer held at an instant.
    pub(crate) fn is_resolved_at(&self, instant: Timestamp) -> bool {
        self.ends_at.is_some_and(|ends| ends <= instant)
    }

    /// What is known when both were heard of: the earliest start, the latest of all else.
    #[must_use]
    pub(crate) fn merge(&self, other: &Alert, now: Timestamp) -> Alert {
        if other.updated_at < self.updated_at {
            return other.merge(self, now);
        }
        let mut merged = other.clone();
        merged.starts_at = self.starts_at.min(other.starts_at);
        let later_end = self.ends_at > other.ends_at;
        let keeps_end = if other.is_resolved_at(now) {
            self.is_resolved_at(now) && later_end
        } else {
            later_end && !self.timeout
        };
        if keeps_end {
            merged.ends_at = self.ends_at;
        }
        merged
    }
}

/// The order of alerts in notifications: by `job`, by `instance`, then by all labels.
pub(crate) fn order(a: &Alert, b: &Alert) -> Ordering {
    for name in ["job", "instance"] {
        let by_name = match (a.labels.get(name), b.labels.get(name)) {
            (Some(a), Some(b)) => a.cmp(b),
            // Alerts without the label come last.
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        if by_name != Ordering::Equal {
            return by_name;
        }
    }
    label_order(&a.labels, &b.labels)
}

/// Smaller sets come first, then names decide before values, pair by pair.
pub(crate) fn label_order(a: &Labels, b: &Labels) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| {
        // Of two sets, the one that lacks the first differing name comes first.
        let mut pairs = a.iter().zip(b.iter());
        let different = pairs.find_map(|((a_name, a_value), (b_name, b_value))| {
            let by_pair = b_name.cmp(a_name).then(a_value.cmp(b_value));
            (by_pair != Ordering::Equal).then_some(by_pair)
        });
        different.unwrap_or(Ordering::Equal)
    })
}

#[cfg(test)]
mod tests;
