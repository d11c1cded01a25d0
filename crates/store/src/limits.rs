//! What a query may cost, and how it is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::QueryError;

/// Why a query was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// Whoever asked went away.
    Canceled = 1,
    /// It took too long.
    Timeout = 2,
}

/// A switch that stops a query from outside; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicU8>);

impl Cancel {
    /// Stops the query at its next check; the first reason stays.
    pub fn cancel(&self, reason: CancelReason) {
        let _already =
            self.0.compare_exchange(0, reason as u8, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Fails when the query was stopped; long loops call it every few thousand steps.
    ///
    /// # Errors
    /// With the reason.
    pub fn check(&self) -> Result<(), QueryError> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            reason if reason == CancelReason::Timeout as u8 => Err(QueryError::Timeout),
            _ => Err(QueryError::Canceled),
        }
    }
}

/// What one query may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// Samples held in memory at once.
    pub samples: usize,
    /// Series selected.
    pub series: usize,
    /// Records or spans returned.
    pub records: usize,
    /// Distinct values counted per field.
    pub values: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        QueryLimits { samples: 50_000_000, series: 1_000_000, records: 10_000, values: 100_000 }
    }
}

/// What goes with every query.
#[derive(Clone, Debug, Default)]
pub struct QueryContext {
    /// Stops it.
    pub cancel: Cancel,
    /// Bounds it.
    pub limits: QueryLimits,
}
