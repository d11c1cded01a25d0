//! Replays every fuzz entry on its seeds, on every truncation of them, and on every seed with one
//! byte changed; nothing may panic, and memory must stay small.

use protocols::PROTOCOLS;

/// The most memory this process may ever have held. Seeds are a few kilobytes; what mutated lengths
/// and counts announce must not be allocated.
const MEMORY_KIB_MAX: u64 = 200 << 10;

#[test]
fn damaged_seeds_do_no_harm() {
    for protocol in PROTOCOLS {
        let seeds = (protocol.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", protocol.name);
        for seed in seeds {
            (protocol.fuzz)(&seed);
            for len in 0..seed.len() {
                (protocol.fuzz)(&seed[..len]);
            }
            let mut damaged = seed.clone();
            for position in 0..seed.len() {
                let original = seed[position];
                for byte in [0, 0xff, 0x7f, original ^ 1, original ^ 0x80, original.wrapping_add(1)]
                {
                    damaged[position] = byte;
                    (protocol.fuzz)(&damaged);
                }
                damaged[position] = original;
            }
        }
        if let Some(peak) = peak_memory_kib() {
            assert!(peak < MEMORY_KIB_MAX, "after {}: {peak} KiB", protocol.name);
        }
    }
}

/// What Linux says about this process; `None` elsewhere.
#[expect(clippy::disallowed_methods, reason = "env::Fs reads files, and this one has no length")]
fn peak_memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
