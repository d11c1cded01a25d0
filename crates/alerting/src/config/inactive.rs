//! Notifiers that do not exist yet: their blocks are read and checked as upstream does it, so that
//! a file gets the same verdict.

#![allow(dead_code, reason = "most settings are only looked at by the notifier to come")]

mod chat;
mod incident;
mod message;

use super::global::Global;

pub(super) use chat::{Discord, Mattermost, MsTeams, RocketChat, Telegram, WeChat, Webex};
pub(super) use incident::{IncidentIo, Jira, OpsGenie, PagerDuty, VictorOps};
pub(super) use message::{Email, Pushover, Sns};

/// A block of a notifier that does not exist yet.
pub(super) trait Inactive {
    /// The error for an entry that is null, or `None` where upstream takes it as an empty block.
    const NULL: Option<&'static str>;

    /// What upstream checks, first in the block alone, then together with `global`.
    fn check(&self, global: &Global) -> Result<(), String>;
}
