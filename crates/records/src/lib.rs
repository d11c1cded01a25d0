//! Parquet parts and operators for records with open fields.
//!
//! Logs and spans are both records: a time, some known columns, and fields whose names and types
//! nobody declares. This crate keeps them as columns, in memory as Arrow arrays, in the write-ahead
//! log as payloads of its own, on disk as Parquet, and answers queries from those columns.

mod admission;
mod builder;
mod chunk;
mod column;
mod condition;
mod duplicates;
mod fields;
mod flush;
mod gather;
mod head;
pub mod json;
mod latest;
mod layout;
mod merge;
mod open_parts;
mod order;
mod part;
mod payload;
mod query;
mod reader;
mod record_store;
mod scan;
mod search;
mod signal;
mod summary;
mod values;
mod writer;

pub use admission::Admission;
pub use builder::ChunkBuilder;
pub use chunk::Chunk;
pub use column::{ColumnType, Field};
pub use condition::{CellTest, Condition, Leaf};
pub use layout::{Layout, MAX_FIELDS};
pub use part::FORMAT;
pub use payload::{PayloadError, decode_payload, encode_payload};
pub use query::{ScanError, Snapshot};
pub use reader::describe;
pub use record_store::{Batched, OnVisible, RecordStore, RecordStoreOptions};
pub use scan::{Columns, Each, Scan};
pub use search::{Make, Take};
pub use signal::{KnownColumn, REST, SEQUENCE, Signal, TIME, Visibility};
