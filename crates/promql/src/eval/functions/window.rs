//! Functions of a range vector: each sees one window of one series at a time.

use model::{LabelsBuilder, METRIC_NAME, MatchOp, Sample};

use super::super::matrix::{Matrix, Series, without_metadata};
use super::super::select::RangeVector;
use super::super::{EvalError, Evaluator, Steps};
use super::{over_time, rates, regression};
use crate::ast::{Call, Expr, ExprKind, TextRange, ValueType, VectorSelector, seconds};

/// What such a function sees: at least one sample.
pub(super) struct Window<'w> {
    pub(super) samples: &'w [Sample],
    /// The samples are after this instant.
    pub(super) start_ms: i64,
    /// The samples are not after this instant.
    pub(super) end_ms: i64,
    /// The step the function is called for.
    pub(super) now_ms: i64,
    /// The other arguments, which are scalars.
    pub(super) args: &'w [f64],
}

impl Window<'_> {
    /// The length of the window in seconds.
    pub(super) fn seconds(&self) -> f64 {
        seconds(self.end_ms - self.start_ms)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().map(|sample| sample.value)
    }
}

/// What such a function makes of a window.
pub(super) type Kernel = fn(&Window<'_>) -> Option<f64>;

/// The function of a name, if it is one of a range vector.
pub(super) fn kernel(name: &str) -> Option<Kernel> {
    Some(match name {
        "rate" => rates::rate,
        "increase" => rates::increase,
        "delta" => rates::delta,
        "irate" => rates::irate,
        "idelta" => rates::idelta,
        "resets" => rates::resets,
        "changes" => rates::changes,
        "avg_over_time" => over_time::avg,
        "count_over_time" => over_time::count,
        "first_over_time" => over_time::first,
        "last_over_time" => over_time::last,
        "mad_over_time" => over_time::mad,
        "max_over_time" => over_time::max,
        "min_over_time" => over_time::min,
        "present_over_time" => over_time::present,
        "quantile_over_time" => over_time::quantile,
        "stddev_over_time" => over_time::stddev,
        "stdvar_over_time" => over_time::stdvar,
        "sum_over_time" => over_time::sum,
        "ts_of_first_over_time" => over_time::ts_of_first,
        "ts_of_last_over_time" => over_time::ts_of_last,
        "ts_of_max_over_time" => over_time::ts_of_max,
        "ts_of_min_over_time" => over_time::ts_of_min,
        "deriv" => regression::deriv,
        "predict_linear" => regression::predict_linear,
        "double_exponential_smoothing" => regression::double_exponential_smoothing,
        _ => return None,
    })
}

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
        let mut scalars = Vec::new();
        for arg in call.args.iter().filter(|arg| !is_range(arg)) {
            scalars.push(self.scalar(arg, steps)?);
        }
        let keeps_name = matches!(call.function.name, "first_over_time" | "last_over_time");
        let is_counter = matches!(call.function.name, "rate" | "increase");
        let mut matrix = Matrix::new();
        for series in &vector.series {
            let samples = self.windows_of(call, kernel, steps, (&vector, series), &scalars)?;
            if samples.is_empty() {
                continue;
            }
            if is_counter {
                self.check_counter(series.labels.metric_name(), argument_range(arg));
            }
            let drops_name = !keeps_name || series.drops_name;
            let labels = if drops_name && !self.options.delayed_name_removal {
                without_metadata(&series.labels)
            } else {
                series.labels.clone()
            };
            matrix.push(Series { labels, samples, drops_name });
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
    ) -> Result<Vec<Sample>, EvalError> {
        let mut windows = vector.windows(&series.samples);
        let mut args = Vec::with_capacity(scalars.len());
        let mut out = Vec::new();
        for (step, now_ms) in steps.iter().enumerate() {
            self.check_stopped_at(step)?;
            let end_ms = vector.end_ms(now_ms);
            let samples = windows.until(end_ms);
            if samples.is_empty() {
                continue;
            }
            args.clear();
            args.extend(scalars.iter().filter_map(|values| values.get(step)));
            self.check_parameters(call, &args)?;
            let start_ms = end_ms.saturating_sub(vector.window_ms);
            let window = Window { samples, start_ms, end_ms, now_ms, args: &args };
            if let Some(value) = kernel(&window) {
                out.push(Sample { t_ms: now_ms, value });
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

    /// Remarks on the rate of something that does not look like a counter.
    fn check_counter(&mut self, name: &str, range: TextRange) {
        if !name.is_empty() && !COUNTER_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let message = format!(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {}",
                model::Quoted(name)
            );
            self.notes.info(range, message);
        }
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
            let mut windows = vector.windows(&series.samples);
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
        Ok(vec![Series { labels, samples, drops_name: true }])
    }
}

/// Where remarks about a range vector point to: those about a subquery, to the start of the query.
fn argument_range(arg: &Expr) -> TextRange {
    let arg = arg.without_parens();
    match arg.kind {
        ExprKind::Subquery(_) => TextRange::default(),
        _ => arg.range,
    }
}

/// The labels a selector asks for exactly, which is what something absent would have.
pub(super) fn absent_labels(arg: &Expr) -> model::Labels {
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
