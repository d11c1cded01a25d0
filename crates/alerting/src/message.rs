//! What notifications are made of: data, templates and the functions they call
//! (<https://prometheus.io/docs/alerting/latest/notifications/>).

mod data;
mod functions;
mod route_labels;
mod templates;

use std::collections::BTreeMap;

use model::Labels;

use crate::Timestamp;
use crate::alert::Alert;
use crate::nflog::Reason;

pub(crate) use data::Data;
pub(crate) use templates::Templates;

/// What a receiver is to be told.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    pub(crate) group_key: String,
    pub(crate) group_labels: Labels,
    /// The labels of the route, rendered.
    pub(crate) route_labels: BTreeMap<String, String>,
    pub(crate) receiver: String,
    /// In order; only what is resolved has an end.
    pub(crate) alerts: Vec<Alert>,
    pub(crate) reason: Reason,
    pub(crate) now: Timestamp,
    /// What the notifier kept of the last notification of the group.
    pub(crate) kept: BTreeMap<String, String>,
}

#[cfg(test)]
pub(crate) mod tests;
