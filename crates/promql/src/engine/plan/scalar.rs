//! Scalars, folded where they are constant.

use super::Scalar;
use super::build::Planner;
use crate::ast::{BinaryOp, Call, Expr, ExprKind, UnaryOp};
use crate::engine::Stop;
use crate::eval::binary::arithmetic;
use crate::eval::functions::{go_max, go_min};
use crate::eval::invariance::is_step_invariant;
use crate::eval::steps::Steps;

impl Planner<'_> {
    /// Plans a scalar.
    pub(super) fn scalar<'e>(&mut self, expr: &'e Expr, steps: Steps) -> Result<Scalar<'e>, Stop> {
        let expr = expr.without_parens();
        if steps.is_empty() || steps.count() > self.evaluator.context.limits.samples {
            return Err(Stop::Naive);
        }
        if steps.count() > 1 && is_step_invariant(expr) {
            let once = self.scalar_node(expr, steps.first())?;
            let is_constant = matches!(once, Scalar::Constant(_));
            return Ok(if is_constant { once } else { Scalar::Once(Box::new(once)) });
        }
        self.scalar_node(expr, steps)
    }

    fn scalar_node<'e>(&mut self, expr: &'e Expr, steps: Steps) -> Result<Scalar<'e>, Stop> {
        match &expr.kind {
            ExprKind::Number(number) => Ok(Scalar::Constant(number.value)),
            ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Plus, inner) => {
                self.scalar(inner, steps)
            }
            ExprKind::Unary(UnaryOp::Minus, operand) => Ok(match self.scalar(operand, steps)? {
                Scalar::Constant(value) => Scalar::Constant(-value),
                other => Scalar::Negative(Box::new(other)),
            }),
            ExprKind::Binary(binary) => {
                let sides = [self.scalar(&binary.lhs, steps)?, self.scalar(&binary.rhs, steps)?];
                Ok(folded(function(binary.op), sides))
            }
            ExprKind::Call(call) => self.scalar_call(call, steps),
            _ => Err(Stop::Naive),
        }
    }

    fn scalar_call<'e>(&mut self, call: &'e Call, steps: Steps) -> Result<Scalar<'e>, Stop> {
        let query = self.evaluator.query;
        Ok(match call.function.name {
            "time" => Scalar::Time,
            "pi" => Scalar::Constant(std::f64::consts::PI),
            "start" => Scalar::Constant(query.start_ms as f64 / 1000.0),
            "end" => Scalar::Constant(query.end_ms as f64 / 1000.0),
            "step" => Scalar::Constant(self.evaluator.step_seconds()),
            "range" => Scalar::Constant(self.evaluator.range_seconds()),
            "scalar" => Scalar::Of(Box::new(self.vector(&call.args[0], steps)?)),
            "max_of" | "min_of" => {
                let sides =
                    [self.scalar(&call.args[0], steps)?, self.scalar(&call.args[1], steps)?];
                folded(if call.function.name == "max_of" { go_max } else { go_min }, sides)
            }
            _ => return Err(Stop::Naive),
        })
    }
}

fn folded(function: fn(f64, f64) -> f64, sides: [Scalar<'_>; 2]) -> Scalar<'_> {
    match sides {
        [Scalar::Constant(a), Scalar::Constant(b)] => Scalar::Constant(function(a, b)),
        sides => Scalar::Binary(function, Box::new(sides)),
    }
}

/// An operator as a function; comparisons give 0 or 1.
fn function(op: BinaryOp) -> fn(f64, f64) -> f64 {
    macro_rules! of {
        ($op:ident) => {
            |a, b| arithmetic(BinaryOp::$op, a, b)
        };
    }
    match op {
        BinaryOp::Add => of!(Add),
        BinaryOp::Sub => of!(Sub),
        BinaryOp::Mul => of!(Mul),
        BinaryOp::Div => of!(Div),
        BinaryOp::Mod => of!(Mod),
        BinaryOp::Pow => of!(Pow),
        BinaryOp::Atan2 => of!(Atan2),
        BinaryOp::Equal => of!(Equal),
        BinaryOp::NotEqual => of!(NotEqual),
        BinaryOp::Greater => of!(Greater),
        BinaryOp::Less => of!(Less),
        BinaryOp::GreaterOrEqual => of!(GreaterOrEqual),
        BinaryOp::LessOrEqual => of!(LessOrEqual),
        _ => |_, _| f64::NAN,
    }
}
