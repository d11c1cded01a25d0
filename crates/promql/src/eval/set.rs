//! `and`, `or`, `unless`.

use super::matching::Signatures;
use super::matrix::Matrix;
use super::{EvalError, Evaluator, Steps};
use crate::ast::{BinaryOp, VectorMatching};

impl Evaluator<'_> {
    /// Keeps or adds elements by whether the other side has any that match.
    pub(super) fn set_operation(
        &mut self,
        op: BinaryOp,
        matching: &VectorMatching,
        sides: &[Matrix; 2],
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let signatures = Signatures::of(matching, sides);
        let mut present = vec![false; signatures.count];
        self.per_step(steps, sides, |_, _, vectors, out| {
            let [left, right] = [&vectors[0], &vectors[1]];
            // For `or` the left side decides what is added of the right one, else it is the
            // other way round.
            let (decides, position) = if op == BinaryOp::Or { (left, 0) } else { (right, 1) };
            present.fill(false);
            for element in decides {
                present[signatures.sides[position][element.series]] = true;
            }
            let signature = |side: usize, series: usize| signatures.sides[side][series];
            match op {
                BinaryOp::Or => {
                    out.extend(left.iter().cloned());
                    let is_new = |series| !present[signature(1, series)];
                    out.extend(right.iter().filter(|e| is_new(e.series)).cloned());
                }
                op => {
                    let wanted = op == BinaryOp::And;
                    let stays = |series| present[signature(0, series)] == wanted;
                    out.extend(left.iter().filter(|e| stays(e.series)).cloned());
                }
            }
            Ok(())
        })
    }
}
