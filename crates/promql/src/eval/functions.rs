//! The functions, by theme.

mod histogram;
pub(crate) mod kernel;
pub(crate) mod labels;
pub(crate) mod math;
mod over_time;
mod rates;
mod regression;
pub(crate) mod sorting;
pub(crate) mod time;
mod vectors;
pub(crate) mod window;

use model::{Histogram, Sample};

pub(crate) use math::{go_max, go_min};
pub(super) use time::Date;

use super::histogram::variance;
use super::matrix::Matrix;
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Call, Expr, TextRange};

impl Evaluator<'_> {
    /// Calls a function at all steps.
    pub(super) fn call(
        &mut self,
        call: &Call,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let name = call.function.name;
        if let Some(function) = math::of_one_number(name) {
            return self.map(&call.args[0], steps, |sample| Some(function(sample.value)));
        }
        if let Some(function) = of_one_histogram(name) {
            return self.map_histograms(&call.args[0], steps, function);
        }
        if let Some(kernel) = kernel::kernel(name) {
            return self.over_windows(call, kernel, steps);
        }
        if let Some(part) = time::date_part(name) {
            return self.date_part(call, part, steps);
        }
        match name {
            "absent" => self.absent(call, steps),
            "absent_over_time" => self.absent_over_time(call, steps),
            "clamp" | "clamp_max" | "clamp_min" | "round" => self.with_scalars(call, steps),
            "histogram_quantile" => self.histogram_quantile(call, steps),
            "histogram_quantiles" => self.histogram_quantiles(call, steps),
            "histogram_fraction" => self.histogram_fraction(call, steps),
            "label_replace" => self.label_replace(call, steps),
            "label_join" => self.label_join(call, steps),
            "max_of" | "min_of" => self.extreme_of(call, steps),
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => {
                self.sort(call, range, steps)
            }
            "scalar" => self.scalar_of(call, steps),
            "vector" => self.eval(&call.args[0], steps),
            "timestamp" => self.timestamp(call, steps),
            "start_timestamp" => self.start_timestamp(call, steps),
            "info" => self.info(call, steps),
            "time" => self.time(steps),
            "pi" => self.constant(std::f64::consts::PI, steps),
            "start" => self.constant(self.query.start_ms as f64 / 1000.0, steps),
            "end" => self.constant(self.query.end_ms as f64 / 1000.0, steps),
            "step" => self.constant(self.step_seconds(), steps),
            "range" => self.constant(self.range_seconds(), steps),
            other => unreachable!("the function {other} is in the table, so it is one of these"),
        }
    }

    /// Replaces each histogram by a number, and drops numbers and the names.
    fn map_histograms(
        &mut self,
        arg: &Expr,
        steps: Steps,
        value: fn(&Histogram) -> f64,
    ) -> Result<Matrix, EvalError> {
        let mut matrix = self.eval(arg, steps)?;
        for series in &mut matrix {
            let histograms = std::mem::take(&mut series.histograms);
            let samples = histograms.into_iter().map(|sample| {
                let value = value(&sample.histogram);
                Sample { t_ms: sample.t_ms, value }
            });
            series.samples = samples.collect();
        }
        matrix.retain(|series| !series.is_empty());
        self.drop_names(matrix)
    }

    /// Replaces each number by another or by none, and drops histograms and the names.
    fn map(
        &mut self,
        arg: &Expr,
        steps: Steps,
        mut value: impl FnMut(&Sample) -> Option<f64>,
    ) -> Result<Matrix, EvalError> {
        let mut matrix = self.eval(arg, steps)?;
        for series in &mut matrix {
            series.histograms.clear();
            series.samples.retain_mut(|sample| {
                let value = value(sample);
                sample.value = value.unwrap_or(sample.value);
                value.is_some()
            });
        }
        matrix.retain(|series| !series.is_empty());
        self.drop_names(matrix)
    }
}

/// The function of a name, if it makes a number of one histogram.
pub(crate) fn of_one_histogram(name: &str) -> Option<fn(&Histogram) -> f64> {
    Some(match name {
        "histogram_avg" => |histogram| histogram.sum / histogram.count,
        "histogram_count" => |histogram| histogram.count,
        "histogram_sum" => |histogram| histogram.sum,
        "histogram_stddev" => |histogram| variance(histogram).sqrt(),
        "histogram_stdvar" => variance,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use store::{MemStore, QueryContext};

    use crate::ast::ValueType;
    use crate::eval::{EvalError, Options, instant};
    use crate::function::Function;

    /// Every function can be called.
    #[test]
    fn every_function_is_there() {
        let argument = |value_type: &ValueType| match value_type {
            ValueType::Scalar => "0.5",
            ValueType::String => "'a'",
            ValueType::Vector => "vector(1)",
            ValueType::Matrix => "vector(1)[5m:1m]",
        };
        for function in Function::all() {
            let mut arguments: Vec<_> = function.args.iter().map(argument).collect();
            if function.name == "info" {
                arguments[1] = "{a='b'}";
            }
            let query = format!("{}({})", function.name, arguments.join(", "));
            let expr = crate::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}"));
            let (store, context) = (MemStore::new(), QueryContext::default());
            let answer = instant(&expr, &store, 0, &Options::default(), &context);
            assert_eq!(answer.map(|_| ()), Ok::<_, EvalError>(()), "{query}");
        }
    }
}
