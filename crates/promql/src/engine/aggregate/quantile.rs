//! `quantile`: needs all values of a group at a step.

use super::{Groups, Param};
use crate::ast::{Aggregate, TextRange};
use crate::engine::bits;
use crate::engine::frame::Frame;
use crate::engine::run::Run;
use crate::eval::functions::{go_max, go_min};
use crate::eval::quantile::quantile;

impl Run<'_> {
    pub(super) fn quantile(
        &mut self,
        aggregate: &Aggregate,
        param: &Param,
        param_range: TextRange,
        input: &Frame,
    ) -> Frame {
        if param.has_nan {
            self.notes.check_quantile(param_range, f64::NAN);
        }
        self.notes.check_quantile(param_range, go_max(param.max, 0.0));
        self.notes.check_quantile(param_range, go_min(param.min, 1.0));
        let mut groups = Groups::new(aggregate);
        let of_rows = groups.of_rows(input);
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); groups.keys.len()];
        of_rows.iter().enumerate().for_each(|(row, group)| rows[*group].push(row));
        let mut output = Frame::new(input.steps);
        let mut at_step = Vec::new();
        for (key, rows) in groups.keys.into_iter().zip(rows) {
            let mut cells = output.push_empty(key);
            for row in &rows {
                bits::combine(cells.present, input.bits(*row), |a, b| a | b);
            }
            let present = cells.present.to_vec();
            bits::each(&present, |step| {
                at_step.clear();
                at_step.extend(rows.iter().filter_map(|row| input.value(*row, step)));
                cells.put(step, quantile(param.column.at(step), &mut at_step));
            });
        }
        output
    }
}
