//! Operators. Here are those with a scalar on at least one side; between vectors, see `matching`
//! and `set`.

mod elements;

use std::sync::Arc;

use super::matrix::{Element, Matrix};
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Binary, BinaryOp, Expr, TextRange, UnaryOp, ValueType};
pub(super) use elements::{Remark, of_elements};

/// The operators whose result is a number, on two numbers. Comparisons give 0 or 1.
pub(crate) fn arithmetic(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Mod => a % b,
        BinaryOp::Pow => a.powf(b),
        BinaryOp::Atan2 => a.atan2(b),
        op => f64::from(compare(op, a, b)),
    }
}

pub(crate) fn compare(op: BinaryOp, a: f64, b: f64) -> bool {
    match op {
        BinaryOp::Equal => a == b,
        BinaryOp::NotEqual => a != b,
        BinaryOp::Greater => a > b,
        BinaryOp::Less => a < b,
        BinaryOp::GreaterOrEqual => a >= b,
        BinaryOp::LessOrEqual => a <= b,
        _ => false,
    }
}

impl Evaluator<'_> {
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        operand: &Expr,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let mut matrix = self.eval(operand, steps)?;
        if op == UnaryOp::Plus {
            return Ok(matrix);
        }
        for sample in matrix.iter_mut().flat_map(|series| &mut series.samples) {
            sample.value = -sample.value;
        }
        for sample in matrix.iter_mut().flat_map(|series| &mut series.histograms) {
            sample.histogram = Arc::new((*sample.histogram).clone().times(-1.0));
        }
        self.drop_names(matrix)
    }

    pub(super) fn binary(
        &mut self,
        binary: &Binary,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let sides = [self.eval(&binary.lhs, steps)?, self.eval(&binary.rhs, steps)?];
        if let Some(matching) = &binary.matching {
            return if binary.op.is_set() {
                self.set_operation(binary.op, matching, &sides, steps)
            } else {
                self.match_vectors(binary, matching, range, &sides, steps)
            };
        }
        let types = [binary.lhs.value_type(), binary.rhs.value_type()];
        if types == [ValueType::Scalar; 2] {
            return self.between_scalars(binary.op, &sides, steps);
        }
        self.with_scalar(binary, range, &sides, steps)
    }

    fn between_scalars(
        &mut self,
        op: BinaryOp,
        sides: &[Matrix; 2],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        self.per_step(steps, sides, |_, _, vectors, out| {
            if let ([a], [b]) = (vectors[0].as_slice(), vectors[1].as_slice()) {
                let [a, b] = [a, b].map(|e| e.value.as_float().unwrap_or(f64::NAN));
                out.push(Element::scalar(arithmetic(op, a, b)));
            }
            Ok(())
        })
    }

    /// Between each element of a vector and a scalar. A comparison that filters keeps the value of
    /// the element, on whichever side it is.
    fn with_scalar(
        &mut self,
        binary: &Binary,
        range: TextRange,
        sides: &[Matrix; 2],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let op = binary.op;
        let vector_side = usize::from(binary.lhs.value_type() != ValueType::Vector);
        let is_filter = op.is_comparison() && !binary.return_bool;
        let delayed = self.options.delayed_name_removal;
        self.per_step(steps, sides, |notes, _, vectors, out| {
            let [scalar] = vectors[1 - vector_side].as_slice() else { return Ok(()) };
            let mut last_remark = None;
            for element in &vectors[vector_side] {
                let (a, b) = if vector_side == 0 {
                    (&element.value, &scalar.value)
                } else {
                    (&scalar.value, &element.value)
                };
                let value = match of_elements(op, a, b) {
                    Ok(outcome) => outcome.value,
                    Err(remark) => {
                        last_remark = Some(remark);
                        continue;
                    }
                };
                let mut element = element.clone();
                match value {
                    _ if is_filter && value.is_none() => continue,
                    _ if is_filter => {}
                    value if binary.return_bool => {
                        element.value = f64::from(value.is_some()).into();
                    }
                    Some(value) => element.value = value,
                    None => continue,
                }
                if !is_filter && (op.is_arithmetic() || binary.return_bool) {
                    element.drop_name(delayed);
                }
                out.push(element);
            }
            if let Some(remark) = last_remark {
                remark.note(notes, range, op);
            }
            Ok(())
        })
    }
}
