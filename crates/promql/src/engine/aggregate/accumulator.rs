//! What groups gather at each step.

use crate::ast::AggregateOp;
use crate::engine::bits;
use crate::engine::frame::{Cells, Frame, Key};
use crate::eval::sum::{Mean, Sum};

/// The values of all groups, those of one after those of the other; and at which steps each has
/// any.
pub(super) struct Accumulators {
    steps: usize,
    present: Vec<u64>,
    values: Values,
}

enum Values {
    Sum(Vec<f64>, Vec<f64>),
    Mean(Vec<Mean>),
    Count(Vec<f64>),
    Min(Vec<f64>),
    Max(Vec<f64>),
    /// Only whether there is any.
    Group,
    Variance {
        values: Vec<Variance>,
        is_deviation: bool,
    },
}

/// Welford's method.
#[derive(Clone, Copy, Default)]
struct Variance {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Accumulators {
    pub(super) fn new(op: AggregateOp, steps: usize) -> Self {
        let values = match op {
            AggregateOp::Sum => Values::Sum(Vec::new(), Vec::new()),
            AggregateOp::Avg => Values::Mean(Vec::new()),
            AggregateOp::Count => Values::Count(Vec::new()),
            AggregateOp::Min => Values::Min(Vec::new()),
            AggregateOp::Max => Values::Max(Vec::new()),
            AggregateOp::Group => Values::Group,
            AggregateOp::Stddev | AggregateOp::Stdvar => {
                let is_deviation = op == AggregateOp::Stddev;
                Values::Variance { values: Vec::new(), is_deviation }
            }
            AggregateOp::Topk
            | AggregateOp::Bottomk
            | AggregateOp::CountValues
            | AggregateOp::Quantile
            | AggregateOp::Limitk
            | AggregateOp::LimitRatio => unreachable!("these do not combine values one by one"),
        };
        Accumulators { steps, present: Vec::new(), values }
    }

    /// Adds the values of a series to a group, which may be the next one.
    pub(super) fn add(&mut self, group: usize, cells: &Cells<'_>) {
        let words = bits::words(self.steps);
        if (group + 1) * words > self.present.len() {
            self.present.resize((group + 1) * words, 0);
            self.values.resize((group + 1) * self.steps);
        }
        let present = &mut self.present[group * words..][..words];
        let at = group * self.steps..(group + 1) * self.steps;
        match &mut self.values {
            Values::Sum(sums, errors) => add_sums(&mut sums[at.clone()], &mut errors[at], cells),
            Values::Mean(means) => each(present, cells, &mut means[at], |mean, is_first, value| {
                if is_first {
                    *mean = Mean::starting_with(value);
                } else {
                    mean.add(value);
                }
            }),
            Values::Count(counts) => {
                each(present, cells, &mut counts[at], |count, _, _| *count += 1.0);
            }
            Values::Min(mins) => each(present, cells, &mut mins[at], |min, is_first, value| {
                let is_less = is_first || *min > value || min.is_nan();
                *min = if is_less { value } else { *min };
            }),
            Values::Max(maxes) => each(present, cells, &mut maxes[at], |max, is_first, value| {
                let is_more = is_first || *max < value || max.is_nan();
                *max = if is_more { value } else { *max };
            }),
            Values::Group => {}
            Values::Variance { values, .. } => {
                each(present, cells, &mut values[at], Variance::add);
            }
        }
        bits::combine(present, cells.present, |a, b| a | b);
    }

    /// The rows of the groups.
    pub(super) fn finish(self, keys: Vec<Key>) -> Frame {
        let values = match self.values {
            Values::Sum(mut sums, errors) => {
                sums.iter_mut().zip(&errors).for_each(|(sum, error)| *sum += error);
                sums
            }
            Values::Mean(means) => means.into_iter().map(Mean::value).collect(),
            Values::Count(values) | Values::Min(values) | Values::Max(values) => values,
            Values::Group => vec![1.0; keys.len() * self.steps],
            Values::Variance { values, is_deviation } => {
                let of = |variance: Variance| variance.squares / variance.count;
                let of = |v: Variance| if is_deviation { of(v).sqrt() } else { of(v) };
                values.into_iter().map(of).collect()
            }
        };
        Frame::of_parts(self.steps, keys, values, self.present)
    }
}

impl Values {
    fn resize(&mut self, len: usize) {
        match self {
            Values::Sum(sums, errors) => {
                sums.resize(len, 0.0);
                errors.resize(len, 0.0);
            }
            Values::Mean(means) => means.resize(len, Mean::starting_with(0.0)),
            Values::Count(values) | Values::Min(values) | Values::Max(values) => {
                values.resize(len, 0.0);
            }
            Values::Group => {}
            Values::Variance { values, .. } => values.resize(len, Variance::default()),
        }
    }
}

impl Variance {
    fn add(&mut self, is_first: bool, value: f64) {
        if is_first {
            let squares = if value.is_finite() { 0.0 } else { f64::NAN };
            *self = Variance { count: 1.0, mean: value, squares };
            return;
        }
        self.count += 1.0;
        let delta = value - self.mean;
        self.mean += delta / self.count;
        self.squares += delta * (value - self.mean);
    }
}

/// Kahan's sum for each step; a group without values has a sum of zero, which adds nothing.
fn add_sums(sums: &mut [f64], errors: &mut [f64], cells: &Cells<'_>) {
    if bits::count(cells.present) < sums.len() {
        bits::each(cells.present, |step| {
            let mut sum = Sum { sum: sums[step], error: errors[step] };
            sum.add(cells.values[step]);
            (sums[step], errors[step]) = (sum.sum, sum.error);
        });
        return;
    }
    for ((sum, error), value) in sums.iter_mut().zip(errors).zip(cells.values.iter()) {
        // As `Sum::add`, without branches.
        let total = *sum + value;
        let lost_of_value = (*sum - total) + value;
        let lost_of_sum = (value - total) + *sum;
        let lost = if sum.abs() >= value.abs() { lost_of_value } else { lost_of_sum };
        *error = if total.is_infinite() { 0.0 } else { *error + lost };
        *sum = total;
    }
}

/// Calls `add` for each value with what its group has at the step, and whether that is nothing yet.
fn each<T>(
    present: &[u64],
    cells: &Cells<'_>,
    group: &mut [T],
    mut add: impl FnMut(&mut T, bool, f64),
) {
    bits::each(cells.present, |step| {
        add(&mut group[step], !bits::has(present, step), cells.values[step]);
    });
}
