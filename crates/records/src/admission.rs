//! What of a batch can be stored.

use std::collections::BTreeSet;

use storage::day_of_ns;
use store::AppendError;

use crate::ChunkBuilder;
use crate::head::DAYS_MAX;

/// Values of more bytes than this are refused as one batch: the log takes no larger ones.
const BATCH_BYTES_MAX: usize = 64 << 20;

/// Watches over the rows of a batch.
#[derive(Default)]
pub struct Admission {
    days: BTreeSet<i64>,
    last_day: Option<i64>,
    rejected: u64,
    reason: Option<String>,
}

impl Admission {
    /// Whether a record of this time may be added, when its store finds no `refusal`. What is
    /// refused is counted.
    pub fn admits(&mut self, time_ns: i64, refusal: Option<String>) -> bool {
        let refusal = refusal.or_else(|| self.day_refusal(day_of_ns(time_ns)));
        let is_admitted = refusal.is_none();
        if let Some(refusal) = refusal {
            self.rejected += 1;
            self.reason.get_or_insert(refusal);
        }
        is_admitted
    }

    /// Fails when the rows have become too many to be stored together.
    ///
    /// # Errors
    /// `Invalid`, for the batch as it is can never be stored.
    pub fn check(&self, rows: &ChunkBuilder) -> Result<(), AppendError> {
        if rows.byte_len() <= BATCH_BYTES_MAX {
            return Ok(());
        }
        let message = format!("a batch takes at most {BATCH_BYTES_MAX} bytes, send smaller ones");
        Err(AppendError::Invalid(message))
    }

    /// How many records were refused, and why the first of them was.
    pub fn finish(self) -> (u64, Option<String>) {
        (self.rejected, self.reason)
    }

    fn day_refusal(&mut self, day: i64) -> Option<String> {
        if self.last_day != Some(day) {
            if self.days.len() == DAYS_MAX && !self.days.contains(&day) {
                return Some(format!("a batch has records of at most {DAYS_MAX} days"));
            }
            self.days.insert(day);
            self.last_day = Some(day);
        }
        None
    }
}
