//! Functions of instant vectors and scalars that fit no other theme.

use super::super::matrix::{Element, Matrix};
use super::super::{EvalError, Evaluator, Steps};
use super::window::absent_labels;
use super::{go_max, go_min};
use crate::ast::Call;

impl Evaluator<'_> {
    /// 1 where a vector is empty.
    pub(super) fn absent(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let vector = self.eval(&call.args[0], steps)?;
        let labels = absent_labels(&call.args[0]);
        self.per_step(steps, &[vector], |_, _, vectors, out| {
            if vectors[0].is_empty() {
                out.push(Element::new(labels.clone(), 1.0));
            }
            Ok(())
        })
    }

    /// The only number of a vector, or NaN.
    pub(super) fn scalar_of(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let vector = self.eval(&call.args[0], steps)?;
        self.per_step(steps, &[vector], |_, _, vectors, out| {
            let mut numbers = vectors[0].iter().filter_map(|element| element.value.as_float());
            let value = match (numbers.next(), numbers.next()) {
                (Some(only), None) => only,
                _ => f64::NAN,
            };
            out.push(Element::scalar(value));
            Ok(())
        })
    }

    /// Functions of each element and of scalars: `clamp` and `round`.
    pub(super) fn with_scalars(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let mut scalars = Vec::new();
        for arg in &call.args[1..] {
            scalars.push(self.scalar(arg, steps)?);
        }
        let at = |position: usize, step: usize| -> Option<f64> {
            scalars.get(position).and_then(|values: &Vec<f64>| values.get(step)).copied()
        };
        self.map(&call.args[0], steps, |sample| {
            let step = steps.index(sample.t_ms);
            let (low, high) = match call.function.name {
                "round" => {
                    // Multiplying by the inverse loses less than dividing.
                    let inverse = 1.0 / at(0, step).unwrap_or(1.0);
                    return Some((sample.value * inverse + 0.5).floor() / inverse);
                }
                "clamp_min" => (at(0, step)?, f64::INFINITY),
                "clamp_max" => (f64::NEG_INFINITY, at(0, step)?),
                _ => (at(0, step)?, at(1, step)?),
            };
            if high < low { None } else { Some(go_max(low, go_min(high, sample.value))) }
        })
    }

    /// `min_of` and `max_of` of two scalars.
    pub(super) fn extreme_of(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        let a = self.eval(&call.args[0], steps)?;
        let b = self.eval(&call.args[1], steps)?;
        let pick = if call.function.name == "max_of" { go_max } else { go_min };
        self.per_step(steps, &[a, b], |_, _, vectors, out| {
            if let ([a], [b]) = (vectors[0].as_slice(), vectors[1].as_slice()) {
                let [a, b] = [a, b].map(|e| e.value.as_float().unwrap_or(f64::NAN));
                out.push(Element::scalar(pick(a, b)));
            }
            Ok(())
        })
    }
}
