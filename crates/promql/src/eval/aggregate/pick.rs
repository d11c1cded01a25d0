//! Aggregations that pick some series of each group: `topk`, `bottomk`, `limitk`, `limit_ratio`.

use model::SampleValue;

use super::super::annotations::Annotations;
use super::super::heap::{Heap, Keep};
use super::super::label_hash::sample_offset;
use super::super::matrix::{Cursor, Element, Matrix, MatrixBuilder};
use super::super::{EvalError, Evaluator, Steps};
use super::{Groups, Params};
use crate::ast::{Aggregate, AggregateOp, TextRange};
use crate::number::format_general;

/// The smallest and the largest number of series that can be asked for.
pub(crate) const K_MIN: f64 = -9_223_372_036_854_775_808.0;
pub(crate) const K_MAX: f64 = 9_223_372_036_854_774_784.0;

impl Evaluator<'_> {
    pub(super) fn pick_series(
        &mut self,
        aggregate: &Aggregate,
        [range, param_range]: [TextRange; 2],
        params: &Params,
        input: &Matrix,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let picks_any = if aggregate.op == AggregateOp::LimitRatio {
            self.check_ratio(params, param_range)?
        } else {
            check_k(params)?
        };
        if !picks_any {
            return Ok(Matrix::new());
        }
        let groups = Groups::of(aggregate, input);
        let mut cursor = Cursor::new(input);
        let mut builder = MatrixBuilder::new(steps);
        for (step, t_ms) in steps.iter().enumerate() {
            self.check_stopped()?;
            let mut picks: Vec<Pick> = Vec::with_capacity(groups.labels.len());
            picks.resize_with(groups.labels.len(), || {
                Pick::new(aggregate.op, params.at(step), input.len())
            });
            for (series, group) in groups.of_series.iter().enumerate() {
                let Some(value) = cursor.value(series, t_ms) else { continue };
                if !picks[*group].offer(value, series, input) {
                    self.notes.ignored_in_aggregation(range, aggregate.op.name());
                }
            }
            for (series, value) in picks.into_iter().flat_map(Pick::finish) {
                let (labels, drops_name) = (input[series].labels.clone(), input[series].drops_name);
                builder.push(t_ms, Element { labels, value, drops_name, series })?;
                self.hold(1)?;
            }
        }
        Ok(builder.finish())
    }

    /// Whether any ratio picks anything.
    fn check_ratio(&mut self, params: &Params, range: TextRange) -> Result<bool, EvalError> {
        if params.max == 0.0 && params.min == 0.0 {
            return Ok(false);
        }
        if params.has_nan {
            return Err(EvalError::Execution("Ratio value is NaN".to_owned()));
        }
        warn_of_ratio(&mut self.notes, range, [params.min, params.max]);
        Ok(true)
    }
}

/// Remarks on the smallest and the largest ratio if they mean no more than others would.
pub(crate) fn warn_of_ratio(notes: &mut Annotations, range: TextRange, [min, max]: [f64; 2]) {
    for (is_outside, ratio, limit) in [(max > 1.0, max, 1.0), (min < -1.0, min, -1.0)] {
        if is_outside {
            let (ratio, limit) = (format_general(ratio), format_general(limit));
            let message =
                format!("ratio value should be between -1 and 1, got {ratio}, capping to {limit}");
            notes.warn(range, message);
        }
    }
}

/// Whether any number of series picks anything.
fn check_k(params: &Params) -> Result<bool, EvalError> {
    if params.max < 1.0 {
        return Ok(false);
    }
    if params.has_nan {
        return Err(EvalError::Execution("Parameter value is NaN".to_owned()));
    }
    for (is_outside, k, how) in
        [(params.min <= K_MIN, params.min, "under"), (params.max >= K_MAX, params.max, "over")]
    {
        if is_outside {
            let message = format!("Scalar value {} {how}flows int64", format_general(k));
            return Err(EvalError::Execution(message));
        }
    }
    Ok(true)
}

/// What is picked of one group at one step.
struct Pick {
    op: AggregateOp,
    ratio: f64,
    heap: Heap<(usize, SampleValue)>,
}

impl Pick {
    fn new(op: AggregateOp, param: f64, series: usize) -> Self {
        let keep = if op == AggregateOp::Bottomk { Keep::Smallest } else { Keep::Largest };
        let limit = if op == AggregateOp::LimitRatio {
            usize::MAX
        } else {
            usize::try_from(param as i64).unwrap_or_default().min(series)
        };
        Pick { op, ratio: param.clamp(-1.0, 1.0), heap: Heap::new(keep, limit) }
    }

    /// Says whether the value can be among those that are picked: histograms have no order.
    fn offer(&mut self, value: SampleValue, series: usize, input: &Matrix) -> bool {
        let is_wanted = match self.op {
            AggregateOp::Limitk => !self.heap.is_full(),
            AggregateOp::LimitRatio => {
                let offset = sample_offset(&input[series].labels);
                if self.ratio >= 0.0 { offset < self.ratio } else { offset >= 1.0 + self.ratio }
            }
            _ if value.as_histogram().is_some() => return self.heap.has_no_room(),
            _ => true,
        };
        if is_wanted {
            self.heap.offer(value.as_float().unwrap_or_default(), (series, value));
        }
        true
    }

    /// The values and their series: the best first where there is a best.
    fn finish(self) -> impl Iterator<Item = (usize, SampleValue)> {
        let picked = match self.op {
            AggregateOp::Topk | AggregateOp::Bottomk => self.heap.into_sorted(),
            _ => self.heap.into_items(),
        };
        picked.into_iter().map(|(_, picked)| picked)
    }
}
