//! Aggregations: which series belong together, and what is made of them at each step.

mod accumulator;
mod count_values;
pub(crate) mod pick;

use std::collections::HashMap;

use model::{Labels, METRIC_NAME};

use super::functions::{go_max, go_min};
use super::matrix::{Cursor, Matrix, Series};
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Aggregate, AggregateOp, TextRange};
use accumulator::{Accumulator, Remarks};

/// Which group each series belongs to.
struct Groups {
    of_series: Vec<usize>,
    /// The labels of each group, in the order the groups are met.
    labels: Vec<Labels>,
}

impl Groups {
    fn of(aggregate: &Aggregate, input: &Matrix) -> Self {
        let mut positions: HashMap<Labels, usize> = HashMap::new();
        let mut groups = Groups { of_series: Vec::with_capacity(input.len()), labels: Vec::new() };
        for series in input {
            let labels = group_labels(aggregate, &aggregate.grouping, &series.labels);
            let position = *positions.entry(labels).or_insert_with_key(|labels| {
                groups.labels.push(labels.clone());
                groups.labels.len() - 1
            });
            groups.of_series.push(position);
        }
        groups
    }
}

/// The labels that a series shares with its group.
pub(crate) fn group_labels(aggregate: &Aggregate, grouping: &[String], labels: &Labels) -> Labels {
    let is_listed = |name: &str| grouping.iter().any(|label| label == name);
    if aggregate.without {
        labels.without(|name| name == METRIC_NAME || is_listed(name))
    } else {
        labels.without(|name| !is_listed(name))
    }
}

impl Evaluator<'_> {
    pub(super) fn aggregate(
        &mut self,
        aggregate: &Aggregate,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        if aggregate.op == AggregateOp::CountValues {
            return self.count_values(aggregate, steps);
        }
        let params = match &aggregate.param {
            Some(param) => Params::new(self.scalar(param, steps)?),
            None => Params::new(Vec::new()),
        };
        let param_range = aggregate.param.as_deref().map_or(range, |p| p.without_parens().range);
        let input = self.eval(&aggregate.expr, steps)?;
        if aggregate.op.picks_series() {
            return self.pick_series(aggregate, [range, param_range], &params, &input, steps);
        }
        if aggregate.op == AggregateOp::Quantile {
            if params.has_nan {
                self.notes.check_quantile(param_range, f64::NAN);
            }
            self.notes.check_quantile(param_range, go_max(params.max, 0.0));
            self.notes.check_quantile(param_range, go_min(params.min, 1.0));
        }
        self.combine_series(aggregate, &params, &input, steps)
    }

    /// One value for each group at each step.
    fn combine_series(
        &mut self,
        aggregate: &Aggregate,
        params: &Params,
        input: &Matrix,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let groups = Groups::of(aggregate, input);
        let mut output: Matrix = groups.labels.into_iter().map(Series::new).collect();
        let range = aggregate.expr.range;
        let mut cursor = Cursor::new(input);
        for (step, t_ms) in steps.iter().enumerate() {
            self.check_stopped()?;
            let mut accumulators: Vec<_> =
                output.iter().map(|_| Accumulator::new(aggregate.op)).collect();
            for (series, group) in groups.of_series.iter().enumerate() {
                let Some(value) = cursor.value(series, t_ms) else { continue };
                let mut remarks = Remarks {
                    notes: &mut self.notes,
                    range,
                    op: aggregate.op,
                    name: input[series].labels.metric_name(),
                };
                accumulators[*group].add(&value, &mut remarks);
                output[*group].drops_name |= input[series].drops_name;
            }
            let param = params.at(step);
            for (series, accumulator) in output.iter_mut().zip(accumulators) {
                if let Some(value) = accumulator.finish(param, &mut self.notes, range) {
                    series.push(t_ms, value);
                }
            }
            self.hold(output.len())?;
        }
        output.retain(|series| !series.is_empty());
        Ok(output)
    }
}

/// The parameter of an aggregation at each step.
struct Params {
    values: Vec<f64>,
    min: f64,
    max: f64,
    has_nan: bool,
}

impl Params {
    fn new(values: Vec<f64>) -> Self {
        let min = values.iter().copied().reduce(go_min).unwrap_or_default();
        let max = values.iter().copied().reduce(go_max).unwrap_or_default();
        let has_nan = values.iter().any(|value| value.is_nan());
        Params { values, min, max, has_nan }
    }

    fn at(&self, step: usize) -> f64 {
        self.values.get(step).copied().unwrap_or_default()
    }
}
