//! Remarks on native histograms, in Prometheus' words.

use model::{Combined, Quoted};

use super::{Annotation, Annotations, Details, Level, with_name};
use crate::ast::{BinaryOp, TextRange};

/// What histograms are put together for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::eval) enum Operation {
    Addition,
    Subtraction,
    Aggregation,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Operation::Addition => "addition",
            Operation::Subtraction => "subtraction",
            Operation::Aggregation => "aggregation",
        }
    }
}

impl Annotations {
    /// Numbers and histograms in one window.
    pub(in crate::eval) fn mixed_types(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        let message = format!("encountered a mix of histograms and floats for metric name {name}");
        self.warn(range, message);
    }

    /// Numbers and histograms in one group.
    pub(in crate::eval) fn mixed_types_in_aggregation(&mut self, range: TextRange) {
        self.warn(range, "encountered a mix of histograms and floats for aggregation");
    }

    /// Classic buckets and a native histogram under the same labels.
    pub(in crate::eval) fn mixed_classic_and_native(&mut self, range: TextRange, name: &str) {
        let message = "vector contains a mix of classic and native histograms";
        self.warn(range, with_name(message, name));
    }

    /// Exponential and custom bounds.
    pub(in crate::eval) fn mixed_schemes(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        self.warn(
            range,
            format!(
                "vector contains a mix of histograms with exponential and custom buckets schemas \
                 for metric name {name}"
            ),
        );
    }

    pub(in crate::eval) fn not_a_counter(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        self.warn(range, format!("this native histogram metric is not a counter: {name}"));
    }

    pub(in crate::eval) fn not_a_gauge(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        self.warn(range, format!("this native histogram metric is not a gauge: {name}"));
    }

    /// An aggregation that only numbers have.
    pub(in crate::eval) fn ignored_in_aggregation(&mut self, range: TextRange, aggregation: &str) {
        self.info(range, format!("ignored histogram in {aggregation} aggregation"));
    }

    /// A function of windows that only numbers have.
    pub(in crate::eval) fn ignored_in_range(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        self.info(
            range,
            format!(
                "ignored histograms in a range containing both floats and histograms for metric \
                 name {name}"
            ),
        );
    }

    /// An operator between values that do not go together.
    pub(in crate::eval) fn incompatible_types(
        &mut self,
        range: TextRange,
        op: BinaryOp,
        [left, right]: [&str; 2],
    ) {
        let (op, quoted) = (op.symbol(), Quoted(op.symbol()));
        self.info(
            range,
            format!(
                "incompatible sample types encountered for binary operator {quoted}: \
                 {left} {op} {right}"
            ),
        );
    }

    /// An operator between exponential and custom bounds.
    pub(in crate::eval) fn incompatible_layout(&mut self, range: TextRange, op: BinaryOp) {
        let op = op.symbol();
        let message = format!("incompatible bucket layout encountered for binary operator {op}");
        self.warn(range, message);
    }

    /// What had to be done to put histograms together.
    pub(in crate::eval) fn combined(
        &mut self,
        range: TextRange,
        operation: Operation,
        combined: Combined,
    ) {
        if combined.hints_collide {
            self.hints_collide(range, operation);
        }
        if combined.bounds_reconciled {
            self.bounds_reconciled(range, operation);
        }
    }

    /// A reset and an explicit absence of one.
    pub(in crate::eval) fn hints_collide(&mut self, range: TextRange, operation: Operation) {
        let operation = operation.name();
        self.warn(range, format!("conflicting counter resets during histogram {operation}"));
    }

    /// Custom bounds that differ.
    pub(in crate::eval) fn bounds_reconciled(&mut self, range: TextRange, operation: Operation) {
        let operation = operation.name();
        self.info(range, format!("mismatched custom buckets were reconciled during {operation}"));
    }

    /// A quantile above all buckets, because NaNs are in none.
    pub(in crate::eval) fn quantile_is_nan(&mut self, range: TextRange, name: &str) {
        let message = "input to histogram_quantile has NaN observations, result is NaN";
        self.info(range, with_name(message, name));
    }

    /// A quantile that counts NaNs as above all others.
    pub(in crate::eval) fn quantile_is_skewed(&mut self, range: TextRange, name: &str) {
        let message = "input to histogram_quantile has NaN observations, result is skewed higher";
        self.info(range, with_name(message, name));
    }

    /// Fractions that do not add up to 1.
    pub(in crate::eval) fn fraction_without_nans(&mut self, range: TextRange, name: &str) {
        let message = "input to histogram_fraction has NaN observations, which are excluded from \
                       all fractions";
        self.info(range, with_name(message, name));
    }

    /// A sample whose counter began before the sample before it, though not with that one.
    pub(in crate::eval) fn start_time_overlaps(&mut self, range: TextRange, name: &str) {
        let name = Quoted(name);
        self.add(Annotation {
            range,
            level: Level::Warning,
            message: format!(
                "sample has start time that overlaps with previous sample timestamp for metric \
                 {name}"
            ),
            details: Details::Occurrences(1),
        });
    }
}
