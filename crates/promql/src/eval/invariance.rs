//! Which expressions have the same value at every step, so that one evaluation is enough. That
//! also decides what some of them mean: `topk(scalar(k), x @ 10)` takes `k` at the first step.

use crate::ast::{Expr, ExprKind};

/// Functions whose value depends on the step even where that of their arguments does not.
const TIME_FUNCTIONS: [&str; 11] = [
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "days_in_month",
    "hour",
    "minute",
    "month",
    "predict_linear",
    "time",
    "timestamp",
    "year",
];

/// Whether the value of a function depends on the step even where that of its arguments does not.
pub(crate) fn depends_on_time(function: &str) -> bool {
    TIME_FUNCTIONS.contains(&function) || matches!(function, "start" | "end" | "step" | "range")
}

/// Whether an expression has the same value at every step.
pub(crate) fn is_step_invariant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => true,
        ExprKind::Vector(selector) => selector.time.at.is_some(),
        ExprKind::Matrix(matrix) => matrix.selector.time.at.is_some(),
        ExprKind::Subquery(subquery) => subquery.time.at.is_some(),
        ExprKind::Aggregate(aggregate) => is_step_invariant(&aggregate.expr),
        ExprKind::Binary(binary) => {
            is_step_invariant(&binary.lhs) && is_step_invariant(&binary.rhs)
        }
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => is_step_invariant(inner),
        ExprKind::Call(call) => {
            let is_selector = |arg: &Expr| matches!(arg.without_parens().kind, ExprKind::Vector(_));
            // The time of a sample is that of the sample, whatever the step.
            let is_sample_time =
                call.function.name == "timestamp" && call.args.iter().all(is_selector);
            (is_sample_time || !TIME_FUNCTIONS.contains(&call.function.name))
                && call.args.iter().all(is_step_invariant)
        }
    }
}
