//! Which parts are too old, or too many.

use crate::PartEntry;

/// How long and how much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Parts whose newest instant is older go.
    pub age_ms: Option<i64>,
    /// While all parts together are larger, the oldest goes.
    pub bytes: Option<u64>,
}

/// The parts that are to go.
///
/// Age is counted from the newest instant that is stored, or from now when that is earlier: a clock
/// that jumps ahead expires nothing by itself, and neither does a sample from the future.
pub fn expired(parts: &[PartEntry], retention: Retention, now_ms: i64) -> Vec<PartEntry> {
    let now_ns = now_ms.saturating_mul(1_000_000);
    let newest_ns = parts.iter().map(|part| part.max_ns).max().unwrap_or(now_ns).min(now_ns);
    let horizon_ns = match retention.age_ms {
        Some(age_ms) => newest_ns.saturating_sub(age_ms.saturating_mul(1_000_000)),
        None => i64::MIN,
    };
    let mut oldest_first: Vec<_> = parts.iter().collect();
    oldest_first.sort_by_key(|part| (part.max_ns, part.id));
    let mut bytes: u64 = parts.iter().map(|part| part.bytes).sum();
    let mut gone = Vec::new();
    for part in oldest_first {
        let too_old = part.max_ns < horizon_ns;
        let too_much = retention.bytes.is_some_and(|max| bytes > max);
        if too_old || too_much {
            bytes -= part.bytes;
            gone.push(part.clone());
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::testing::part;

    const DAY_MS: i64 = 86_400_000;

    fn check(retention: Retention, now_day: i64, expected: &[u64]) {
        let parts: Vec<_> = (0..4).map(|n| part(n, n.cast_signed(), 0, n)).collect();
        let gone = expired(&parts, retention, now_day * DAY_MS);
        assert_eq!(gone.iter().map(|part| part.id.0).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn by_age_counted_from_the_newest() {
        let age = |days| Retention { age_ms: Some(days * DAY_MS), bytes: None };
        check(age(2), 4, &[0]);
        check(age(1), 4, &[0, 1]);
        check(age(9), 4, &[]);
        check(age(2), 400, &[0]);
        check(age(1), 2, &[0]);
        check(Retention::default(), 400, &[]);
    }

    #[test]
    fn by_size_the_oldest_first() {
        let bytes = |bytes| Retention { age_ms: None, bytes: Some(bytes) };
        check(bytes(4000), 4, &[]);
        check(bytes(3999), 4, &[0]);
        check(bytes(1500), 4, &[0, 1, 2]);
        check(bytes(0), 4, &[0, 1, 2, 3]);
    }
}
