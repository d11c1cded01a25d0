//! Prometheus remote write 1.0: <https://prometheus.io/docs/specs/prw/remote_write_spec/>.

mod decode;
mod fuzz;
mod reply;

pub use decode::{check_headers, decode};
pub(crate) use fuzz::{fuzz, seeds};
pub use reply::{accepted, failed};

#[cfg(test)]
mod tests;
