//! Aggregations that pick some series of each group: `topk`, `bottomk`, `limitk`, `limit_ratio`.

use super::{Groups, Param};
use crate::ast::{Aggregate, AggregateOp, TextRange};
use crate::engine::frame::Frame;
use crate::engine::run::Run;
use crate::engine::{Stop, bits};
use crate::eval::aggregate::pick::{K_MAX, K_MIN, warn_of_ratio};
use crate::eval::heap::{Heap, Keep};
use crate::eval::label_hash::sample_offset;

impl Run<'_> {
    pub(super) fn pick(
        &mut self,
        aggregate: &Aggregate,
        param: &Param,
        param_range: TextRange,
        input: &Frame,
    ) -> Result<Frame, Stop> {
        let picks_any = if aggregate.op == AggregateOp::LimitRatio {
            self.check_ratio(param, param_range)?
        } else {
            check_k(param)?
        };
        if !picks_any {
            return Ok(Frame::new(input.steps));
        }
        let mut groups = Groups::new(aggregate);
        let of_rows = groups.of_rows(input);
        let picker = Picker::new(aggregate.op, param, input);
        let mut heaps: Vec<Heap<usize>> = Vec::new();
        // The bits of what is picked, and the rows in the order they are picked for the first time.
        let mut picked = vec![0; input.present.len()];
        let words = bits::words(input.steps);
        let (mut order, mut is_in_order) = (Vec::new(), vec![false; input.len()]);
        for step in 0..input.steps {
            if step.is_multiple_of(64) {
                self.context.cancel.check()?;
            }
            heaps.clear();
            heaps.resize_with(groups.keys.len(), || picker.heap(step));
            for (row, group) in of_rows.iter().enumerate() {
                if let Some(value) = input.value(row, step) {
                    picker.offer(&mut heaps[*group], step, value, row);
                }
            }
            for (_, row) in heaps.drain(..).flat_map(|heap| picker.finish(heap)) {
                bits::set(&mut picked[row * words..][..words], step);
                if !is_in_order[row] {
                    is_in_order[row] = true;
                    order.push(row);
                }
            }
        }
        let mut output = Frame::new(input.steps);
        for row in order {
            output.push(input.keys[row].clone(), input.row(row).0, &picked[row * words..][..words]);
        }
        Ok(output)
    }

    /// Whether any ratio picks anything.
    fn check_ratio(&mut self, param: &Param, range: TextRange) -> Result<bool, Stop> {
        if param.max == 0.0 && param.min == 0.0 {
            return Ok(false);
        }
        if param.has_nan {
            return Err(Stop::Naive);
        }
        warn_of_ratio(&mut self.notes, range, [param.min, param.max]);
        Ok(true)
    }
}

/// Whether any number of series picks anything.
fn check_k(param: &Param) -> Result<bool, Stop> {
    if param.max < 1.0 {
        return Ok(false);
    }
    if param.has_nan || param.min <= K_MIN || param.max >= K_MAX {
        return Err(Stop::Naive);
    }
    Ok(true)
}

/// Picks elements of a group at a step.
struct Picker<'r> {
    op: AggregateOp,
    param: &'r Param,
    rows: usize,
    /// Where between 0 and 1 each row lies.
    offsets: Vec<f64>,
}

impl<'r> Picker<'r> {
    fn new(op: AggregateOp, param: &'r Param, input: &Frame) -> Self {
        let offsets = match op {
            AggregateOp::LimitRatio => {
                input.keys.iter().map(|key| sample_offset(&key.labels)).collect()
            }
            _ => Vec::new(),
        };
        Picker { op, param, rows: input.len(), offsets }
    }

    fn heap(&self, step: usize) -> Heap<usize> {
        let keep = if self.op == AggregateOp::Bottomk { Keep::Smallest } else { Keep::Largest };
        let limit = if self.op == AggregateOp::LimitRatio {
            usize::MAX
        } else {
            usize::try_from(self.param.column.at(step) as i64).unwrap_or_default().min(self.rows)
        };
        Heap::new(keep, limit)
    }

    fn offer(&self, heap: &mut Heap<usize>, step: usize, value: f64, row: usize) {
        let is_wanted = match self.op {
            AggregateOp::Limitk => !heap.is_full(),
            AggregateOp::LimitRatio => {
                let (ratio, offset) =
                    (self.param.column.at(step).clamp(-1.0, 1.0), self.offsets[row]);
                if ratio >= 0.0 { offset < ratio } else { offset >= 1.0 + ratio }
            }
            _ => true,
        };
        if is_wanted {
            heap.offer(value, row);
        }
    }

    fn finish(&self, heap: Heap<usize>) -> Vec<(f64, usize)> {
        match self.op {
            AggregateOp::Topk | AggregateOp::Bottomk => heap.into_sorted(),
            _ => heap.into_items(),
        }
    }
}
