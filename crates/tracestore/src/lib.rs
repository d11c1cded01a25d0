//! The trace store: spans in Parquet parts, behind a write-ahead log.
//!
//! `records` keeps and searches the columns; this crate says which columns a span has, and answers
//! the contract of [`store::TraceStore`] from them.

mod disk;
mod nested;
mod search;
mod span;

pub use disk::{DiskTraceStore, TraceStoreOptions};
pub use span::{MAX_SPAN_BYTES, SPANS};

/// Reads the bytes of one batch in the write-ahead log; the fuzz target of that format.
///
/// # Errors
/// When the bytes are no such batch.
pub fn decode_batch(bytes: &[u8]) -> Result<model::SpanBatch, records::PayloadError> {
    let chunk = records::decode_payload(&SPANS, bytes)?;
    Ok(model::SpanBatch {
        spans: (0..chunk.rows()).filter_map(|row| span::read(&chunk, row)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use testkit::seeds;

    use super::*;

    /// Whatever the bytes, there is a batch or an error; the seeds themselves are batches.
    #[test]
    fn batches_from_anywhere() {
        seeds::replay("span_batch", 3_000, |bytes| drop(decode_batch(bytes)));
        for seed in seeds::seeds("span_batch") {
            assert!(!decode_batch(&seed).unwrap().spans.is_empty());
        }
    }
}
