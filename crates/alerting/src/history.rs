//! What was sent to whom, when, why and with what result: the newest notifications.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::document::Change;
use crate::fingerprint::Fingerprint;

/// The kind of document records are.
pub(crate) const KIND: &str = "notification";

/// How many notifications are kept.
const RECORDS_MAX: usize = 1000;
/// How many attempts of each are.
const TRIES_MAX: usize = 10;
/// How much of a payload and of an answer is.
const PAYLOAD_BYTES_MAX: usize = 64 << 10;
const RESPONSE_BYTES_MAX: usize = 4 << 10;

/// A notification and how its delivery went.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct NotificationRecord {
    /// Its identifier; later ones are greater.
    pub id: String,
    /// When it was due, in milliseconds since the epoch.
    pub time_ms: i64,
    /// The group.
    pub group_key: String,
    /// Who was to be told.
    pub receiver: String,
    /// How: `webhook[0]`.
    pub integration: String,
    /// What the group's alerts have in common.
    pub group_labels: BTreeMap<String, String>,
    /// What was told of.
    pub alerts: Vec<NotifiedAlert>,
    /// Why it was sent.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u64,
    /// `sent` or `failed`.
    pub outcome: Outcome,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// The status of the last answer.
    pub status_code: Option<u16>,
    /// How long the last attempt took, in milliseconds.
    pub took_ms: u64,
    /// What was sent, without secrets.
    pub payload: Option<String>,
    /// What came back, without secrets.
    pub response: Option<String>,
    /// The last attempts.
    #[serde(default)]
    pub tries: VecDeque<Try>,
}

/// An alert in a notification.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct NotifiedAlert {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// `firing` or `resolved`.
    pub status: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// How a notification ended, or stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Somebody was told.
    Sent,
    /// Nobody was, or not yet.
    Failed,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Try {
    /// When, in milliseconds since the epoch.
    pub time_ms: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status of the answer.
    pub status_code: Option<u16>,
    /// Why it failed.
    pub error: Option<String>,
}

/// What an attempt showed.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptOutcome {
    pub(crate) time_ms: i64,
    pub(crate) took_ms: u64,
    pub(crate) status_code: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) payload: Option<String>,
    pub(crate) response: Option<String>,
}

impl NotificationRecord {
    /// Adds an attempt, from whose texts the secrets are removed.
    pub(crate) fn add(&mut self, attempt: AttemptOutcome, secrets: &[String]) {
        let clean =
            |text: Option<String>, limit| text.map(|text| cut(redact(text, secrets), limit));
        self.attempts += 1;
        self.outcome = if attempt.error.is_none() { Outcome::Sent } else { Outcome::Failed };
        self.error = clean(attempt.error, RESPONSE_BYTES_MAX);
        self.status_code = attempt.status_code;
        self.took_ms = attempt.took_ms;
        self.payload = clean(attempt.payload, PAYLOAD_BYTES_MAX).or(self.payload.take());
        self.response = clean(attempt.response, RESPONSE_BYTES_MAX);
        if self.tries.len() == TRIES_MAX {
            self.tries.pop_front();
        }
        let (status_code, error) = (attempt.status_code, self.error.clone());
        let (time_ms, took_ms) = (attempt.time_ms, attempt.took_ms);
        self.tries.push_back(Try { time_ms, took_ms, status_code, error });
    }
}

/// Shorter texts are no secrets, and removing them would leave nothing to read.
const SECRET_BYTES_MIN: usize = 4;

fn redact(text: String, secrets: &[String]) -> String {
    secrets
        .iter()
        .filter(|secret| secret.len() >= SECRET_BYTES_MIN)
        .fold(text, |text, secret| text.replace(secret.as_str(), "<secret>"))
}

fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Which notifications somebody wants to see.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NotificationQuery {
    /// How many; 100 when absent.
    pub limit: Option<usize>,
    /// Only older ones.
    pub before_ms: Option<i64>,
    /// Only those for this receiver.
    pub receiver: Option<String>,
    /// Only those that tell of this alert.
    pub fingerprint: Option<String>,
}

/// The newest notifications, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    records: VecDeque<NotificationRecord>,
}

impl History {
    pub(crate) fn new(mut kept: Vec<NotificationRecord>) -> Self {
        kept.sort_by(|a, b| a.id.cmp(&b.id));
        History { records: kept.into() }
    }

    /// Adds a notification or replaces what was known of it.
    pub(crate) fn record(&mut self, record: NotificationRecord) -> Vec<Change> {
        let mut changes = vec![Change::write(KIND, &record.id, &record)];
        match self.records.iter_mut().rev().find(|known| known.id == record.id) {
            Some(known) => *known = record,
            None => self.records.push_back(record),
        }
        while self.records.len() > RECORDS_MAX {
            let gone = self.records.pop_front();
            changes.extend(gone.map(|gone| Change::remove(KIND, &gone.id)));
        }
        changes
    }

    /// The newest that a query takes, the newest first.
    pub(crate) fn query(&self, query: &NotificationQuery) -> Vec<NotificationRecord> {
        let takes = |record: &&NotificationRecord| {
            query.before_ms.is_none_or(|before| record.time_ms < before)
                && query.receiver.as_ref().is_none_or(|receiver| *receiver == record.receiver)
                && query.fingerprint.as_ref().is_none_or(|wanted| {
                    record.alerts.iter().any(|alert| alert.fingerprint.to_string() == *wanted)
                })
        };
        let limit = query.limit.unwrap_or(100).min(RECORDS_MAX);
        self.records.iter().rev().filter(takes).take(limit).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
