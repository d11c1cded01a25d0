//! Silences: who does not want to hear of which alerts until when.

mod view;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use model::{Labels, MatchOp, Matcher};
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::document::Change;
use crate::matcher::Matchers;

pub use view::{GettableSilence, PostableSilence, SilenceMatcher, SilenceState, SilenceStatus};

/// The kind of document silences are.
pub(crate) const KIND: &str = "silence";

/// Why a silence was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// There is none of that name.
    #[error("silence not found")]
    NotFound,
    /// It cannot be as asked.
    #[error("{0}")]
    Invalid(String),
    /// It could not be written: try again later.
    #[error("{0}")]
    Storage(String),
}

/// A silence as it is kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Silence {
    pub(crate) id: String,
    matchers: Vec<SilenceMatcher>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    updated_at: Timestamp,
    created_by: String,
    comment: String,
    annotations: BTreeMap<String, String>,
}

/// How many silences there may be, how large, and how long expired ones are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SilenceLimits {
    pub(crate) count: usize,
    pub(crate) bytes: usize,
    pub(crate) retention: TimeDelta,
}

impl Default for SilenceLimits {
    fn default() -> Self {
        SilenceLimits { count: 10_000, bytes: 64 << 10, retention: TimeDelta::hours(120) }
    }
}

/// All silences.
#[derive(Debug)]
pub(crate) struct Silences {
    limits: SilenceLimits,
    by_id: BTreeMap<String, (Silence, Matchers)>,
}

impl Silence {
    pub(crate) fn state(&self, now: Timestamp) -> SilenceState {
        if now < self.starts_at {
            SilenceState::Pending
        } else if now > self.ends_at {
            SilenceState::Expired
        } else {
            SilenceState::Active
        }
    }

    fn compiled(&self) -> Result<Matchers, String> {
        let mut matchers = Vec::with_capacity(self.matchers.len());
        for (index, matcher) in self.matchers.iter().enumerate() {
            let error = |reason| format!("invalid label matcher {index}: {reason}");
            if matcher.name.is_empty() {
                return Err(error("invalid label name \"\"".to_owned()));
            }
            matchers.push(matcher.compile().map_err(|e| error(e.to_string()))?);
        }
        let never_empty = |matcher: &Matcher| {
            matches!(matcher.op, MatchOp::NotEqual | MatchOp::NotRegex) || !matcher.matches_empty()
        };
        if matchers.is_empty() {
            return Err("at least one matcher required".to_owned());
        }
        if !matchers.iter().any(never_empty) {
            return Err("at least one matcher must not match the empty string".to_owned());
        }
        Ok(Matchers::new(matchers))
    }

    /// Whether an update keeps the identity: the past of a silence cannot be changed.
    fn can_become(&self, new: &Silence, now: Timestamp) -> bool {
        self.matchers == new.matchers
            && match self.state(now) {
                SilenceState::Active => {
                    self.starts_at.timestamp() == new.starts_at.timestamp() && new.ends_at >= now
                }
                SilenceState::Pending => new.starts_at >= now,
                SilenceState::Expired => false,
            }
    }
}

impl Silences {
    /// What was kept; silences that no longer compile are reported.
    pub(crate) fn new(limits: SilenceLimits, kept: Vec<Silence>) -> Self {
        let mut by_id = BTreeMap::new();
        for silence in kept {
            match silence.compiled() {
                Ok(matchers) => drop(by_id.insert(silence.id.clone(), (silence, matchers))),
                Err(error) => tracing::error!(id = silence.id, error, "a silence cannot be used"),
            }
        }
        Silences { limits, by_id }
    }

