//! Every expression of a list, asked of both at an instant and over a range.

use super::answer::{Agreement, Question, agreement};
use super::{Pair, dataset};
use crate::deadline::now_ms;
use crate::http::Connection;

const EXPRESSIONS: &str = include_str!("expressions.txt");

/// How both answered one question.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The expression.
    pub expression: String,
    /// Whether it was asked over a range.
    pub is_range: bool,
    /// How far the answers agree.
    pub agreement: Agreement,
}

/// Asks both everything.
///
/// # Panics
/// When a server cannot be started, written to or asked.
pub fn compare() -> Vec<Comparison> {
    // The samples end before now, at no round time.
    let end_ms = (now_ms() - 60_000) / 60_000 * 60_000 + 7_300;
    let dataset = dataset::services(end_ms - 3_600_000);
    let pair = Pair::with(&dataset);
    let mut connections =
        pair.addresses().map(|address| Connection::open(address).expect("both listen"));
    let mut comparisons = Vec::new();
    for expression in expressions(dataset.end_ms() / 1000 - 1_800) {
        for is_range in [false, true] {
            let question = question(&expression, &dataset, is_range);
            let [ours, theirs] = connections.each_mut().map(|server| question.ask(server));
            let agreement = agreement(&ours, &theirs);
            comparisons.push(Comparison { expression: expression.clone(), is_range, agreement });
        }
    }
    comparisons
}

/// Instants that no sample and no step of a subquery has: Prometheus 2 takes the left end of a
/// window in, and Prometheus 3 does not.
fn question(expression: &str, dataset: &dataset::Dataset, is_range: bool) -> Question {
    let end_ms = dataset.end_ms() - 6_066;
    let expression = expression.to_owned();
    let step_ms = if is_range { 47_000 } else { 0 };
    Question { expression, start_ms: end_ms - 2_100_000, end_ms, step_ms }
}

/// The list, with the middle of the data where it is asked for.
fn expressions(middle_seconds: i64) -> Vec<String> {
    let middle = format!("{middle_seconds}.123");
    let lines = EXPRESSIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.replace("$MID", &middle)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_is_long_and_says_nothing_twice() {
        let all = expressions(1_700_000_000);
        let distinct: BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert!(all.len() >= 300, "{}", all.len());
    }
}
