//! Operators between two values, each of which is a number or a histogram.

use model::{Combined, Histogram, IncompatibleSchemes, SampleValue};

use super::super::annotations::{Annotations, Operation};
use super::super::histogram::{End, trimmed};
use super::{arithmetic, compare};
use crate::ast::{BinaryOp, TextRange};

/// What an operator gives.
pub(in crate::eval) struct Outcome {
    /// The value, or nothing where a comparison does not hold. A comparison that holds gives the
    /// value of the left side.
    pub(in crate::eval) value: Option<SampleValue>,
    pub(in crate::eval) remark: Option<Remark>,
}

/// What is to be said about an operator; the values decide whether there is a result.
#[derive(Clone, Copy, Debug)]
pub(in crate::eval) enum Remark {
    /// There is no such operator between these.
    Types([&'static str; 2]),
    /// Only one of the histograms has custom bounds.
    Layout,
    HintsCollide(Operation),
    BoundsReconciled(Operation),
}

impl Remark {
    pub(in crate::eval) fn note(self, notes: &mut Annotations, range: TextRange, op: BinaryOp) {
        match self {
            Remark::Types(types) => notes.incompatible_types(range, op, types),
            Remark::Layout => notes.incompatible_layout(range, op),
            Remark::HintsCollide(operation) => notes.hints_collide(range, operation),
            Remark::BoundsReconciled(operation) => notes.bounds_reconciled(range, operation),
        }
    }
}

/// What an operator makes of two values.
///
/// # Errors
/// Why there is no result at all.
pub(in crate::eval) fn of_elements(
    op: BinaryOp,
    left: &SampleValue,
    right: &SampleValue,
) -> Result<Outcome, Remark> {
    match (left, right) {
        (SampleValue::Float(a), SampleValue::Float(b)) => of_floats(op, *a, *b),
        (SampleValue::Float(factor), SampleValue::Histogram(histogram)) => match op {
            BinaryOp::Mul => given((**histogram).clone().times(*factor).compact()),
            _ => Err(Remark::Types(["float", "histogram"])),
        },
        (SampleValue::Histogram(histogram), SampleValue::Float(value)) => {
            let histogram = || (**histogram).clone();
            match op {
                BinaryOp::Mul => given(histogram().times(*value).compact()),
                BinaryOp::Div => given(histogram().divided_by(*value).compact()),
                BinaryOp::TrimUpper => given(trimmed(histogram(), *value, End::Upper)),
                BinaryOp::TrimLower => given(trimmed(histogram(), *value, End::Lower)),
                _ => Err(Remark::Types(["histogram", "float"])),
            }
        }
        (SampleValue::Histogram(a), SampleValue::Histogram(b)) => match op {
            BinaryOp::Add => added(a.plus(b), Operation::Addition),
            BinaryOp::Sub => {
                let gauge = |h: Histogram| Histogram { hint: model::ResetHint::Gauge, ..h };
                let difference = a.minus(b).map(|(h, combined)| (gauge(h), combined));
                added(difference, Operation::Subtraction)
            }
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let holds = a.is_same(b) == (op == BinaryOp::Equal);
                Ok(Outcome { value: holds.then(|| left.clone()), remark: None })
            }
            _ => Err(Remark::Types(["histogram", "histogram"])),
        },
    }
}

fn of_floats(op: BinaryOp, a: f64, b: f64) -> Result<Outcome, Remark> {
    if op.is_trim() {
        return Err(Remark::Types(["float", "float"]));
    }
    let value = if op.is_comparison() {
        compare(op, a, b).then_some(a)
    } else {
        Some(arithmetic(op, a, b))
    };
    Ok(Outcome { value: value.map(SampleValue::Float), remark: None })
}

fn given(histogram: Histogram) -> Result<Outcome, Remark> {
    Ok(Outcome { value: Some(histogram.into()), remark: None })
}

fn added(
    result: Result<(Histogram, Combined), IncompatibleSchemes>,
    operation: Operation,
) -> Result<Outcome, Remark> {
    let (histogram, combined) = result.map_err(|IncompatibleSchemes| Remark::Layout)?;
    if combined.hints_collide {
        return Err(Remark::HintsCollide(operation));
    }
    let remark = combined.bounds_reconciled.then_some(Remark::BoundsReconciled(operation));
    Ok(Outcome { value: Some(histogram.compact().into()), remark })
}
