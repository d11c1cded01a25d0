//! Replays the seeds of a fuzz target in the ordinary run, with mutations of them.

use std::path::{Path, PathBuf};

use env::{Random, SimRandom};

use crate::corpora;

/// The seeds of a fuzz target, in `fuzz/seeds/<target>/`, sorted by name.
///
/// # Panics
/// When there are none.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let folder = folder.join(target);
    let seeds: Vec<_> =
        corpora::files(&folder, "").into_iter().map(|(_, content)| content).collect();
    assert!(!seeds.is_empty(), "there are no seeds in {}", folder.display());
    seeds
}

/// Calls `run` with each seed of a target and with `mutations` others made from them, the same in
/// every run.
///
/// # Panics
/// When there are no seeds.
pub fn replay(target: &str, mutations: usize, run: impl Fn(&[u8])) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| run(seed));
    let numbers = Numbers(SimRandom::seeded(1));
    for _ in 0..mutations {
        run(&numbers.mutated(&seeds));
    }
}

struct Numbers(SimRandom);

impl Numbers {
    fn below(&self, limit: usize) -> usize {
        (self.0.next_u64() % limit.max(1) as u64) as usize
    }

    /// One seed with some bytes taken out, pieces of another put in, or a byte changed.
    fn mutated(&self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let removed = self.below(9).min(bytes.len() - at);
            match self.below(3) {
                0 => drop(bytes.drain(at..at + removed)),
                1 => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len());
                    let to = other.len().min(from + self.below(16));
                    bytes.splice(at..at + removed, other[from..to].iter().copied());
                }
                _ => bytes.iter_mut().skip(at).take(1).for_each(|b| *b ^= 1 << self.below(8)),
            }
        }
        bytes
    }
}
