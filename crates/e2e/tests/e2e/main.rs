//! The scenes: strangers' clients speak to the server's binary, and what comes back is looked at.
//!
//! A test whose programs are not on the machine says that it was skipped; `cargo xtask ci` installs
//! them and lets nothing be skipped.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test sees the product from outside, and fails where it is not as it should be"
)]

mod alerts;
mod browser;
mod crash;
mod elasticsearch;
mod fluent;
mod full_disk;
mod limits;
mod node_exporter;
mod opentelemetry;
mod operation;
mod parts;
mod prometheus;
mod reload;
mod scrape;
mod spans;
