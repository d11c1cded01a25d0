//! Custom bounds: histograms whose bounds differ agree on those they have in common.

use std::sync::Arc;

use super::sum::Counts;
use crate::KahanSum;

/// The bounds that both have; both ascend.
pub(super) fn common(a: &[f64], b: &[f64]) -> Arc<[f64]> {
    let (mut a_rest, mut b_rest) = (a, b);
    let mut common = Vec::new();
    while let ([a_first, a_after @ ..], [b_first, b_after @ ..]) = (a_rest, b_rest) {
        if a_first == b_first {
            common.push(*a_first);
        }
        if a_first <= b_first {
            a_rest = a_after;
        }
        if b_first <= a_first {
            b_rest = b_after;
        }
    }
    common.into()
}

/// Adds counts by these bounds to those by fewer bounds, one more than which there are.
pub(super) fn add_coarser(
    counts: &Counts,
    bounds: &[f64],
    coarse_bounds: &[f64],
    out: &mut [KahanSum],
) {
    for (index, count) in counts {
        let bound = usize::try_from(*index).ok().and_then(|index| bounds.get(index));
        // Whatever lies above the last bound goes to the last bucket.
        let target = bound
            .map_or(out.len() - 1, |bound| coarse_bounds.partition_point(|coarse| coarse < bound));
        out[target].add(count.sum);
        out[target].add(count.error);
    }
}
