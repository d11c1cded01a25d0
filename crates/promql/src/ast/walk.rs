//! What lies below a node.

use super::{Expr, ExprKind};

/// The expressions directly below one, in the order they are written.
pub(crate) fn children(expr: &Expr) -> impl Iterator<Item = &Expr> {
    let (first, second, rest): (Option<&Expr>, Option<&Expr>, &[Expr]) = match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Vector(_) | ExprKind::Matrix(_) => {
            (None, None, &[])
        }
        ExprKind::Subquery(subquery) => (Some(&subquery.expr), None, &[]),
        ExprKind::Call(call) => (None, None, &call.args),
        ExprKind::Aggregate(aggregate) => (aggregate.param.as_deref(), Some(&aggregate.expr), &[]),
        ExprKind::Binary(binary) => (Some(&binary.lhs), Some(&binary.rhs), &[]),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => (Some(inner), None, &[]),
    };
    first.into_iter().chain(second).chain(rest)
}
