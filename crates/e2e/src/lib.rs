//! End-to-end tests: a real server, real clients, a real browser.
//!
//! This library is the stage: it starts the server's binary and the programs around it, speaks to
//! them, and ends them. The scenes are in `tests/`; those that have a long version are here, so that
//! `main.rs` can play them for as long as one likes. What goes wrong is a panic that says what.

#![allow(
    clippy::disallowed_methods,
    reason = "the product is looked at from outside, through the machine's own clock and files"
)]

pub mod compare;
pub mod crash;
pub mod dashboard;
pub mod deadline;
pub mod debian;
pub mod folder;
pub mod http;
pub mod needs;
pub mod ports;
pub mod process;
pub mod promql;
pub mod python;
pub mod queries;
pub mod receiver;
pub mod server;
pub mod small_disk;
pub mod wire;
pub mod writers;

/// Says that a test cannot run on this machine, and why.
#[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
