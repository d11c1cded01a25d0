//! Which operations fail.

use std::io::ErrorKind;

use super::Operation;

/// The faults that are still to happen.
#[derive(Default)]
pub(super) struct Faults {
    count: u64,
    planned: Vec<Planned>,
    power_off_at: Option<u64>,
}

struct Planned {
    kind: Option<Operation>,
    /// The operation of that kind that fails, counted from 1.
    nth: u64,
    error: ErrorKind,
}

impl Faults {
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn fail_nth(&mut self, kind: Option<Operation>, nth: u64, error: ErrorKind) {
        self.planned.push(Planned { kind, nth, error });
    }

    pub(super) fn power_off_at(&mut self, nth: u64) {
        self.power_off_at = Some(self.count + nth);
    }

    pub(super) fn clear(&mut self) {
        self.planned.clear();
        self.power_off_at = None;
    }

    /// Counts an operation, and says whether it fails.
    pub(super) fn step(&mut self, kind: Operation) -> Result<(), ErrorKind> {
        self.count += 1;
        if self.power_off_at.is_some_and(|at| self.count >= at) {
            return Err(ErrorKind::NotConnected);
        }
        let mut outcome = Ok(());
        self.planned.retain_mut(|planned| {
            if planned.kind.is_none_or(|wanted| wanted == kind) {
                planned.nth = planned.nth.saturating_sub(1);
                if planned.nth == 0 {
                    outcome = Err(planned.error);
                }
            }
            planned.nth > 0
        });
        outcome
    }
}
