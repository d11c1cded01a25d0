//! What the tests of several crates need.

pub mod corpora;
pub mod http;
mod random;
pub mod records;
pub mod seeds;
mod temp_dir;

pub use random::Rng;
pub use temp_dir::TempDir;
