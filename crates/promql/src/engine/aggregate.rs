//! Aggregations: each series goes straight into its group, for all steps at once.

mod accumulator;
mod count_values;
mod pick;
mod quantile;

use std::collections::HashMap;

use model::Labels;

use super::Stop;
use super::frame::{Column, Frame, Key};
use super::plan::Aggregation;
use super::run::Run;
use crate::ast::{Aggregate, AggregateOp};
use crate::eval::aggregate::group_labels;
use crate::eval::functions::{go_max, go_min};
use crate::eval::steps::Steps;
use accumulator::Accumulators;

/// The groups met so far, in order.
struct Groups<'e> {
    aggregate: &'e Aggregate,
    positions: HashMap<Labels, usize>,
    keys: Vec<Key>,
}

impl<'e> Groups<'e> {
    fn new(aggregate: &'e Aggregate) -> Self {
        Groups { aggregate, positions: HashMap::new(), keys: Vec::new() }
    }

    /// The group of a series.
    fn position(&mut self, key: &Key) -> usize {
        let labels = group_labels(self.aggregate, &self.aggregate.grouping, &key.labels);
        let keys = &mut self.keys;
        let position = *self.positions.entry(labels).or_insert_with_key(|labels| {
            keys.push(Key { labels: labels.clone(), drops_name: false });
            keys.len() - 1
        });
        self.keys[position].drops_name |= key.drops_name;
        position
    }

    /// The group of each row of a frame.
    fn of_rows(&mut self, frame: &Frame) -> Vec<usize> {
        frame.keys.iter().map(|key| self.position(key)).collect()
    }
}

/// The parameter of an aggregation, and what is known of it at all steps.
struct Param {
    column: Column,
    min: f64,
    max: f64,
    has_nan: bool,
}

impl Param {
    fn new(column: Column) -> Self {
        let values = || column.values().iter().copied();
        let min = values().reduce(go_min).unwrap_or_default();
        let max = values().reduce(go_max).unwrap_or_default();
        let has_nan = values().any(f64::is_nan);
        Param { min, max, has_nan, column }
    }
}

impl Run<'_> {
    pub(super) fn aggregate(
        &mut self,
        aggregation: &Aggregation<'_>,
        steps: Steps,
    ) -> Result<Frame, Stop> {
        let Aggregation { aggregate, param, param_range, input } = aggregation;
        let param = match param {
            Some(param) => Some(Param::new(self.scalar(param, steps)?)),
            None => None,
        };
        match (aggregate.op, param) {
            (AggregateOp::CountValues, _) => {
                let frame = self.vector(input, steps)?;
                self.count_values(aggregate, &frame)
            }
            (AggregateOp::Quantile, Some(param)) => {
                let frame = self.vector(input, steps)?;
                Ok(self.quantile(aggregate, &param, *param_range, &frame))
            }
            (_, Some(param)) => {
                let frame = self.vector(input, steps)?;
                self.pick(aggregate, &param, *param_range, &frame)
            }
            (_, None) => self.combine(aggregation, steps),
        }
    }

    /// One value for each group at each step. Only the groups are kept in memory.
    fn combine(&mut self, aggregation: &Aggregation<'_>, steps: Steps) -> Result<Frame, Stop> {
        let room = self.room();
        let count = steps.count();
        let mut groups = Groups::new(aggregation.aggregate);
        let mut accumulators = Accumulators::new(aggregation.aggregate.op, count);
        self.each(&aggregation.input, steps, &mut |key, cells| {
            let group = groups.position(&key);
            if groups.keys.len().saturating_mul(count) > room {
                return Err(Stop::Naive);
            }
            accumulators.add(group, &cells);
            Ok(())
        })?;
        Ok(accumulators.finish(groups.keys))
    }
}
