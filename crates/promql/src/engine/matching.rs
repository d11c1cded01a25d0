//! Operators between two vectors: which series match is worked out once, at which steps by their
//! bits. Whatever would be an error is left to the naive evaluator, which says which.

use std::collections::HashMap;

use model::Labels;

use super::frame::{Frame, Key};
use super::run::Run;
use super::{Stop, bits};
use crate::ast::{Binary, BinaryOp, Cardinality, VectorMatching};
use crate::eval::binary::{arithmetic, compare};
use crate::eval::matching::{Naming, matching_labels, result_labels};

/// Which rows of two frames agree in the labels that count: those have equal numbers.
pub(super) struct Signatures {
    /// The number of each row, by side.
    pub(super) sides: [Vec<usize>; 2],
    count: usize,
}

impl Signatures {
    pub(super) fn of(matching: &VectorMatching, frames: [&Frame; 2]) -> Self {
        let mut numbers: HashMap<Labels, usize> = HashMap::new();
        let sides = frames.map(|frame| {
            let of_rows = frame.keys.iter().map(|key| {
                let next = numbers.len();
                *numbers.entry(matching_labels(matching, &key.labels)).or_insert(next)
            });
            of_rows.collect()
        });
        Signatures { sides, count: numbers.len() }
    }

    /// For each signature the steps at which one side has any.
    pub(super) fn presence(&self, side: usize, frame: &Frame) -> Vec<u64> {
        let words = bits::words(frame.steps);
        let mut there = vec![0; self.count * words];
        for (row, signature) in self.sides[side].iter().enumerate() {
            bits::combine(&mut there[signature * words..][..words], frame.bits(row), |a, b| a | b);
        }
        there
    }

    /// The rows of a side with each signature, none of which have values at the same step.
    fn rows(&self, side: usize, frame: &Frame) -> Result<Vec<Vec<usize>>, Stop> {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); self.count];
        for (row, signature) in self.sides[side].iter().enumerate() {
            let others = &mut rows[*signature];
            if others.iter().any(|other| bits::overlap(frame.bits(*other), frame.bits(row))) {
                return Err(Stop::Naive);
            }
            others.push(row);
        }
        Ok(rows)
    }
}

/// The results, put together pair by pair.
struct Results {
    frame: Frame,
    /// The row of each label set.
    rows: HashMap<Labels, usize>,
    /// The steps at which pairs of a row matched, also where a comparison did not hold.
    matched: Vec<u64>,
    /// When and with which row of the "many" side each row appears first.
    appearances: Vec<(usize, usize)>,
}

