//! Sums and means of the histograms of a group.

use model::{Histogram, HistogramSum, IncompatibleSchemes, ResetHint};

use super::super::super::annotations::Operation;
use super::super::super::histogram::HistogramMean;
use super::Remarks;
use crate::ast::AggregateOp;

/// The histograms of a group.
#[derive(Default)]
pub(in crate::eval::aggregate) struct Histograms {
    state: State,
    has_reset: bool,
    has_not_reset: bool,
}

#[derive(Default)]
enum State {
    #[default]
    None,
    /// There are some, but numbers came before them, so that there will be no result.
    AfterFloats,
    Sum(Box<HistogramSum>),
    Mean(Box<HistogramMean>),
    /// Some have custom bounds and some have not.
    Incompatible,
}

/// What became of them.
pub(super) enum Total {
    None,
    AfterFloats,
    Incompatible,
    Histogram { histogram: Box<Histogram>, hints_collide: bool },
}

impl Histograms {
    pub(super) fn are_incompatible(&self) -> bool {
        matches!(self.state, State::Incompatible)
    }

    pub(super) fn add(
        &mut self,
        histogram: &Histogram,
        is_after_floats: bool,
        remarks: &mut Remarks<'_>,
    ) {
        let added = match &mut self.state {
            State::Incompatible | State::AfterFloats => return,
            State::None if is_after_floats => {
                self.state = State::AfterFloats;
                return;
            }
            State::None => {
                self.state = match remarks.op {
                    AggregateOp::Avg => {
                        State::Mean(Box::new(HistogramMean::starting_with(histogram)))
                    }
                    _ => State::Sum(Box::new(HistogramSum::from(histogram))),
                };
                Ok(model::Combined::default())
            }
            State::Sum(sum) => sum.add(histogram),
            State::Mean(mean) => mean.add(histogram),
        };
        self.has_reset |= histogram.hint == ResetHint::Reset;
        self.has_not_reset |= histogram.hint == ResetHint::NotReset;
        match added {
            Ok(combined) if combined.bounds_reconciled => {
                remarks.notes.bounds_reconciled(remarks.range, Operation::Aggregation);
            }
            Ok(_) => {}
            Err(IncompatibleSchemes) => {
                remarks.notes.mixed_schemes(remarks.range, remarks.name);
                self.state = State::Incompatible;
            }
        }
    }

    pub(super) fn finish(self) -> Total {
        let histogram = match self.state {
            State::None => return Total::None,
            State::Incompatible => return Total::Incompatible,
            State::AfterFloats => return Total::AfterFloats,
            State::Sum(sum) => sum.total(),
            State::Mean(mean) => mean.value(),
        };
        let hints_collide = self.has_reset && self.has_not_reset;
        Total::Histogram { histogram: Box::new(histogram.compact()), hints_collide }
    }
}