    /// Creates a silence or updates one, and returns its identifier and what to write. An update
    /// that would change the past makes a new silence and expires the old one.
    ///
    /// # Errors
    /// When it is invalid, or names a silence that does not exist.
    pub(crate) fn set(
        &mut self,
        posted: &PostableSilence,
        new_id: &str,
        now: Timestamp,
    ) -> Result<(String, Vec<Change>), SilenceError> {
        let invalid = |text: &str| SilenceError::Invalid(text.to_owned());
        if posted.starts_at >= posted.ends_at {
            return Err(invalid("Failed to create silence: start time must be before end time"));
        }
        if posted.ends_at < now {
            return Err(invalid("Failed to create silence: end time can't be in the past"));
        }
        let mut silence = posted.to_silence(now);
        let matchers = silence
            .compiled()
            .map_err(|reason| SilenceError::Invalid(format!("invalid silence: {reason}")))?;
        let previous = match silence.id.as_str() {
            "" => None,
            id => Some(self.by_id.get(id).map(|(s, _)| s.clone()).ok_or(SilenceError::NotFound)?),
        };
        let mut changes = Vec::new();
        let updates = previous.as_ref().is_some_and(|p| p.can_become(&silence, now));
        if !updates {
            let limit = self.limits.count;
            if self.by_id.len() >= limit {
                let count = self.by_id.len();
                let text = format!("exceeded maximum number of silences: {count} (limit: {limit})");
                return Err(SilenceError::Invalid(text));
            }
            new_id.clone_into(&mut silence.id);
            silence.starts_at = silence.starts_at.max(now);
        }
        let change = Change::write(KIND, &silence.id, &silence);
        let (bytes, limit) = (change.body.as_ref().map_or(0, String::len), self.limits.bytes);
        if bytes > limit {
            let text =
                format!("silence exceeded maximum size: {bytes} bytes (limit: {limit} bytes)");
            return Err(SilenceError::Invalid(text));
        }
        if let Some(previous) = previous.filter(|_| !updates) {
            changes.extend(self.expire(&previous.id, now)?);
        }
        changes.push(change);
        let id = silence.id.clone();
        self.by_id.insert(id.clone(), (silence, matchers));
        Ok((id, changes))
    }

    /// Ends a silence now; one that has ended stays as it is.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(crate) fn expire(&mut self, id: &str, now: Timestamp) -> Result<Vec<Change>, SilenceError> {
        let (silence, _) = self.by_id.get_mut(id).ok_or(SilenceError::NotFound)?;
        match silence.state(now) {
            SilenceState::Expired => return Ok(Vec::new()),
            SilenceState::Active => silence.ends_at = now,
            SilenceState::Pending => (silence.starts_at, silence.ends_at) = (now, now),
        }
        silence.updated_at = now;
        Ok(vec![Change::write(KIND, id, silence)])
    }

    /// The silences that mute a label set now.
    pub(crate) fn muting(&self, labels: &Labels, now: Timestamp) -> Vec<String> {
        let muting = self.by_id.values().filter(|(silence, matchers)| {
            silence.state(now) == SilenceState::Active && matchers.matches(labels)
        });
        muting.map(|(silence, _)| silence.id.clone()).collect()
    }

    /// One silence as the API shows it.
    pub(crate) fn get(&self, id: &str, now: Timestamp) -> Option<GettableSilence> {
        self.by_id.get(id).map(|(silence, _)| silence.view(now))
    }

    /// The silences in these states that have all of these matchers: active ones first by their
    /// ends, then pending ones by their starts, then expired ones, the latest first.
    pub(crate) fn list(
        &self,
        states: &[SilenceState],
        filter: &[Matcher],
        now: Timestamp,
    ) -> Vec<GettableSilence> {
        let has = |silence: &Silence, wanted: &Matcher| {
            silence.matchers.iter().any(|m| *m == SilenceMatcher::from(wanted))
        };
        let mut found: Vec<&Silence> = self
            .by_id
            .values()
            .map(|(silence, _)| silence)
            .filter(|silence| states.contains(&silence.state(now)))
            .filter(|silence| filter.iter().all(|wanted| has(silence, wanted)))
            .collect();
        found.sort_by_key(|silence| match silence.state(now) {
            SilenceState::Active => (0, silence.ends_at.timestamp_micros()),
            SilenceState::Pending => (1, silence.starts_at.timestamp_micros()),
            SilenceState::Expired => (2, -silence.ends_at.timestamp_micros()),
        });
        found.into_iter().map(|silence| silence.view(now)).collect()
    }

    /// How many silences are in a state.
    pub(crate) fn count(&self, state: SilenceState, now: Timestamp) -> usize {
        self.by_id.values().filter(|(silence, _)| silence.state(now) == state).count()
    }

    /// Forgets silences that ended longer ago than they are kept.
    pub(crate) fn collect_garbage(&mut self, now: Timestamp) -> Vec<Change> {
        let retention = self.limits.retention;
        let is_old = |silence: &Silence| {
            silence.ends_at.checked_add_signed(retention).is_some_and(|until| until <= now)
        };
        let old: Vec<String> =
            self.by_id.values().filter(|(s, _)| is_old(s)).map(|(s, _)| s.id.clone()).collect();
        for id in &old {
            self.by_id.remove(id);
        }
        old.iter().map(|id| Change::remove(KIND, id)).collect()
    }
}

/// A random identifier (UUID version 4, RFC 9562).
pub(crate) fn random_id(random: &dyn env::Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d] = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20]];
    format!("{a}-{b}-{c}-{d}-{}", &digits[20..])
}

#[cfg(test)]
mod tests;
