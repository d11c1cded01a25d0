//! A database that is not there: statements take the time they would take, and sometimes fail.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::context::Context;
use crate::telemetry::Telemetry;
use crate::telemetry::metrics::{StatementLabels, observe};
use crate::telemetry::trace::Kind;

/// How often a statement is a victim of another transaction.
const DEADLOCKS: f64 = 0.000_5;

/// How often a statement waits for a lock or for the disk.
const SLOW: f64 = 0.02;

/// Why a statement failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// Two transactions waited for each other.
    #[error("deadlock detected in {table}; the transaction was rolled back")]
    Deadlock {
        /// The table.
        table: &'static str,
    },
}

/// A statement as it is sent, parameters apart.
pub(crate) struct Statement {
    /// What it does: `SELECT`.
    pub(crate) operation: &'static str,
    /// To which table.
    pub(crate) table: &'static str,
    /// Its text; `$1` stands where values go, so that no customer's data is in a trace.
    pub(crate) text: &'static str,
}

/// The database of one service.
pub(crate) struct Database {
    telemetry: Arc<Telemetry>,
    name: &'static str,
}

impl Database {
    pub(crate) fn new(telemetry: &Arc<Telemetry>, name: &'static str) -> Self {
        Database { telemetry: telemetry.clone(), name }
    }

    /// Runs a statement.
    pub(crate) async fn run(
        &self,
        context: &Context,
        statement: &Statement,
    ) -> Result<(), DatabaseError> {
        let Statement { operation, table, text } = *statement;
        let clock = &self.telemetry.env.clock;
        let started_ns = clock.monotonic_ns();
        let mut span = self.telemetry.span(context, format!("{operation} {table}"), Kind::Client);
        span.set("db.system.name", "postgresql");
        span.set("db.namespace", self.name);
        span.set("db.operation.name", operation);
        span.set("db.collection.name", table);
        span.set("db.query.text", text);
        span.set("server.address", "db.shop.internal");
        span.set("server.port", 5432);

        let usual_ms = exponential(&self.telemetry, 1.0, 2.5);
        let extra_ms = match self.telemetry.random() < SLOW {
            true => exponential(&self.telemetry, 20.0, 60.0),
            false => 0.0,
        };
        sleep(Duration::from_secs_f64((usual_ms + extra_ms) / 1e3)).await;
        let result = match self.telemetry.random() < DEADLOCKS {
            true => Err(DatabaseError::Deadlock { table }),
            false => Ok(()),
        };

        if let Err(error) = &result {
            span.exception("Deadlock", error);
        }
        let labels = StatementLabels { db_operation_name: operation, db_collection_name: table };
        let histogram = self.telemetry.metrics.statements.get_or_create_owned(&labels);
        let took = Duration::from_nanos(clock.monotonic_ns() - started_ns);
        observe(&histogram, took, span.context(), clock.now_ns());
        result
    }
}

/// A length of time that is never below `least` and longer by `mean` on average, now and then by
/// much: how queues and disks behave.
pub(crate) fn exponential(telemetry: &Telemetry, least: f64, mean: f64) -> f64 {
    least - mean * (1.0 - telemetry.random()).ln()
}
