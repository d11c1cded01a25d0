//! Sorted samples from several sources become one.

use std::cmp::Ordering;

use model::Sample;

/// Merges runs that are each sorted without repetition. Of two samples with one timestamp the one
/// from the earlier run stays.
pub(crate) fn merge_runs(runs: Vec<Vec<Sample>>) -> Vec<Sample> {
    let runs = runs.into_iter().filter(|run| !run.is_empty());
    runs.reduce(merge_two).unwrap_or_default()
}

fn merge_two(mut first: Vec<Sample>, second: Vec<Sample>) -> Vec<Sample> {
    // Sources mostly follow each other in time.
    if first[first.len() - 1].t_ms < second[0].t_ms {
        first.extend_from_slice(&second);
        return first;
    }
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut left, mut right) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.t_ms.cmp(&b.t_ms) {
            Ordering::Less => merged.extend(left.next()),
            Ordering::Greater => merged.extend(right.next()),
            Ordering::Equal => drop(right.next()),
        }
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runs: &[&[(i64, f64)]], expected: &[(i64, f64)]) {
        let samples = |pairs: &[(i64, f64)]| {
            pairs.iter().map(|(t_ms, value)| Sample { t_ms: *t_ms, value: *value }).collect()
        };
        let merged = merge_runs(runs.iter().map(|run| samples(run)).collect());
        assert_eq!(merged, samples(expected));
    }

    #[test]
    fn the_first_of_an_instant_stays() {
        check(&[], &[]);
        check(&[&[], &[(1, 1.0)], &[]], &[(1, 1.0)]);
        check(&[&[(1, 1.0)], &[(2, 2.0)]], &[(1, 1.0), (2, 2.0)]);
        check(&[&[(5, 1.0)], &[(2, 2.0)]], &[(2, 2.0), (5, 1.0)]);
        let runs: [&[(i64, f64)]; 3] =
            [&[(1, 1.0), (4, 1.0)], &[(1, 2.0), (2, 2.0), (5, 2.0)], &[(0, 3.0), (5, 3.0)]];
        check(&runs, &[(0, 3.0), (1, 1.0), (2, 2.0), (4, 1.0), (5, 2.0)]);
    }
}
