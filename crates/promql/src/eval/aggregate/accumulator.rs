//! What a group gathers of its elements at one step.

mod histogram;

use model::SampleValue;

use super::super::annotations::{Annotations, Operation};
use super::super::quantile::quantile;
use super::super::sum::{Mean, Sum};
use crate::ast::{AggregateOp, TextRange};
use histogram::{Histograms, Total};

/// Where remarks go, and what they are about.
pub(super) struct Remarks<'n> {
    pub(super) notes: &'n mut Annotations,
    pub(super) range: TextRange,
    pub(super) op: AggregateOp,
    /// The name of the metric whose value is added.
    pub(super) name: &'n str,
}

/// What a group has gathered so far.
pub(super) enum Accumulator {
    /// Numbers or histograms, but not both.
    Either {
        floats: Option<Floats>,
        histograms: Histograms,
    },
    Count(f64),
    Min(Option<f64>),
    Max(Option<f64>),
    Group(bool),
    Variance {
        count: f64,
        mean: f64,
        squares: f64,
        is_deviation: bool,
    },
    Quantile(Vec<f64>),
}

/// A sum or a mean of numbers.
pub(super) enum Floats {
    Sum(Sum),
    Mean(Mean),
}

impl Accumulator {
    pub(super) fn new(op: AggregateOp) -> Self {
        match op {
            AggregateOp::Sum | AggregateOp::Avg => {
                Accumulator::Either { floats: None, histograms: Histograms::default() }
            }
            AggregateOp::Count => Accumulator::Count(0.0),
            AggregateOp::Min => Accumulator::Min(None),
            AggregateOp::Max => Accumulator::Max(None),
            AggregateOp::Group => Accumulator::Group(false),
            AggregateOp::Stddev | AggregateOp::Stdvar => {
                let is_deviation = op == AggregateOp::Stddev;
                Accumulator::Variance { count: 0.0, mean: 0.0, squares: 0.0, is_deviation }
            }
            AggregateOp::Quantile => Accumulator::Quantile(Vec::new()),
            AggregateOp::Topk
            | AggregateOp::Bottomk
            | AggregateOp::CountValues
            | AggregateOp::Limitk
            | AggregateOp::LimitRatio => unreachable!("these do not combine values"),
        }
    }

    pub(super) fn add(&mut self, value: &SampleValue, remarks: &mut Remarks<'_>) {
        match (self, value) {
            (Accumulator::Count(count), _) => *count += 1.0,
            (Accumulator::Group(is_there), _) => *is_there = true,
            (Accumulator::Either { floats, histograms }, SampleValue::Float(value)) => {
                if !histograms.are_incompatible() {
                    add_float(floats, *value, remarks.op);
                }
            }
            (Accumulator::Either { floats, histograms }, SampleValue::Histogram(histogram)) => {
                histograms.add(histogram, floats.is_some(), remarks);
            }
            (accumulator, SampleValue::Float(value)) => accumulator.add_number(*value),
            (_, SampleValue::Histogram(_)) => {
                remarks.notes.ignored_in_aggregation(remarks.range, remarks.op.name());
            }
        }
    }

    fn add_number(&mut self, value: f64) {
        match self {
            Accumulator::Min(min) if min.is_none_or(|min| min > value || min.is_nan()) => {
                *min = Some(value);
            }
            Accumulator::Max(max) if max.is_none_or(|max| max < value || max.is_nan()) => {
                *max = Some(value);
            }
            Accumulator::Variance { count, mean, squares, .. } if *count == 0.0 => {
                (*count, *mean) = (1.0, value);
                *squares = if value.is_finite() { 0.0 } else { f64::NAN };
            }
            Accumulator::Variance { count, mean, squares, .. } => {
                // Welford's method.
                *count += 1.0;
                let delta = value - *mean;
                *mean += delta / *count;
                *squares += delta * (value - *mean);
            }
            Accumulator::Quantile(values) => values.push(value),
            _ => {}
        }
    }

    /// The value of the group, if it has one.
    pub(super) fn finish(
        self,
        param: f64,
        notes: &mut Annotations,
        range: TextRange,
    ) -> Option<SampleValue> {
        let number = match self {
            Accumulator::Either { floats, histograms } => {
                return match (floats, histograms.finish()) {
                    (None, Total::None | Total::AfterFloats | Total::Incompatible) => None,
                    (Some(floats), Total::None) => Some(floats.finish().into()),
                    (Some(_), _) => {
                        notes.mixed_types_in_aggregation(range);
                        None
                    }
                    (None, Total::Histogram { histogram, hints_collide }) => {
                        if hints_collide {
                            notes.hints_collide(range, Operation::Aggregation);
                        }
                        Some((*histogram).into())
                    }
                };
            }
            Accumulator::Count(count) => (count > 0.0).then_some(count)?,
            Accumulator::Min(value) | Accumulator::Max(value) => value?,
            Accumulator::Group(is_there) => is_there.then_some(1.0)?,
            Accumulator::Variance { count, squares, is_deviation, .. } => {
                let variance = squares / (count > 0.0).then_some(count)?;
                if is_deviation { variance.sqrt() } else { variance }
            }
            Accumulator::Quantile(values) if values.is_empty() => return None,
            Accumulator::Quantile(mut values) => quantile(param, &mut values),
        };
        Some(SampleValue::Float(number))
    }
}

fn add_float(floats: &mut Option<Floats>, value: f64, op: AggregateOp) {
    match floats {
        Some(Floats::Sum(sum)) => sum.add(value),
        Some(Floats::Mean(mean)) => mean.add(value),
        None if op == AggregateOp::Avg => *floats = Some(Floats::Mean(Mean::starting_with(value))),
        None => *floats = Some(Floats::Sum(Sum::of(value))),
    }
}

impl Floats {
    fn finish(self) -> f64 {
        match self {
            Floats::Sum(sum) => sum.total(),
            Floats::Mean(mean) => mean.value(),
        }
    }
}
