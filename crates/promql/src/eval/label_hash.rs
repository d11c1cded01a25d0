//! The hash of a label set that `limit_ratio` samples by: XXH64 (Yann Collet,
//! <https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>) over the labels as Prometheus
//! lays them out in memory.

use model::Labels;

/// A number from 0 to 1 that depends on the labels only.
pub(crate) fn sample_offset(labels: &Labels) -> f64 {
    xxh64(&layout(labels)) as f64 / u64::MAX as f64
}

/// Each name and each value behind its length: one byte, or 255 and three bytes.
fn layout(labels: &Labels) -> Vec<u8> {
    let mut out = Vec::with_capacity(labels.byte_len());
    for text in labels.iter().flat_map(|(name, value)| [name, value]) {
        match u8::try_from(text.len()) {
            Ok(length) if length < 255 => out.push(length),
            _ => {
                out.push(255);
                out.extend_from_slice(&text.len().to_le_bytes()[..3]);
            }
        }
        out.extend_from_slice(text.as_bytes());
    }
    out
}

const PRIME_1: u64 = 0x9e37_79b1_85eb_ca87;
const PRIME_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const PRIME_3: u64 = 0x1656_67b1_9e37_79f9;
const PRIME_4: u64 = 0x85eb_ca77_c2b2_ae63;
const PRIME_5: u64 = 0x27d4_eb2f_1656_67c5;

/// XXH64 with seed 0.
fn xxh64(input: &[u8]) -> u64 {
    let (blocks, mut tail) = input.split_at(input.len() / 32 * 32);
    let mut hash = if blocks.is_empty() { PRIME_5 } else { hash_blocks(blocks) };
    hash = hash.wrapping_add(input.len() as u64);
    while let Some((eight, rest)) = tail.split_first_chunk::<8>() {
        hash ^= round(0, u64::from_le_bytes(*eight));
        hash = hash.rotate_left(27).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
        tail = rest;
    }
    if let Some((four, rest)) = tail.split_first_chunk::<4>() {
        hash ^= u64::from(u32::from_le_bytes(*four)).wrapping_mul(PRIME_1);
        hash = hash.rotate_left(23).wrapping_mul(PRIME_2).wrapping_add(PRIME_3);
        tail = rest;
    }
    for byte in tail {
        hash ^= u64::from(*byte).wrapping_mul(PRIME_5);
        hash = hash.rotate_left(11).wrapping_mul(PRIME_1);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(PRIME_2);
    hash = (hash ^ (hash >> 29)).wrapping_mul(PRIME_3);
    hash ^ (hash >> 32)
}

fn hash_blocks(blocks: &[u8]) -> u64 {
    let mut lanes = [PRIME_1.wrapping_add(PRIME_2), PRIME_2, 0, 0u64.wrapping_sub(PRIME_1)];
    for block in blocks.chunks_exact(32) {
        for (lane, chunk) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            let word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            *lane = round(*lane, word);
        }
    }
    let rotations = [1, 7, 12, 18];
    let mut hash = 0u64;
    for (lane, rotation) in lanes.iter().zip(rotations) {
        hash = hash.wrapping_add(lane.rotate_left(rotation));
    }
    for lane in lanes {
        hash = (hash ^ round(0, lane)).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
    }
    hash
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_xxh64() {
        for (text, hash) in [
            ("", 0xef46_db37_51d8_e999),
            ("a", 0xd24e_c4f1_a98c_6e5b),
            ("abc", 0x44bc_2cf5_ad77_0999),
            ("Nobody inspects the spammish repetition", 0xfbce_a83c_8a37_8bf1),
        ] {
            assert_eq!(xxh64(text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn long_texts_have_long_lengths() {
        let value = "x".repeat(300);
        let labels = Labels::from_pairs([("a", value.as_str())]);
        let layout = layout(&labels);
        assert_eq!(&layout[..6], [1, b'a', 255, 44, 1, 0]);
        assert_eq!(layout.len(), 306);
    }
}
