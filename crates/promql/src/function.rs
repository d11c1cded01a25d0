//! The functions of the language: their names and what they take and give.

use crate::ast::ValueType;
use ValueType::{Matrix, Scalar, String, Vector};

/// The signature of a function.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments; the last one repeats as `variadic` says.
    pub args: &'static [ValueType],
    /// How the last argument repeats.
    pub variadic: Variadic,
    /// What it gives.
    pub returns: ValueType,
}

/// How often the last argument may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variadic {
    /// Exactly once, as all others.
    No,
    /// From none to so many times.
    UpTo(usize),
    /// Any number of times.
    Any,
}

impl Function {
    /// The function of a name.
    pub fn find(name: &str) -> Option<&'static Function> {
        let position = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
        Some(&FUNCTIONS[position])
    }

    /// Every function, by name.
    pub fn all() -> &'static [Function] {
        &FUNCTIONS
    }
}

const fn vector(name: &'static str, args: &'static [ValueType]) -> Function {
    Function { name, args, variadic: Variadic::No, returns: Vector }
}

const fn variadic(name: &'static str, args: &'static [ValueType], variadic: Variadic) -> Function {
    Function { name, args, variadic, returns: Vector }
}

const fn scalar(name: &'static str, args: &'static [ValueType]) -> Function {
    Function { name, args, variadic: Variadic::No, returns: Scalar }
}

/// Sorted by name.
static FUNCTIONS: [Function; 90] = [
    vector("abs", &[Vector]),
    vector("absent", &[Vector]),
    vector("absent_over_time", &[Matrix]),
    vector("acos", &[Vector]),
    vector("acosh", &[Vector]),
    vector("asin", &[Vector]),
    vector("asinh", &[Vector]),
    vector("atan", &[Vector]),
    vector("atanh", &[Vector]),
    vector("avg_over_time", &[Matrix]),
    vector("ceil", &[Vector]),
    vector("changes", &[Matrix]),
    vector("clamp", &[Vector, Scalar, Scalar]),
    vector("clamp_max", &[Vector, Scalar]),
    vector("clamp_min", &[Vector, Scalar]),
    vector("cos", &[Vector]),
    vector("cosh", &[Vector]),
    vector("count_over_time", &[Matrix]),
    variadic("day_of_month", &[Vector], Variadic::UpTo(1)),
    variadic("day_of_week", &[Vector], Variadic::UpTo(1)),
    variadic("day_of_year", &[Vector], Variadic::UpTo(1)),
    variadic("days_in_month", &[Vector], Variadic::UpTo(1)),
    vector("deg", &[Vector]),
    vector("delta", &[Matrix]),
    vector("deriv", &[Matrix]),
    vector("double_exponential_smoothing", &[Matrix, Scalar, Scalar]),
    scalar("end", &[]),
    vector("exp", &[Vector]),
    vector("first_over_time", &[Matrix]),
    vector("floor", &[Vector]),
    vector("histogram_avg", &[Vector]),
    vector("histogram_count", &[Vector]),
    vector("histogram_fraction", &[Scalar, Scalar, Vector]),
    vector("histogram_quantile", &[Scalar, Vector]),
    variadic("histogram_quantiles", &[Vector, String, Scalar, Scalar], Variadic::UpTo(9)),
    vector("histogram_stddev", &[Vector]),
    vector("histogram_stdvar", &[Vector]),
    vector("histogram_sum", &[Vector]),
    variadic("hour", &[Vector], Variadic::UpTo(1)),
    vector("idelta", &[Matrix]),
    vector("increase", &[Matrix]),
    variadic("info", &[Vector, Vector], Variadic::UpTo(1)),
    vector("irate", &[Matrix]),
    variadic("label_join", &[Vector, String, String, String], Variadic::Any),
    vector("label_replace", &[Vector, String, String, String, String]),
    vector("last_over_time", &[Matrix]),
    vector("ln", &[Vector]),
    vector("log10", &[Vector]),
    vector("log2", &[Vector]),
    vector("mad_over_time", &[Matrix]),
    scalar("max_of", &[Scalar, Scalar]),
    vector("max_over_time", &[Matrix]),
    scalar("min_of", &[Scalar, Scalar]),
    vector("min_over_time", &[Matrix]),
    variadic("minute", &[Vector], Variadic::UpTo(1)),
    variadic("month", &[Vector], Variadic::UpTo(1)),
    scalar("pi", &[]),
    vector("predict_linear", &[Matrix, Scalar]),
    vector("present_over_time", &[Matrix]),
    vector("quantile_over_time", &[Scalar, Matrix]),
    vector("rad", &[Vector]),
    scalar("range", &[]),
    vector("rate", &[Matrix]),
    vector("resets", &[Matrix]),
    variadic("round", &[Vector, Scalar], Variadic::UpTo(1)),
    scalar("scalar", &[Vector]),
    vector("sgn", &[Vector]),
    vector("sin", &[Vector]),
    vector("sinh", &[Vector]),
    vector("sort", &[Vector]),
    variadic("sort_by_label", &[Vector, String], Variadic::Any),
    variadic("sort_by_label_desc", &[Vector, String], Variadic::Any),
    vector("sort_desc", &[Vector]),
    vector("sqrt", &[Vector]),
    scalar("start", &[]),
    vector("start_timestamp", &[Vector]),
    vector("stddev_over_time", &[Matrix]),
    vector("stdvar_over_time", &[Matrix]),
    scalar("step", &[]),
    vector("sum_over_time", &[Matrix]),
    vector("tan", &[Vector]),
    vector("tanh", &[Vector]),
    scalar("time", &[]),
    vector("timestamp", &[Vector]),
    vector("ts_of_first_over_time", &[Matrix]),
    vector("ts_of_last_over_time", &[Matrix]),
    vector("ts_of_max_over_time", &[Matrix]),
    vector("ts_of_min_over_time", &[Matrix]),
    vector("vector", &[Scalar]),
    variadic("year", &[Vector], Variadic::UpTo(1)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_found_by_name() {
        assert!(FUNCTIONS.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(Function::find("rate").map(|f| f.args), Some(&[Matrix][..]));
        assert_eq!(Function::find("RATE"), None);
    }
}
