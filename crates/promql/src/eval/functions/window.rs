//! Functions of a range vector: each sees one window of one series at a time.

use model::{LabelsBuilder, METRIC_NAME, MatchOp, Sample};

use super::super::annotations::Annotations;
use super::super::extension::check_function;
use super::super::matrix::{Matrix, Series, without_metadata};
use super::super::select::RangeVector;
use super::super::{EvalError, Evaluator, Steps};
use super::kernel::{Kernel, Window};
use crate::ast::{Call, Expr, ExprKind, TextRange, ValueType, VectorSelector};

/// Endings of names that counters have.
const COUNTER_ENDINGS: [&str; 4] = ["_total", "_sum", "_count", "_bucket"];

impl Evaluator<'_> {
    /// Calls a kernel for every window of every series.
    pub(super) fn over_windows(
        &mut self,
        call: &Call,
        kernel: Kernel,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let is_range = |arg: &&Expr| arg.value_type() == ValueType::Matrix;
        let arg = call.args.iter().find(is_range).expect("the type check asks for a range vector");
        let vector = self.range_vector(arg, steps)?;
        if let Some(extension) = vector.extension {
            check_function(extension, call.function.name)?;
        }
        let mut scalars = Vec::new();
        for arg in call.args.iter().filter(|arg| !is_range(arg)) {
            scalars.push(self.scalar(arg, steps)?);
        }
        let keeps_name = matches!(call.function.name, "first_over_time" | "last_over_time");
        let is_counter = matches!(call.function.name, "rate" | "increase");
        let mut matrix = Matrix::new();
        for series in &vector.series {
            let mut out = self.windows_of(call, kernel, steps, (&vector, series), &scalars)?;
            if is_counter && !out.samples.is_empty() {
                let name = series.labels.metric_name();
                check_counter(&mut self.notes, name, argument_range(arg));
            }
            if out.is_empty() {
                continue;
            }
            let drops_name = !keeps_name || series.drops_name;
            out.labels = if drops_name && !self.options.delayed_name_removal {
                without_metadata(&series.labels)
            } else {
                series.labels.clone()
            };
            out.drops_name = drops_name;
            matrix.push(out);
        }
        if !self.options.delayed_name_removal {
            super::super::matrix::reject_duplicates(&matrix)?;
        }
        Ok(matrix)
    }

    /// What a kernel makes of the windows of one series.
    fn windows_of(
        &mut self,
        call: &Call,
        kernel: Kernel,
        steps: Steps,
        (vector, series): (&RangeVector, &Series),
        scalars: &[Vec<f64>],
    ) -> Result<Series, EvalError> {
        let mut windows = vector.windows(series);
        let mut args = Vec::with_capacity(scalars.len());
        let mut out = Series::default();
        let range = argument_range(&call.args[0]);
        for (step, now_ms) in steps.iter().enumerate() {
            self.check_stopped_at(step)?;
            let end_ms = vector.end_ms(now_ms);
            let part = windows.until(end_ms);
            if part.is_empty() {
                continue;
            }
            args.clear();
            args.extend(scalars.iter().filter_map(|values| values.get(step)));
            if !part.samples.is_empty() {
                self.check_parameters(call, &args)?;
            }
            let start_ms = end_ms.saturating_sub(vector.window_ms);
            let window = Window {
                part,
                samples: part.samples,
                start_ms,
                end_ms,
                extension: vector.extension,
                now_ms,
                args: &args,
                name: series.labels.metric_name(),
                range,
            };
            if let Some(value) = kernel.call(&window, &mut self.notes) {
                out.push(now_ms, value);
            }
        }
        self.hold(out.len())?;
        Ok(out)
    }

    /// What some functions say about their scalar arguments.
    fn check_parameters(&mut self, call: &Call, args: &[f64]) -> Result<(), EvalError> {
        match (call.function.name, args) {
            ("quantile_over_time", [quantile]) => {
                self.notes.check_quantile(call.args[0].without_parens().range, *quantile);
            }
            ("double_exponential_smoothing", [smoothing, trend]) => {
                for (factor, kind, short) in
                    [(smoothing, "smoothing", "sf"), (trend, "trend", "tf")]
                {
                    if *factor <= 0.0 || *factor >= 1.0 {
                        let found = crate::number::format_fixed(*factor, 6);
                        return Err(EvalError::Execution(format!(
                            "invalid {kind} factor. Expected: 0 < {short} < 1, got: {found}"
                        )));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// 1 at each step at which no series has a sample in its window.
    pub(super) fn absent_over_time(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let vector = self.range_vector(&call.args[0], steps)?;
        self.hold(steps.count())?;
        let mut is_present = vec![false; steps.count()];
        for series in &vector.series {
            let mut windows = vector.windows(series);
            for (step, (present, t_ms)) in is_present.iter_mut().zip(steps.iter()).enumerate() {
                self.check_stopped_at(step)?;
                *present |= !windows.until(vector.end_ms(t_ms)).is_empty();
            }
        }
        let absent = steps.iter().zip(&is_present).filter(|(_, present)| !**present);
        let samples: Vec<_> = absent.map(|(t_ms, _)| Sample { t_ms, value: 1.0 }).collect();
        if samples.is_empty() {
            return Ok(Matrix::new());
        }
        let labels = absent_labels(&call.args[0]);
        Ok(vec![Series { labels, samples, drops_name: true, ..Series::default() }])
    }
}

/// Remarks on the rate of something that does not look like a counter.
pub(crate) fn check_counter(notes: &mut Annotations, name: &str, range: TextRange) {
    if !name.is_empty() && !COUNTER_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        let message = format!(
            "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {}",
            model::Quoted(name)
        );
        notes.info(range, message);
    }
}

/// Where remarks about a range vector point to: those about a subquery, to the start of the query.
pub(crate) fn argument_range(arg: &Expr) -> TextRange {
    let arg = arg.without_parens();
    match arg.kind {
        ExprKind::Subquery(_) => TextRange::default(),
        _ => arg.range,
    }
}

/// The labels a selector asks for exactly, which is what something absent would have.
pub(crate) fn absent_labels(arg: &Expr) -> model::Labels {
    let selector: &VectorSelector = match &arg.without_parens().kind {
        ExprKind::Vector(selector) => selector,
        ExprKind::Matrix(matrix) => &matrix.selector,
        _ => return model::Labels::empty(),
    };
    let mut builder = LabelsBuilder::default();
    let mut seen: Vec<&str> = Vec::new();
    for matcher in selector.matchers.iter().filter(|matcher| matcher.name != METRIC_NAME) {
        // What is asked for twice is not known.
        if matcher.op == MatchOp::Equal && !seen.contains(&matcher.name.as_str()) {
            builder.set(&matcher.name, &matcher.value);
            seen.push(&matcher.name);
        } else {
            builder.remove(&matcher.name);
        }
    }
    builder.build()
}
