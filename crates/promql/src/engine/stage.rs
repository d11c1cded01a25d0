//! What is done to each row of a vector by itself: functions of values, and operators between a
//! vector and a scalar.

use super::bits;
use super::frame::{Cells, Column};
use super::plan::{Function, WithScalar};
use crate::ast::BinaryOp;
use crate::eval::binary::{arithmetic, compare};
use crate::eval::functions::time::Date;
use crate::eval::functions::{go_max, go_min};
use crate::eval::steps::Steps;

/// What is done to each row, with the values of its parameters.
pub(super) enum Stage<'n> {
    Function(&'n Function<'n>, Vec<Column>),
    Operator(&'n WithScalar<'n>, Column),
}

impl Stage<'_> {
    /// Whether the result is another metric.
    pub(super) fn drops_name(&self) -> bool {
        match self {
            Stage::Function(..) => true,
            Stage::Operator(WithScalar { binary, .. }, _) => {
                binary.op.is_arithmetic() || binary.return_bool
            }
        }
    }

    /// Replaces values or takes them away.
    pub(super) fn apply(&self, cells: &mut Cells<'_>, steps: Steps) {
        match self {
            Stage::Function(function, parameters) => call(function, parameters, cells, steps),
            Stage::Operator(operation, scalar) => operate(operation, scalar, cells),
        }
    }
}

fn call(function: &Function<'_>, parameters: &[Column], cells: &mut Cells<'_>, steps: Steps) {
    match (function, parameters) {
        (Function::OfNumber(function), _) => cells.map(function),
        (Function::Date(part), _) => {
            cells.map(|value| part(Date::of_seconds(value as i64)) as f64);
        }
        (Function::Time, _) => {
            let Cells { values, present } = cells;
            bits::each(present, |step| values[step] = steps.time(step) as f64 / 1000.0);
        }
        (Function::Round(_), [to]) => {
            let Cells { values, present } = cells;
            bits::each(present, |step| {
                // Multiplying by the inverse loses less than dividing.
                let inverse = 1.0 / to.at(step);
                values[step] = (values[step] * inverse + 0.5).floor() / inverse;
            });
        }
        (Function::Clamp(_), [low, high]) => {
            let Cells { values, present } = cells;
            bits::retain(present, |step| {
                let (low, high) = (low.at(step), high.at(step));
                values[step] = go_max(low, go_min(high, values[step]));
                let is_empty = high < low;
                !is_empty
            });
        }
        (Function::Round(_) | Function::Clamp(_), _) => {
            unreachable!("the run works out one column for each parameter")
        }
    }
}

fn operate(operation: &WithScalar<'_>, scalar: &Column, cells: &mut Cells<'_>) {
    let WithScalar { binary, vector_is_left, .. } = operation;
    if binary.op.is_comparison() && !binary.return_bool {
        let Cells { values, present } = cells;
        return bits::retain(present, |step| {
            let (value, scalar) = (values[step], scalar.at(step));
            let (a, b) = if *vector_is_left { (value, scalar) } else { (scalar, value) };
            compare(binary.op, a, b)
        });
    }
    let left = *vector_is_left;
    match binary.op {
        BinaryOp::Add => each(cells, scalar, |value, scalar| value + scalar),
        BinaryOp::Mul => each(cells, scalar, |value, scalar| value * scalar),
        BinaryOp::Sub if left => each(cells, scalar, |value, scalar| value - scalar),
        BinaryOp::Div if left => each(cells, scalar, |value, scalar| value / scalar),
        op if left => each(cells, scalar, |value, scalar| arithmetic(op, value, scalar)),
        op => each(cells, scalar, |value, scalar| arithmetic(op, scalar, value)),
    }
}

/// Combines every value with the scalar; cells without one may come to hold anything.
fn each(cells: &mut Cells<'_>, scalar: &Column, operation: impl Fn(f64, f64) -> f64) {
    match scalar {
        Column::Constant(scalar) => {
            cells.values.iter_mut().for_each(|value| *value = operation(*value, *scalar));
        }
        Column::Each(scalars) => {
            for (value, scalar) in cells.values.iter_mut().zip(scalars) {
                *value = operation(*value, *scalar);
            }
        }
    }
}
