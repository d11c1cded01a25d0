//! `count_values`: how many elements have each value.

use std::collections::HashMap;

use model::{Labels, LabelsBuilder, SampleValue};

use super::super::histogram::text as histogram_text;
use super::super::matrix::{Element, Matrix};
use super::super::{EvalError, Evaluator, Steps};
use super::group_labels;
use crate::ast::{Aggregate, Expr, ExprKind};
use crate::number::format_float;

impl Evaluator<'_> {
    pub(super) fn count_values(
        &mut self,
        aggregate: &Aggregate,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let param = aggregate.param.as_deref().map(Expr::without_parens);
        let Some(ExprKind::String(label)) = param.map(|param| &param.kind) else {
            unreachable!("the type check asks for a string")
        };
        let Some(label) = label.as_label_name() else {
            return Err(EvalError::Execution(format!("invalid label name {label}")));
        };
        let mut grouping = aggregate.grouping.clone();
        if !aggregate.without {
            grouping.push(label.to_owned());
        }
        let input = self.eval(&aggregate.expr, steps)?;
        self.per_step(steps, &[input], |_, _, vectors, out| {
            let mut positions: HashMap<Labels, usize> = HashMap::new();
            let mut counts: Vec<(Labels, f64)> = Vec::new();
            for element in &vectors[0] {
                let mut builder = LabelsBuilder::from(&element.labels);
                let text = match &element.value {
                    SampleValue::Float(value) => format_float(*value),
                    SampleValue::Histogram(histogram) => histogram_text(histogram),
                };
                let labels = builder.set(label, &text).build();
                let labels = group_labels(aggregate, &grouping, &labels);
                let position = *positions.entry(labels).or_insert_with_key(|labels| {
                    counts.push((labels.clone(), 0.0));
                    counts.len() - 1
                });
                counts[position].1 += 1.0;
            }
            out.extend(counts.into_iter().map(|(labels, count)| Element::new(labels, count)));
            Ok(())
        })
    }
}
