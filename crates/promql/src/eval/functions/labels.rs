//! Functions that change labels.

use model::{LabelsBuilder, METRIC_NAME, Regexp};

use super::super::matrix::{Matrix, merge_equal_labels};
use super::super::{EvalError, Evaluator, Steps};
use crate::ast::{Call, Expr, ExprKind};

/// The text of a string argument.
pub(super) fn text(arg: &Expr) -> &str {
    match &arg.without_parens().kind {
        ExprKind::String(text) => text,
        _ => unreachable!("the type check asks for a string"),
    }
}

impl Evaluator<'_> {
    /// `label_replace(v, target, replacement, source, pattern)`
    pub(super) fn label_replace(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let [vector, target, replacement, source, pattern] = call.args.as_slice() else {
            unreachable!("the type check asks for five arguments")
        };
        let (target, replacement) = (text(target), text(replacement));
        let (source, pattern) = (text(source), text(pattern));
        let regexp = Regexp::anchored(pattern).map_err(|_| {
            let message = format!("invalid regular expression in label_replace(): {pattern}");
            EvalError::Execution(message)
        })?;
        if target.is_empty() {
            let message = "invalid destination label name in label_replace(): ";
            return Err(EvalError::Execution(message.to_owned()));
        }
        self.relabel(vector, target, steps, |labels| {
            regexp.expand(labels.get(source).unwrap_or_default(), replacement)
        })
    }

    /// `label_join(v, target, separator, source, …)`
    pub(super) fn label_join(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let [vector, target, separator, sources @ ..] = call.args.as_slice() else {
            unreachable!("the type check asks for at least three arguments")
        };
        let (target, separator) = (text(target), text(separator));
        let sources: Vec<_> = sources.iter().map(text).collect();
        for (label, kind) in
            sources.iter().map(|source| (*source, "source")).chain([(target, "destination")])
        {
            if label.is_empty() {
                let message = format!("invalid {kind} label name in label_join(): ");
                return Err(EvalError::Execution(message));
            }
        }
        self.relabel(vector, target, steps, |labels| {
            let values = sources.iter().map(|source| labels.get(source).unwrap_or_default());
            Some(values.collect::<Vec<_>>().join(separator))
        })
    }

    /// Sets one label of each series to what `value` makes of its labels, if it makes anything.
    fn relabel(
        &mut self,
        vector: &Expr,
        target: &str,
        steps: Steps,
        value: impl Fn(&model::Labels) -> Option<String>,
    ) -> Result<Matrix, EvalError> {
        let mut matrix = self.eval(vector, steps)?;
        for series in &mut matrix {
            let Some(value) = value(&series.labels) else { continue };
            let mut builder = LabelsBuilder::from(&series.labels);
            series.labels = builder.set(target, &value).build();
            // A name that was given on purpose stays.
            series.drops_name = series.drops_name && target != METRIC_NAME;
        }
        merge_equal_labels(matrix)
    }
}
