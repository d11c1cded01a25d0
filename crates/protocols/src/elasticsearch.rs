//! What shippers need of Elasticsearch: `_bulk`, and the calls they make before they send.
//!
//! <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk>. Answers carry the
//! field names, error types and texts of version 8, since clients match on them.

mod action;
mod decode;
mod document;
mod filter_path;
mod fuzz;
mod index;
mod reply;
pub mod startup;

pub use action::Action;
pub use decode::{Bulk, Item, ItemError, Outcome, decode_bulk};
pub use filter_path::filter_path;
pub(crate) use fuzz::{fuzz, seeds};
pub use index::{check_index_name, stream_name};
pub use reply::{accepted, failed, refused};

#[cfg(test)]
mod tests;
