//! The metric store: samples in memory and in parts of a format of its own.
//!
//! Samples are not records: nearly all equal their neighbour in time, and all series of a target
//! share their timestamps. So a part holds columns of timestamps that series share, blocks of
//! values, each in the codec that suits it, a directory of series sorted by their labels, and an
//! inverted index. `docs/format/metric-part.md` describes it, `docs/format/metric-batch.md` what
//! lies in the write-ahead log until then.
//!
//! [`DiskMetricStore`] is the contract's `MetricStore` over `storage`.

mod batch;
mod codec;
mod fuzz;
mod head;
mod index;
mod merge;
mod part;
mod runs;
mod store;

pub use fuzz::{check_batch, check_part};
pub use store::{DiskMetricStore, MetricStoreOptions};
