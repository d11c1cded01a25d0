//! The same query at other times: with `@` everywhere the answer does not change.

use super::command::{Eval, Times};
use crate::ast::{At, Expr, ExprKind, TimeModifiers};
use crate::eval::depends_on_time;

/// The query as it is, and with every selector fixed in time at some other instants.
pub(super) fn at_other_times(expr: &Expr, eval: &Eval) -> Vec<(Expr, i64)> {
    let Times::Instant(asked_ms) = eval.times else { return Vec::new() };
    let mut variants = vec![(expr.clone(), asked_ms)];
    let mut fixed = expr.clone();
    // A range vector that is expected names its own end as the time that counts.
    let at_ms = eval.vector_times.map_or(asked_ms, |(_, end_ms, _)| end_ms);
    if fix(&mut fixed, at_ms) {
        let others = if at_ms == 0 {
            vec![-1000, 0, 1000]
        } else {
            vec![-10 * at_ms, 0, at_ms / 5, at_ms, 10 * at_ms]
        };
        variants.extend(others.into_iter().map(|t_ms| (fixed.clone(), t_ms)));
    }
    variants
}

/// Fixes what is not fixed yet; says whether that makes the whole independent of time.
fn fix(expr: &mut Expr, at_ms: i64) -> bool {
    let set = |time: &mut TimeModifiers| {
        time.at.get_or_insert(At::Time(at_ms));
    };
    match &mut expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => true,
        ExprKind::Vector(selector) => {
            set(&mut selector.time);
            true
        }
        ExprKind::Matrix(matrix) => {
            set(&mut matrix.selector.time);
            true
        }
        // What is inside is evaluated at the times of the subquery.
        ExprKind::Subquery(subquery) => {
            set(&mut subquery.time);
            !contains_time_function(&subquery.expr)
        }
        ExprKind::Call(call) => {
            let mut is_fixed = !depends_on_time(call.function.name);
            for arg in &mut call.args {
                is_fixed &= fix(arg, at_ms);
            }
            is_fixed
        }
        ExprKind::Aggregate(aggregate) => {
            let param = aggregate.param.as_mut().is_none_or(|param| fix(param, at_ms));
            fix(&mut aggregate.expr, at_ms) && param
        }
        ExprKind::Binary(binary) => {
            let left = fix(&mut binary.lhs, at_ms);
            fix(&mut binary.rhs, at_ms) && left
        }
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => fix(inner, at_ms),
    }
}

fn contains_time_function(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |expr| {
        if let ExprKind::Call(call) = &expr.kind {
            found |= depends_on_time(call.function.name);
        }
    });
    found
}
