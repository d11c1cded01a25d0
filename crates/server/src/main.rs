//! The `sightglass` binary.

fn main() {}
