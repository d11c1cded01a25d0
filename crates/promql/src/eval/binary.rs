//! Operators. Here are those with a scalar on at least one side; between vectors, see `matching`
//! and `set`.

use model::Sample;

use super::matrix::{Element, Matrix};
use super::{EvalError, Evaluator, Steps};
use crate::ast::{Binary, BinaryOp, Expr, TextRange, UnaryOp, ValueType};

/// The operators whose result is a number, on two numbers. Comparisons give 0 or 1.
pub(super) fn arithmetic(op: BinaryOp, a: f64, b: f64) -> f64 {
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

fn compare(op: BinaryOp, a: f64, b: f64) -> bool {
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

/// What an operator makes of two elements: a value, or nothing when the element is filtered out.
/// A comparison that filters keeps the value of the left side.
pub(super) fn of_elements(op: BinaryOp, return_bool: bool, a: f64, b: f64) -> Option<f64> {
    if !op.is_comparison() {
        return Some(arithmetic(op, a, b));
    }
    let holds = compare(op, a, b);
    if return_bool { Some(f64::from(holds)) } else { holds.then_some(a) }
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
        let [lhs, rhs] = sides;
        if types[0] == ValueType::Vector {
            self.with_scalar(binary, range, lhs, &rhs, steps)
        } else {
            self.with_scalar(binary, range, rhs, &lhs, steps)
        }
    }

    fn between_scalars(
        &mut self,
        op: BinaryOp,
        sides: &[Matrix; 2],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        self.per_step(steps, sides, |_, _, vectors, out| {
            if let ([a], [b]) = (vectors[0].as_slice(), vectors[1].as_slice()) {
                out.push(Element::scalar(arithmetic(op, a.value, b.value)));
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
        mut vector: Matrix,
        scalar: &Matrix,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let op = binary.op;
        if op.is_trim() {
            if !vector.is_empty() {
                self.notes.info(range, incompatible_floats(op));
            }
            return Ok(Matrix::new());
        }
        let scalars = scalar.first().map_or(&[][..], |series| &series.samples);
        let vector_is_left = binary.lhs.value_type() == ValueType::Vector;
        let is_filter = op.is_comparison() && !binary.return_bool;
        let value = |sample: &Sample| {
            let scalar = scalars.get(steps.index(sample.t_ms))?.value;
            let (a, b) =
                if vector_is_left { (sample.value, scalar) } else { (scalar, sample.value) };
            let value = of_elements(op, binary.return_bool, a, b)?;
            Some(if is_filter { sample.value } else { value })
        };
        for series in &mut vector {
            series.samples.retain_mut(|sample| {
                let value = value(sample);
                sample.value = value.unwrap_or(sample.value);
                value.is_some()
            });
        }
        vector.retain(|series| !series.samples.is_empty());
        if is_filter { Ok(vector) } else { self.drop_names(vector) }
    }
}

/// The remark on an operator that only histograms have.
pub(super) fn incompatible_floats(op: BinaryOp) -> String {
    let (op, quoted) = (op.symbol(), model::Quoted(op.symbol()));
    format!("incompatible sample types encountered for binary operator {quoted}: float {op} float")
}
