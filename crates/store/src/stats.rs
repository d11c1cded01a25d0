//! How large a store is.

/// Figures for the status page and for metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreStats {
    /// Series with samples in memory; 0 for logs and traces.
    pub series: u64,
    /// Samples, records or spans in memory.
    pub head_rows: u64,
    /// Bytes of memory they occupy.
    pub head_bytes: u64,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// Part files.
    pub parts: u64,
    /// Samples, records or spans in them.
    pub part_rows: u64,
    /// Their bytes.
    pub part_bytes: u64,
    /// The oldest instant that is stored, when anything is.
    pub oldest_ns: Option<i64>,
    /// The newest instant that is stored, when anything is.
    pub newest_ns: Option<i64>,
    /// Damaged files that were put aside.
    pub quarantined: Vec<QuarantinedFile>,
}

/// A damaged file that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedFile {
    /// Where it lies now.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}
