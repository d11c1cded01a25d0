//! Which parts become one.

use std::collections::BTreeMap;

use crate::PartEntry;

/// When merging pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergePolicy {
    /// So many fresh parts of one day are merged.
    pub parts_min: usize,
    /// No more than this goes into one merge, in bytes; at least two parts do.
    pub bytes_max: u64,
}

impl Default for MergePolicy {
    fn default() -> Self {
        MergePolicy { parts_min: 8, bytes_max: 1 << 30 }
    }
}

/// Parts of level 0 and of one day that are to become one of level 1, in order of arrival.
///
/// They are neighbours in that order, so that "the first to arrive stays" holds across merges.
pub fn plan_merge(parts: &[PartEntry], policy: MergePolicy) -> Option<Vec<PartEntry>> {
    let mut days: BTreeMap<i64, Vec<&PartEntry>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.level == 0) {
        days.entry(part.day).or_default().push(part);
    }
    let mut fresh = days.into_values().find(|fresh| fresh.len() >= policy.parts_min.max(2))?;
    fresh.sort_by_key(|part| (part.wal, part.id));
    let (mut plan, mut bytes) = (Vec::new(), 0u64);
    for part in fresh {
        bytes = bytes.saturating_add(part.bytes);
        if bytes > policy.bytes_max && plan.len() >= 2 {
            break;
        }
        plan.push(part.clone());
    }
    Some(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::testing::part;

    fn check(parts: &[PartEntry], bytes_max: u64, expected: Option<&[u64]>) {
        let plan = plan_merge(parts, MergePolicy { parts_min: 3, bytes_max });
        let plan = plan.map(|plan| plan.iter().map(|part| part.id.0).collect::<Vec<_>>());
        assert_eq!(plan.as_deref(), expected);
    }

    #[test]
    fn fresh_parts_of_one_day_in_order_of_arrival() {
        let merged = part(1, 5, 1, 1);
        let parts = [part(9, 5, 0, 2), merged.clone(), part(3, 6, 0, 3), part(2, 5, 0, 4)];
        check(&parts, 1 << 30, None);
        let parts = [part(9, 5, 0, 2), merged, part(3, 5, 0, 3), part(2, 5, 0, 4)];
        check(&parts, 1 << 30, Some(&[9, 3, 2]));
    }

    #[test]
    fn not_more_than_fits() {
        let parts: Vec<_> = (1..6).map(|n| part(n, 5, 0, n)).collect();
        check(&parts, 3500, Some(&[1, 2, 3]));
        check(&parts, 1, Some(&[1, 2]));
    }
}
