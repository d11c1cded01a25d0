//! The order of a vector. Only instant queries have one.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::heap::smallest_first;
use super::super::matrix::{Matrix, Series};
use super::super::quantile::ascending;
use super::super::{EvalError, Evaluator, Steps};
use super::labels::text;
use crate::ast::{Call, TextRange};

/// What is said where sorting changes nothing.
pub(crate) const INEFFECTIVE: &str =
    "sort is ineffective for range queries since results are always ordered by labels";

impl Evaluator<'_> {
    pub(super) fn sort(
        &mut self,
        call: &Call,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        if steps.start_ms != steps.end_ms {
            self.notes.warn(range, INEFFECTIVE);
        }
        let mut matrix = self.eval(&call.args[0], steps)?;
        let value = |series: &Series| series.samples.first().map_or(f64::NAN, |s| s.value);
        let labels: Vec<_> = call.args[1..].iter().map(|arg| text(arg).to_str_lossy()).collect();
        if matches!(call.function.name, "sort" | "sort_desc") {
            // Histograms have no order.
            matrix.iter_mut().for_each(|series| series.histograms.clear());
            matrix.retain(|series| !series.is_empty());
        }
        match call.function.name {
            "sort" => matrix.sort_by(|a, b| smallest_first(value(a), value(b))),
            "sort_desc" => matrix.sort_by(|a, b| ascending(value(b), value(a))),
            "sort_by_label" => matrix.sort_by(|a, b| by_labels(&labels, a, b)),
            _ => matrix.sort_by(|a, b| by_labels(&labels, b, a)),
        }
        Ok(matrix)
    }
}

/// By the values of these labels one after the other, then by all labels.
fn by_labels(names: &[Cow<'_, str>], a: &Series, b: &Series) -> Ordering {
    let by_name = names.iter().map(|name| {
        let [a, b] = [a, b].map(|series| series.labels.get(name).unwrap_or_default());
        natural(a, b)
    });
    by_name.fold(Ordering::Equal, Ordering::then).then_with(|| a.labels.cmp(&b.labels))
}

/// By runs of digits and of other characters, numbers by value: `4m5` is before `4m60`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (run_a, rest_a) = first_run(a);
        let (run_b, rest_b) = first_run(b);
        let order = match (run_a.parse::<u64>(), run_b.parse::<u64>()) {
            (Ok(number_a), Ok(number_b)) => number_a.cmp(&number_b),
            _ => run_a.cmp(run_b),
        };
        if order != Ordering::Equal || run_a.is_empty() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

fn first_run(text: &str) -> (&str, &str) {
    let is_digit = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_texts_count_as_numbers() {
        let mut texts = ["1.111.3", "4m1000", "10", "9", "4m5", "1.2.3", "", "b", "a9b", "a10"];
        texts.sort_by(|a, b| natural(a, b));
        assert_eq!(texts, ["", "1.2.3", "1.111.3", "4m5", "4m1000", "9", "10", "a9b", "a10", "b"]);
    }
}