impl Run<'_> {
    pub(super) fn matched(&mut self, binary: &Binary, sides: &[Frame; 2]) -> Result<Frame, Stop> {
        let Some(matching) = &binary.matching else { return Err(Stop::Naive) };
        // The "many" side is called the left one, whichever it is.
        let is_swapped = matching.cardinality == Cardinality::OneToMany;
        let (left, right) = if is_swapped { (1, 0) } else { (0, 1) };
        let (many, one) = (&sides[left], &sides[right]);
        let signatures = Signatures::of(matching, [&sides[0], &sides[1]]);
        let ones = signatures.rows(right, one)?;
        if matching.cardinality == Cardinality::OneToOne {
            self.check_one_to_one(&signatures, many, one)?;
        }
        let naming = Naming {
            matching,
            loses_name: binary.op.is_arithmetic()
                || binary.return_bool && !self.options.delayed_name_removal,
        };
        let words = bits::words(many.steps);
        let (mut values, mut present) = (vec![0.0; many.steps], vec![0; words]);
        let mut results = Results::new(many.steps);
        for (row, signature) in signatures.sides[left].iter().enumerate() {
            self.context.cancel.check()?;
            for partner in &ones[*signature] {
                let (many_values, many_present) = many.row(row);
                let (one_values, one_present) = one.row(*partner);
                present.copy_from_slice(many_present);
                bits::combine(&mut present, one_present, |many, one| many & one);
                if !bits::any(&present) {
                    continue;
                }
                let labels =
                    result_labels(&naming, &many.keys[row].labels, &one.keys[*partner].labels);
                let key = Key { labels, drops_name: binary.return_bool };
                let (a, b) =
                    if is_swapped { (one_values, many_values) } else { (many_values, one_values) };
                let matched = present.clone();
                operate(binary, a, b, &mut values, &mut present);
                results.add(key, row, &values, &present, &matched)?;
            }
            if results.frame.values.len() > self.room() {
                return Err(Stop::Naive);
            }
        }
        Ok(results.finish())
    }

    /// Fails where several rows of the "many" side match one of the other at the same step.
    fn check_one_to_one(
        &self,
        signatures: &Signatures,
        many: &Frame,
        one: &Frame,
    ) -> Result<(), Stop> {
        let words = bits::words(many.steps);
        let partners = signatures.presence(1, one);
        let mut matched = vec![0; signatures.count * words];
        for (row, signature) in signatures.sides[0].iter().enumerate() {
            let mut own = many.bits(row).to_vec();
            bits::combine(&mut own, &partners[signature * words..][..words], |a, b| a & b);
            let matched = &mut matched[signature * words..][..words];
            if bits::overlap(matched, &own) {
                return Err(Stop::Naive);
            }
            bits::combine(matched, &own, |a, b| a | b);
        }
        Ok(())
    }
}

impl Results {
    fn new(steps: usize) -> Self {
        let (rows, matched, appearances) = (HashMap::new(), Vec::new(), Vec::new());
        Results { frame: Frame::new(steps), rows, matched, appearances }
    }

    fn add(
        &mut self,
        key: Key,
        many: usize,
        values: &[f64],
        present: &[u64],
        matched: &[u64],
    ) -> Result<(), Stop> {
        let appearance = (bits::first(present).unwrap_or(usize::MAX), many);
        let before = self.frame.len();
        let row = self.frame.merge(&mut self.rows, key, values, present)?;
        if row == before {
            self.matched.extend_from_slice(matched);
            self.appearances.push(appearance);
            return Ok(());
        }
        let all = &mut self.matched[row * matched.len()..][..matched.len()];
        if bits::overlap(all, matched) {
            return Err(Stop::Naive);
        }
        bits::combine(all, matched, |a, b| a | b);
        self.appearances[row] = self.appearances[row].min(appearance);
        Ok(())
    }

    fn finish(self) -> Frame {
        let has_values = |row: &usize| self.appearances[*row].0 < usize::MAX;
        let mut order: Vec<usize> = (0..self.frame.len()).filter(has_values).collect();
        if order.len() == self.frame.len() && self.appearances.is_sorted() {
            return self.frame;
        }
        order.sort_by_key(|row| self.appearances[*row]);
        self.frame.picked(order)
    }
}

/// Combines two rows where both have values, and takes away where a comparison does not hold.
fn operate(binary: &Binary, a: &[f64], b: &[f64], values: &mut [f64], present: &mut [u64]) {
    if binary.op.is_comparison() && !binary.return_bool {
        values.copy_from_slice(a);
        return bits::retain(present, |step| compare(binary.op, a[step], b[step]));
    }
    match binary.op {
        BinaryOp::Add => each(a, b, values, |a, b| a + b),
        BinaryOp::Sub => each(a, b, values, |a, b| a - b),
        BinaryOp::Mul => each(a, b, values, |a, b| a * b),
        BinaryOp::Div => each(a, b, values, |a, b| a / b),
        op => each(a, b, values, |a, b| arithmetic(op, a, b)),
    }
}

fn each(a: &[f64], b: &[f64], values: &mut [f64], operation: impl Fn(f64, f64) -> f64) {
    for ((a, b), value) in a.iter().zip(b).zip(values) {
        *value = operation(*a, *b);
    }
}
