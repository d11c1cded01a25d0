//! Alertmanager's job: alerts in, notifications out, and the API in between.
//!
//! [`Core`](core::Core) is the whole of it as a state machine, without time or I/O of its own;
//! [`Alertmanager`] lets it run.

mod backoff;
mod core;
mod deliver;
mod query;
mod run;
mod view;

pub(crate) use core::Setup;
pub use query::AlertQuery;
pub use run::Alertmanager;
pub(crate) use run::Parts;
pub(crate) use view::Figures;
pub use view::{
    AlertGroupView, AlertStatusView, ConfigView, GettableAlert, ReceiverReference, ReceiverView,
    RouteTest, RouteView, StatusView, VersionInfo,
};

#[cfg(test)]
mod tests;
