//! Which steps have a value: one bit for each.

/// How many words hold the bits of so many steps.
pub(super) const fn words(steps: usize) -> usize {
    steps.div_ceil(64)
}

pub(super) fn has(bits: &[u64], step: usize) -> bool {
    bits[step / 64] >> (step % 64) & 1 == 1
}

pub(super) fn set(bits: &mut [u64], step: usize) {
    bits[step / 64] |= 1 << (step % 64);
}

/// Sets the first so many bits.
pub(super) fn fill(bits: &mut [u64], steps: usize) {
    for (word, bits) in bits.iter_mut().enumerate() {
        let left = steps.saturating_sub(word * 64);
        *bits = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
    }
}

pub(super) fn count(bits: &[u64]) -> usize {
    bits.iter().map(|word| word.count_ones() as usize).sum()
}

pub(super) fn any(bits: &[u64]) -> bool {
    bits.iter().any(|word| *word != 0)
}

/// The first step that has a value.
pub(super) fn first(bits: &[u64]) -> Option<usize> {
    let word = bits.iter().position(|word| *word != 0)?;
    Some(word * 64 + bits[word].trailing_zeros() as usize)
}

pub(super) fn overlap(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Combines each word with that of another set.
pub(super) fn combine(bits: &mut [u64], other: &[u64], operation: impl Fn(u64, u64) -> u64) {
    for (bits, other) in bits.iter_mut().zip(other) {
        *bits = operation(*bits, *other);
    }
}

/// Calls `visit` for each step that has a value, in order.
pub(super) fn each(bits: &[u64], mut visit: impl FnMut(usize)) {
    for (word, bits) in bits.iter().enumerate() {
        if *bits == u64::MAX {
            (word * 64..word * 64 + 64).for_each(&mut visit);
            continue;
        }
        let mut left = *bits;
        while left != 0 {
            visit(word * 64 + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}

/// Clears the bits of the steps that do not stay.
pub(super) fn retain(bits: &mut [u64], mut stays: impl FnMut(usize) -> bool) {
    for (word, bits) in bits.iter_mut().enumerate() {
        let mut left = *bits;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            if !stays(word * 64 + bit) {
                *bits &= !(1 << bit);
            }
            left &= left - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_found_in_order_across_words() {
        let mut bits = vec![0; words(130)];
        for step in [3, 64, 129] {
            set(&mut bits, step);
        }
        let mut found = Vec::new();
        each(&bits, |step| found.push(step));
        assert_eq!(found, [3, 64, 129]);
        assert_eq!((count(&bits), first(&bits), has(&bits, 64)), (3, Some(3), true));
        retain(&mut bits, |step| step != 3);
        assert_eq!(first(&bits), Some(64));
        fill(&mut bits, 130);
        assert_eq!((count(&bits), has(&bits, 129)), (130, true));
    }
}
