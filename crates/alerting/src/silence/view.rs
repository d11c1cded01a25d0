//! Silences as the API of Alertmanager has them.

use std::collections::BTreeMap;

use model::{MatchOp, Matcher, RegexpError};
use serde::{Deserialize, Serialize, Serializer};

use super::Silence;
use crate::Timestamp;
use crate::golang::time::rfc3339_millis;

/// A matcher in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SilenceMatcher {
    /// Whether it must match or must not.
    #[serde(default = "yes")]
    pub is_equal: bool,
    /// Whether the value is a pattern.
    #[serde(default)]
    pub is_regex: bool,
    /// The label's name.
    pub name: String,
    /// The text or pattern.
    pub value: String,
}

fn yes() -> bool {
    true
}

impl SilenceMatcher {
    pub(super) fn compile(&self) -> Result<Matcher, RegexpError> {
        let op = match (self.is_equal, self.is_regex) {
            (true, false) => MatchOp::Equal,
            (false, false) => MatchOp::NotEqual,
            (true, true) => MatchOp::Regex,
            (false, true) => MatchOp::NotRegex,
        };
        Matcher::new(&self.name, op, &self.value)
    }
}

impl From<&Matcher> for SilenceMatcher {
    fn from(matcher: &Matcher) -> Self {
        SilenceMatcher {
            is_equal: matches!(matcher.op, MatchOp::Equal | MatchOp::Regex),
            is_regex: matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex),
            name: matcher.name.clone(),
            value: matcher.value.clone(),
        }
    }
}

/// What `POST /api/v2/silences` takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostableSilence {
    /// The silence to update; a new one when empty.
    #[serde(default)]
    pub id: String,
    /// Conditions, all of which must hold.
    pub matchers: Vec<SilenceMatcher>,
    /// From when on.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// Why.
    pub comment: String,
    /// Whatever else somebody wants to keep with it.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl PostableSilence {
    pub(super) fn to_silence(&self, now: Timestamp) -> Silence {
        Silence {
            id: self.id.clone(),
            matchers: self.matchers.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            updated_at: now,
            created_by: self.created_by.clone(),
            comment: self.comment.clone(),
            annotations: self.annotations.clone(),
        }
    }
}

/// Whether a silence holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SilenceState {
    /// It holds now.
    Active,
    /// It will hold.
    Pending,
    /// It has ended.
    Expired,
}

/// A silence as the API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GettableSilence {
    /// Its identifier.
    pub id: String,
    /// Whether it holds.
    pub status: SilenceStatus,
    /// When it was changed last.
    #[serde(serialize_with = "millis")]
    pub updated_at: Timestamp,
    /// Why.
    pub comment: String,
    /// Who made it.
    pub created_by: String,
    /// Until when.
    #[serde(serialize_with = "millis")]
    pub ends_at: Timestamp,
    /// Conditions, all of which must hold.
    pub matchers: Vec<SilenceMatcher>,
    /// From when on.
    #[serde(serialize_with = "millis")]
    pub starts_at: Timestamp,
    /// Whatever else is kept with it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// The state, in an object of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SilenceStatus {
    /// Whether it holds.
    pub state: SilenceState,
}

fn millis<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339_millis(*instant))
}

impl Silence {
    pub(super) fn view(&self, now: Timestamp) -> GettableSilence {
        GettableSilence {
            id: self.id.clone(),
            status: SilenceStatus { state: self.state(now) },
            updated_at: self.updated_at,
            comment: self.comment.clone(),
            created_by: self.created_by.clone(),
            ends_at: self.ends_at,
            matchers: self.matchers.clone(),
            starts_at: self.starts_at,
            annotations: self.annotations.clone(),
        }
    }
}
