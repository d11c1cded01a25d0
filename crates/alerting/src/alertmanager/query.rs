//! Which alerts somebody wants to see.

use model::{Labels, Matcher, Regexp};

use crate::config::Config;
use crate::matcher::parse_matcher;

/// The parameters of `GET /api/v2/alerts` and `/alerts/groups`; by default, all alerts.
#[derive(Clone, Debug)]
pub struct AlertQuery {
    filter: Vec<Matcher>,
    receiver: Option<Regexp>,
    receiver_matchers: Vec<Matcher>,
    /// Whether alerts that nothing suppresses are wanted.
    pub active: bool,
    /// Whether silenced ones are.
    pub silenced: bool,
    /// Whether inhibited ones are.
    pub inhibited: bool,
    /// Whether groups are that a time interval mutes.
    pub muted: bool,
}

impl Default for AlertQuery {
    fn default() -> Self {
        AlertQuery {
            filter: Vec::new(),
            receiver: None,
            receiver_matchers: Vec::new(),
            active: true,
            silenced: true,
            inhibited: true,
            muted: true,
        }
    }
}

/// Reads matchers, each of which is a parameter of its own.
///
/// # Errors
/// At the first that is none.
pub(super) fn matchers(texts: &[String]) -> Result<Vec<Matcher>, String> {
    texts.iter().map(|text| parse_matcher(text).map_err(|error| error.to_string())).collect()
}

impl AlertQuery {
    /// Alerts with these labels, for receivers whose name matches a pattern or whose labels match.
    ///
    /// # Errors
    /// When one of the texts is no matcher or pattern.
    pub fn new(
        filter: &[String],
        receiver: Option<&str>,
        receiver_matchers: &[String],
    ) -> Result<Self, String> {
        let receiver = receiver
            .map(Regexp::anchored)
            .transpose()
            .map_err(|error| format!("failed to parse receiver param: {error}"))?;
        let receiver_matchers = matchers(receiver_matchers)
            .map_err(|error| format!("failed to parse receiver_matchers param: {error}"))?;
        let filter = matchers(filter)?;
        Ok(AlertQuery { filter, receiver, receiver_matchers, ..AlertQuery::default() })
    }

    pub(super) fn takes_labels(&self, labels: &Labels) -> bool {
        self.filter.iter().all(|matcher| matcher.matches_labels(labels))
    }

    pub(super) fn takes_status(&self, silenced: bool, inhibited: bool) -> bool {
        (self.active || silenced || inhibited)
            && (self.silenced || !silenced)
            && (self.inhibited || !inhibited)
    }

    pub(super) fn takes_receiver(&self, name: &str, config: &Config) -> bool {
        let by_name = self.receiver.as_ref().is_none_or(|receiver| receiver.is_match(name));
        by_name
            && (self.receiver_matchers.is_empty()
                || config.receiver(name).is_some_and(|receiver| {
                    takes_receiver_labels(&self.receiver_matchers, &receiver.labels)
                }))
    }
}

/// Whether a receiver's labels match.
pub(super) fn takes_receiver_labels(
    matchers: &[Matcher],
    labels: &std::collections::BTreeMap<String, String>,
) -> bool {
    let value = |name: &str| labels.get(name).map(String::as_str).unwrap_or_default();
    matchers.iter().all(|matcher| matcher.matches(value(&matcher.name)))
}
