//! Functions that change labels.

use model::{LabelsBuilder, METRIC_NAME, Regexp};

use super::super::matrix::{Matrix, merge_equal_labels};
use super::super::{EvalError, Evaluator, Steps};
use crate::ast::{Call, Expr, ExprKind, StringLiteral};

/// A string argument.
pub(crate) fn text(arg: &Expr) -> &StringLiteral {
    match &arg.without_parens().kind {
        ExprKind::String(text) => text,
        _ => unreachable!("the type check asks for a string"),
    }
}

/// A string argument that names a label.
fn label_name<'e>(arg: &'e Expr, role: &str, function: &str) -> Result<&'e str, EvalError> {
    text(arg).as_label_name().ok_or_else(|| {
        let name = text(arg).to_str_lossy();
        EvalError::Execution(format!("invalid {role} label name in {function}(): {name}"))
    })
}

impl Evaluator<'_> {
    /// `label_replace(v, target, replacement, source, pattern)`
    pub(super) fn label_replace(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let [vector, target, replacement, source, pattern] = call.args.as_slice() else {
            unreachable!("the type check asks for five arguments")
        };
        let pattern = text(pattern).to_str_lossy();
        let regexp = Regexp::anchored(&pattern).map_err(|_| {
            let message = format!("invalid regular expression in label_replace(): {pattern}");
            EvalError::Execution(message)
        })?;
        let target = label_name(target, "destination", "label_replace")?;
        let (replacement, source) = (text(replacement).to_str_lossy(), text(source).to_str_lossy());
        self.relabel(vector, target, steps, |labels| {
            regexp.expand(labels.get(&source).unwrap_or_default(), &replacement)
        })
    }

    /// `label_join(v, target, separator, source, …)`
    pub(super) fn label_join(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let [vector, target, separator, sources @ ..] = call.args.as_slice() else {
            unreachable!("the type check asks for at least three arguments")
        };
        let sources = sources.iter().map(|source| label_name(source, "source", "label_join"));
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        let target = label_name(target, "destination", "label_join")?;
        let separator = text(separator).to_str_lossy();
        self.relabel(vector, target, steps, |labels| {
            let values = sources.iter().map(|source| labels.get(source).unwrap_or_default());
            Some(values.collect::<Vec<_>>().join(&separator))
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
