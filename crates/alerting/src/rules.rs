//! Prometheus' rules: read from files, evaluated in groups, with the state of alerts in between.

mod alerting;
mod expand;
mod file;
mod functions;
mod group;
mod load;
mod restore;
mod runner;
mod schedule;
mod view;
mod world;

use std::collections::BTreeMap;

use crate::Timestamp;
use crate::alert::Annotations;

pub(crate) use file::{GroupSpec, parse};
pub(crate) use load::load;
pub(crate) use runner::Runner;
pub use view::{
    AlertView, AlertingRuleView, GroupView, RecordingRuleView, RuleHealth, RuleState, RuleView,
};
pub(crate) use world::{Settings, World};

/// An alert on its way to who tells people.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentAlert {
    pub(crate) labels: model::Labels,
    pub(crate) annotations: Annotations,
    pub(crate) starts_at: Timestamp,
    /// When it was resolved or, while it fires, until when it is to be believed.
    pub(crate) ends_at: Timestamp,
    pub(crate) generator_url: String,
}

/// Labels or annotations as files have them.
pub(crate) type TextMap = BTreeMap<String, String>;

#[cfg(test)]
mod tests;
