//! Start timestamps: when the counter behind a sample began to count. They tell of resets that
//! values do not show.

/// Whether a counter began anew between two samples, by the start timestamps and the times of both;
/// 0 for a start that nobody said.
pub(super) fn is_reset_by_start(
    [previous_start_ms, start_ms]: [i64; 2],
    [previous_ms, t_ms]: [i64; 2],
) -> bool {
    if start_ms == 0 || start_ms >= t_ms || start_ms < previous_ms {
        return false;
    }
    if start_ms > previous_ms {
        return true;
    }
    // It began with the sample before. That is a reset if the one before began earlier; without a
    // start of its own it may be the zero the counter began with.
    previous_start_ms <= previous_ms && previous_start_ms != 0 && previous_start_ms != previous_ms
}

/// Whether a counter began before the sample before it, though not with that one.
pub(super) fn overlaps([previous_start_ms, start_ms]: [i64; 2], previous_ms: i64) -> bool {
    start_ms != 0 && start_ms < previous_ms && start_ms != previous_start_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resets_by_start() {
        for (starts, is_reset) in [
            ([0, 0], false),
            ([10, 10], false),
            ([10, 60], true),
            ([10, 80], true),
            ([0, 60], false),
            ([0, 61], true),
            ([60, 60], false),
            ([70, 60], false),
            ([10, 120], false),
        ] {
            assert_eq!(is_reset_by_start(starts, [60, 120]), is_reset, "{starts:?}");
        }
        assert!(overlaps([10, 20], 60) && !overlaps([10, 10], 60) && !overlaps([10, 60], 60));
    }
}
