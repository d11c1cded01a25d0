//! `alertmanager.yml`: read whole and strictly, with upstream's verdict.

mod field;
mod global;
mod inactive;
mod load;
mod receiver;
mod route;
mod secret;
mod slack;
mod webhook;

use std::collections::BTreeMap;
use std::path::Path;

use yaml::FileError;

use crate::inhibit::InhibitRule;
use crate::timeinterval::TimeInterval;

pub(crate) use receiver::Receiver;
pub(crate) use route::{GroupBy, Route};
pub(crate) use slack::{SlackAction, SlackConfig, SlackConfirmation, SlackEndpoint, SlackField};
pub(crate) use webhook::{WebhookConfig, WebhookEndpoint};

/// What the file says, with all defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// After which time an alert from outside counts as resolved when nothing more is heard of it.
    pub(crate) resolve_timeout_ms: i64,
    pub(crate) route: Route,
    pub(crate) inhibit_rules: Vec<InhibitRule>,
    pub(crate) receivers: Vec<Receiver>,
    /// Patterns of file names.
    pub(crate) templates: Vec<String>,
    pub(crate) time_intervals: BTreeMap<String, Vec<TimeInterval>>,
    /// The file's text with its secrets removed.
    pub(crate) shown: String,
    /// What was read but does nothing yet.
    pub(crate) problems: Vec<String>,
}

impl Config {
    /// Reads a file's text. Relative names of other files are relative to its folder.
    ///
    /// # Errors
    /// At the first thing upstream would refuse, too.
    pub(crate) fn load(text: &str, file: &str) -> Result<Self, FileError> {
        let directory = Path::new(file).parent().unwrap_or(Path::new("."));
        load::load(text, directory).map_err(|error| FileError::new(file, error))
    }

    /// What holds without a file: one receiver that tells nobody.
    pub(crate) fn built_in() -> Self {
        let text = "route:\n  receiver: none\nreceivers:\n  - name: none\n";
        Config::load(text, "built in").expect("it is tested")
    }

    /// The receiver of a name.
    pub(crate) fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name == name)
    }
}

#[cfg(test)]
mod tests;
