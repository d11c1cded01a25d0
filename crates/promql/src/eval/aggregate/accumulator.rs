//! What a group gathers of its elements at one step.

use super::super::quantile::quantile;
use super::super::sum::{Mean, Sum};
use crate::ast::AggregateOp;

/// What a group has gathered so far: at least one value.
pub(super) enum Accumulator {
    Sum(Sum),
    Mean(Mean),
    Count(f64),
    Min(f64),
    Max(f64),
    Group,
    Variance { count: f64, mean: f64, squares: f64, is_deviation: bool },
    Quantile(Vec<f64>),
}

impl Accumulator {
    pub(super) fn starting_with(op: AggregateOp, value: f64) -> Self {
        match op {
            AggregateOp::Sum => Accumulator::Sum(Sum { sum: value, error: 0.0 }),
            AggregateOp::Avg => Accumulator::Mean(Mean::starting_with(value)),
            AggregateOp::Count => Accumulator::Count(1.0),
            AggregateOp::Min => Accumulator::Min(value),
            AggregateOp::Max => Accumulator::Max(value),
            AggregateOp::Group => Accumulator::Group,
            AggregateOp::Stddev | AggregateOp::Stdvar => {
                let squares = if value.is_finite() { 0.0 } else { f64::NAN };
                let is_deviation = op == AggregateOp::Stddev;
                Accumulator::Variance { count: 1.0, mean: value, squares, is_deviation }
            }
            AggregateOp::Quantile => Accumulator::Quantile(vec![value]),
            AggregateOp::Topk
            | AggregateOp::Bottomk
            | AggregateOp::CountValues
            | AggregateOp::Limitk
            | AggregateOp::LimitRatio => unreachable!("these do not combine values"),
        }
    }

    pub(super) fn add(&mut self, value: f64) {
        match self {
            Accumulator::Sum(sum) => sum.add(value),
            Accumulator::Mean(mean) => mean.add(value),
            Accumulator::Count(count) => *count += 1.0,
            Accumulator::Min(min) if *min > value || min.is_nan() => *min = value,
            Accumulator::Max(max) if *max < value || max.is_nan() => *max = value,
            Accumulator::Min(_) | Accumulator::Max(_) | Accumulator::Group => {}
            Accumulator::Variance { count, mean, squares, .. } => {
                // Welford's method.
                *count += 1.0;
                let delta = value - *mean;
                *mean += delta / *count;
                *squares += delta * (value - *mean);
            }
            Accumulator::Quantile(values) => values.push(value),
        }
    }

    pub(super) fn finish(self, param: f64) -> f64 {
        match self {
            Accumulator::Sum(sum) => sum.total(),
            Accumulator::Mean(mean) => mean.value(),
            Accumulator::Count(value) | Accumulator::Min(value) | Accumulator::Max(value) => value,
            Accumulator::Group => 1.0,
            Accumulator::Variance { count, squares, is_deviation, .. } => {
                let variance = squares / count;
                if is_deviation { variance.sqrt() } else { variance }
            }
            Accumulator::Quantile(mut values) => quantile(param, &mut values),
        }
    }
}
