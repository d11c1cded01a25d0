//! Sorted lists of series without repetition.

/// What both have.
pub(crate) fn intersect(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = long;
    let both = short.iter().copied().filter(|series| {
        rest = &rest[seek(rest, *series)..];
        rest.first() == Some(series)
    });
    both.collect()
}

/// What `a` has and `b` has not.
pub(crate) fn subtract(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut rest = b;
    let only = a.iter().copied().filter(|series| {
        rest = &rest[seek(rest, *series)..];
        rest.first() != Some(series)
    });
    only.collect()
}

/// Whether there is something that both have.
pub(crate) fn share_any(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = long;
    short.iter().any(|series| {
        rest = &rest[seek(rest, *series)..];
        rest.first() == Some(series)
    })
}

/// How many come before `series`. The steps double, so that near ones are found at once and far
/// ones in logarithmic time (Bentley and Yao, "An almost optimal algorithm for unbounded
/// searching", 1976).
fn seek(list: &[u32], series: u32) -> usize {
    let mut step = 1;
    while step < list.len() && list[step - 1] < series {
        step *= 2;
    }
    let (from, to) = (step / 2, step.min(list.len()));
    from + list[from..to].partition_point(|other| *other < series)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use env::{Random, SimRandom};

    use super::*;

    #[test]
    fn as_sets_do() {
        let random = SimRandom::seeded(5);
        for _ in 0..2000 {
            let draw = |count: u64, below: u64| {
                let numbers = (0..count).map(|_| (random.next_u64() % below) as u32);
                numbers.collect::<BTreeSet<_>>()
            };
            let (a, b) = (draw(random.next_u64() % 9, 60), draw(random.next_u64() % 40, 60));
            let list = |set: &BTreeSet<u32>| set.iter().copied().collect::<Vec<_>>();
            let both: Vec<_> = a.intersection(&b).copied().collect();
            assert_eq!(intersect(&list(&a), &list(&b)), both);
            assert_eq!(intersect(&list(&b), &list(&a)), both);
            assert_eq!(share_any(&list(&b), &list(&a)), !both.is_empty());
            let only: Vec<_> = a.difference(&b).copied().collect();
            assert_eq!(subtract(&list(&a), &list(&b)), only);
            let only: Vec<_> = b.difference(&a).copied().collect();
            assert_eq!(subtract(&list(&b), &list(&a)), only);
        }
    }
}
