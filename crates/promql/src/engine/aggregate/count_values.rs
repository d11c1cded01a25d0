//! `count_values`: how many elements have each value.

use std::collections::HashMap;

use model::{Labels, LabelsBuilder};

use crate::ast::{Aggregate, Expr, ExprKind};
use crate::engine::frame::{Frame, Key};
use crate::engine::run::Run;
use crate::engine::{Stop, bits};
use crate::eval::aggregate::group_labels;
use crate::number::format_float;

impl Run<'_> {
    pub(super) fn count_values(
        &mut self,
        aggregate: &Aggregate,
        input: &Frame,
    ) -> Result<Frame, Stop> {
        let param = aggregate.param.as_deref().map(Expr::without_parens);
        let Some(ExprKind::String(label)) = param.map(|param| &param.kind) else {
            return Err(Stop::Naive);
        };
        let label = label.as_label_name().ok_or(Stop::Naive)?;
        let mut grouping = aggregate.grouping.clone();
        if !aggregate.without {
            grouping.push(label.to_owned());
        }
        let mut positions: HashMap<Labels, usize> = HashMap::new();
        let mut output = Frame::new(input.steps);
        // Where the value before was counted: most values stay for many steps.
        let mut last: Vec<Option<(u64, usize)>> = vec![None; input.len()];
        for step in 0..input.steps {
            if step.is_multiple_of(64) {
                self.context.cancel.check()?;
            }
            for (row, last) in last.iter_mut().enumerate() {
                let Some(value) = input.value(row, step) else { continue };
                let position = match *last {
                    Some((bits, position)) if bits == value.to_bits() => position,
                    _ => {
                        let mut builder = LabelsBuilder::from(&input.keys[row].labels);
                        let labels = builder.set(label, &format_float(value)).build();
                        let labels = group_labels(aggregate, &grouping, &labels);
                        let position = positions.get(&labels).copied().unwrap_or(output.len());
                        if position == output.len() {
                            positions.insert(labels.clone(), position);
                            output.push_empty(Key { labels, drops_name: false });
                        }
                        position
                    }
                };
                *last = Some((value.to_bits(), position));
                let cells = output.cells(position);
                cells.values[step] += 1.0;
                bits::set(cells.present, step);
            }
            if output.values.len() > self.room() {
                return Err(Stop::Naive);
            }
        }
        Ok(output)
    }
}
