//! Timestamps: regular ones cost a zero each, which compresses to nearly nothing.
//!
//! First the instant, then the first difference, then how each difference differs from the one
//! before (Pelkonen et al., "Gorilla", VLDB 2015, with whole bytes instead of bits). Differences
//! wrap, so that every pair of instants has one.

use super::{BLOCK_SAMPLES_MAX, Cursor, Malformed, put_ivarint, put_uvarint};

/// At most [`BLOCK_SAMPLES_MAX`] instants, strictly increasing.
pub(crate) fn put_times(times_ms: &[i64], out: &mut Vec<u8>) {
    put_uvarint(out, times_ms.len() as u64);
    let (mut previous, mut step) = (0i64, 0i64);
    for (position, time_ms) in times_ms.iter().enumerate() {
        let next_step = time_ms.wrapping_sub(previous);
        put_ivarint(out, next_step.wrapping_sub(step));
        // The first instant is no step.
        step = if position == 0 { 0 } else { next_step };
        previous = *time_ms;
    }
}

/// Reads instants; whether they increase is checked.
pub(crate) fn get_times(cursor: &mut Cursor<'_>) -> Result<Vec<i64>, Malformed> {
    let count = cursor.count()?;
    if count > BLOCK_SAMPLES_MAX {
        return Err(Malformed("a block has too many samples"));
    }
    let mut times_ms = Vec::with_capacity(count);
    let (mut previous, mut step) = (0i64, 0i64);
    for position in 0..count {
        let next_step = step.wrapping_add(cursor.ivarint()?);
        let time_ms = previous.wrapping_add(next_step);
        if position > 0 && time_ms <= previous {
            return Err(Malformed("timestamps do not increase"));
        }
        step = if position == 0 { 0 } else { next_step };
        times_ms.push(time_ms);
        previous = time_ms;
    }
    Ok(times_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(times_ms: &[i64], len_max: usize) {
        let mut out = Vec::new();
        put_times(times_ms, &mut out);
        assert_eq!(get_times(&mut Cursor::new(&out)).as_deref(), Ok(times_ms));
        assert!(out.len() <= len_max, "{} bytes", out.len());
    }

    #[test]
    fn instants_come_back() {
        check(&[], 1);
        check(&[0], 2);
        check(&[0, 1, 2], 4);
        check(&[i64::MIN, -5, 0, 1, i64::MAX], 50);
        let regular: Vec<_> = (0..120).map(|n| 1_700_000_000_123 + n * 15_000).collect();
        check(&regular, 1 + 6 + 3 + 118);
    }

    #[test]
    fn what_does_not_increase_is_refused() {
        let mut out = Vec::new();
        put_times(&[5, 5], &mut out);
        assert!(get_times(&mut Cursor::new(&out)).is_err());
    }

    #[test]
    fn too_many_are_refused() {
        let mut out = Vec::new();
        put_times(&(0..5000).collect::<Vec<_>>(), &mut out);
        assert!(get_times(&mut Cursor::new(&out)).is_err());
    }
}
