//! Rules, routing, inhibition, silences, templates and notifiers.
//!
//! Two jobs are done here that used to be those of two programs. Prometheus' rules are evaluated
//! over a metric store ([`Alerting::rule_groups`]); what they find, and what others post, is grouped,
//! muted, and told to people as Alertmanager does it ([`Alerting::alertmanager`]).
//!
//! The core of both is a set of state machines that are told what time it is. A thin rim of
//! asynchronous tasks runs them: `rules::runner` and `alertmanager::run`.

mod alert;
mod alerting;
mod alertmanager;
mod config;
mod dispatch;
mod document;
mod fingerprint;
pub mod fuzz;
mod golang;
mod history;
mod humanize;
mod inhibit;
mod matcher;
mod message;
mod metrics;
mod nflog;
mod notify;
mod rules;
mod silence;
mod template;
mod timeinterval;
mod words;

pub use alert::{Annotations, PostableAlert};
pub use alerting::{
    Alerting, AlertingConfig, AlertingError, Dependencies, check_alertmanager, check_rules,
};
pub use alertmanager::{
    AlertGroupView, AlertQuery, AlertStatusView, Alertmanager, ConfigView, GettableAlert,
    ReceiverReference, ReceiverView, RouteTest, RouteView, StatusView, VersionInfo,
};
pub use fingerprint::Fingerprint;
pub use history::{NotificationQuery, NotificationRecord, NotifiedAlert, Outcome, Try};
pub use metrics::Metric;
pub use notify::NOTIFIERS;
pub use rules::{
    AlertView, AlertingRuleView, GroupView, RecordingRuleView, RuleHealth, RuleState, RuleView,
};
pub use silence::{
    GettableSilence, PostableSilence, SilenceError, SilenceMatcher, SilenceState, SilenceStatus,
};

/// An instant; all of them are in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Now, on both clocks. Lengths of time are measured on the monotonic one, which nobody sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) wall: Timestamp,
    pub(crate) mono_ms: i64,
}

impl Moment {
    pub(crate) fn now(clock: &dyn env::Clock) -> Self {
        let mono_ms = i64::try_from(clock.monotonic_ns() / 1_000_000).unwrap_or(i64::MAX);
        Moment { wall: Timestamp::from_timestamp_nanos(clock.now_ns()), mono_ms }
    }
}
