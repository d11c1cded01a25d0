//! An instrumented example application: a shop of three services, and customers that never sleep.
//!
//! A request passes from `frontend` to `orders` to `payments`, each a process of its own. Every one
//! of them says what it does three times, so that one can be found from another: as spans that
//! cross the processes by W3C trace context, as structured log lines that name the span, and as
//! metrics whose exemplars name a trace. After a while something breaks; finding out what is the
//! point of the demonstration.
//!
//! [`run`] is one service. [`demo`] starts all of them beside a running server and sends it
//! everything they say.

mod context;
mod database;
mod demo;
mod fault;
mod frontend;
mod load;
mod orders;
mod payments;
mod products;
mod service;
mod telemetry;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use demo::{DemoError, DemoOptions, demo, demo_until};
pub use service::RunError;

/// One of the processes of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What browsers talk to.
    Frontend,
    /// Stock and orders.
    Orders,
    /// Charges cards through acquirers.
    Payments,
    /// The customers.
    Load,
}

impl Role {
    /// Every role, each after those it calls.
    pub const ALL: [Role; 4] = [Role::Payments, Role::Orders, Role::Frontend, Role::Load];

    /// The name, which is also that of the service.
    pub fn name(self) -> &'static str {
        match self {
            Role::Frontend => "frontend",
            Role::Orders => "orders",
            Role::Payments => "payments",
            Role::Load => "load",
        }
    }

    /// The port it listens on; the customers listen on none.
    pub fn port(self, port_base: u16) -> Option<u16> {
        match self {
            Role::Frontend => Some(port_base),
            Role::Orders => Some(port_base + 1),
            Role::Payments => Some(port_base + 2),
            Role::Load => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        role.ok_or_else(|| format!("{name:?} is none of frontend, orders, payments, load"))
    }
}

/// How one process of the shop runs. As text it is a JSON object; what is left out is usual.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunOptions {
    /// The port of the frontend; those of the others follow. At most 65533.
    pub port_base: u16,
    /// Where spans go: a URL to which `/v1/traces` is added.
    pub otlp: String,
    /// How many customers come each second, on average over their day.
    pub rate: f64,
    /// When payments break for the first time, counted from the start.
    pub break_after_seconds: u64,
    /// For how long they are broken.
    pub break_for_seconds: u64,
    /// Stop when the standard input ends, so that no process outlives the one that started it.
    pub attached: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            port_base: 7400,
            otlp: "http://127.0.0.1:7300/otlp".to_owned(),
            rate: 3.0,
            break_after_seconds: 120,
            break_for_seconds: 300,
            attached: false,
        }
    }
}

impl FromStr for RunOptions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

impl RunOptions {
    /// The command line with which the demonstration starts a role:
    /// `demo --role ROLE --options JSON`.
    pub fn arguments(&self, role: Role) -> Vec<String> {
        let options = serde_json::to_string(self).expect("numbers and texts become JSON");
        ["demo", "--role", role.name(), "--options", &options].map(str::to_owned).to_vec()
    }
}

/// Runs one role until the process is asked to stop, then finishes what it has begun.
///
/// # Errors
/// When its port is taken.
pub async fn run(role: Role, options: RunOptions) -> Result<(), RunError> {
    service::run(role, options).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_started_by_its_command_line() {
        let options = RunOptions { port_base: 7500, attached: true, ..RunOptions::default() };
        let line = options.arguments("orders".parse().unwrap());
        assert_eq!(line[..4], ["demo", "--role", "orders", "--options"]);
        assert_eq!(line[4].parse(), Ok(options));
        assert_eq!("{}".parse(), Ok(RunOptions::default()));
        assert!(r#"{"port":1}"#.parse::<RunOptions>().unwrap_err().contains("unknown field"));
        assert!("shipping".parse::<Role>().is_err());
    }
}
