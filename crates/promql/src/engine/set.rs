//! `and`, `or`, `unless`: which series match is worked out once, at which steps by their bits.

use std::collections::HashMap;

use model::Labels;

use super::frame::Frame;
use super::matching::Signatures;
use super::run::Run;
use super::{Stop, bits};
use crate::ast::{Binary, BinaryOp, VectorMatching};

impl Run<'_> {
    /// Keeps or adds elements by whether the other side has any that match.
    pub(super) fn set_operation(
        &mut self,
        binary: &Binary,
        mut left: Frame,
        mut right: Frame,
    ) -> Result<Frame, Stop> {
        let Some(matching) = &binary.matching else { return Err(Stop::Naive) };
        if binary.op == BinaryOp::Or {
            return union(matching, &left, &mut right);
        }
        let signatures = Signatures::of(matching, [&left, &right]);
        let there = signatures.presence(1, &right);
        let words = bits::words(left.steps);
        for row in 0..left.len() {
            let signature = signatures.sides[0][row];
            let there = &there[signature * words..][..words];
            let is_and = binary.op == BinaryOp::And;
            let wanted = |own: u64, other: u64| if is_and { own & other } else { own & !other };
            bits::combine(left.cells(row).present, there, wanted);
        }
        Ok(left.by_appearance())
    }
}

/// The left side, and what the right one has where nothing on the left matches.
fn union(matching: &VectorMatching, left: &Frame, right: &mut Frame) -> Result<Frame, Stop> {
    let signatures = Signatures::of(matching, [left, right]);
    let there = signatures.presence(0, left);
    let words = bits::words(left.steps);
    let mut union = Union::new(left.steps);
    for row in 0..left.len() {
        union.take(left, row, row)?;
    }
    for row in 0..right.len() {
        let there = &there[signatures.sides[1][row] * words..][..words];
        bits::combine(right.cells(row).present, there, |own, left| own & !left);
        union.take(right, row, left.len() + row)?;
    }
    Ok(union.finish())
}

/// Rows of two vectors, equal labels in one row.
struct Union {
    frame: Frame,
    /// The row of each label set.
    rows: HashMap<Labels, usize>,
    /// When and where in its vector each row appears first, which is the order of the result.
    appearances: Vec<(usize, usize)>,
}

impl Union {
    fn new(steps: usize) -> Self {
        Union { frame: Frame::new(steps), rows: HashMap::new(), appearances: Vec::new() }
    }

    fn take(&mut self, from: &Frame, row: usize, position: usize) -> Result<(), Stop> {
        let (values, present) = from.row(row);
        let Some(first) = bits::first(present) else { return Ok(()) };
        let (appearance, before) = ((first, position), self.frame.len());
        let target = self.frame.merge(&mut self.rows, from.keys[row].clone(), values, present)?;
        if target == before {
            self.appearances.push(appearance);
        } else if appearance < self.appearances[target] {
            self.appearances[target] = appearance;
            self.frame.keys[target].drops_name = from.keys[row].drops_name;
        }
        Ok(())
    }

    fn finish(self) -> Frame {
        if self.appearances.is_sorted() {
            return self.frame;
        }
        let mut order: Vec<usize> = (0..self.frame.len()).collect();
        order.sort_by_key(|row| self.appearances[*row]);
        self.frame.picked(order)
    }
}
