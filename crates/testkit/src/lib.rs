//! What the tests of several crates need.

pub mod corpora;
pub mod http;
mod temp_dir;

pub use temp_dir::TempDir;
