//! What was left out of a batch, and why.

/// A batch, and what of the request is not in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded<B> {
    /// What is to be stored.
    pub batch: B,
    /// What can never be stored.
    pub rejected: Rejected,
}

/// How many records were rejected, and why. Sending them again does not help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// Why, as sentences for whoever sends them; empty when there are none.
    pub reason: String,
    reasons: usize,
}

/// How many different reasons are told; a client can mend only so much at a time.
const REASONS_MAX: usize = 4;

impl Rejected {
    /// Counts rejected records.
    pub fn add(&mut self, count: u64, reason: &str) {
        self.count += count;
        if self.reasons < REASONS_MAX && !self.reason.contains(reason) {
            if !self.reason.is_empty() {
                self.reason += "; ";
            }
            self.reason += reason;
            self.reasons += 1;
        }
    }
}
