//! Every listener: the native API, the compatible ones, and the web interface.
//!
//! Handlers translate and nothing more: protocols decode, stores keep and search, alerting and
//! collect know their own state. What several handlers need — bodies under a limit, queries that
//! stop when their client goes away, errors in each API's own form — lies in the files beside this
//! one; an API is a folder under `native` or `compat` and a line in its list.

mod app;
mod body;
pub mod compat;
mod error;
mod ingest;
mod listener;
mod native;
mod observe;
mod parameters;
mod query;
mod reply;
mod root;
mod telemetry;

pub use app::{
    About, App, ConfigFile, Disk, Limits, Parts, Problem, ProblemSeverity, Reload, Retention, Usage,
};
pub use listener::{
    Bind, BindError, Listener, ListenerState, ListenerStatus, Listeners, Service, StreamHandler,
};
pub use native::dashboards::{Dashboards, check_dashboard};
pub use root::{compatible_router, main_router};
pub use telemetry::Telemetry;
