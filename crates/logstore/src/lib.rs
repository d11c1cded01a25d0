//! The log store: log records in Parquet parts, behind a write-ahead log.
//!
//! `records` keeps and searches the columns; this crate says which columns a log record has, and
//! answers the contract of [`store::LogStore`] from them.

mod disk;
mod record;

pub use disk::{DiskLogStore, LogStoreOptions};
pub use record::{LOGS, MAX_RECORD_BYTES};

/// Reads the bytes of one batch in the write-ahead log; the fuzz target of that format.
///
/// # Errors
/// When the bytes are no such batch.
pub fn decode_batch(bytes: &[u8]) -> Result<model::LogBatch, records::PayloadError> {
    let chunk = records::decode_payload(&LOGS, bytes)?;
    Ok(model::LogBatch {
        records: (0..chunk.rows()).map(|row| record::read(&chunk, row)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use testkit::seeds;

    use super::*;

    /// Whatever the bytes, there is a batch or an error; the seeds themselves are batches.
    #[test]
    fn batches_from_anywhere() {
        seeds::replay("log_batch", 3_000, |bytes| drop(decode_batch(bytes)));
        for seed in seeds::seeds("log_batch") {
            assert!(!decode_batch(&seed).unwrap().records.is_empty());
        }
    }
}
