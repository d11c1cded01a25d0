//! The `storage` and `runtime` blocks: read and checked; Sightglass has its own settings for them.

use http_client::HttpClientConfig;
use serde::de::{Deserialize, DeserializeSeed, Deserializer};

use super::ConfigError;
use super::schema::{Fields, Schema, anything, schema};

schema!(RETENTION: "config.plain" { time: Duration, size: Size, percentage: Float } retention);

schema!(CHUNK_ENCODING: "config.ChunkEncodingConfig" { floats: Text } anything);

schema!(TSDB: "config.plain" {
    out_of_order_time_window: Duration, stale_series_compaction_threshold: Float,
    chunk_encoding: One(&CHUNK_ENCODING), retention: One(&RETENTION),
} tsdb);

schema!(EXEMPLARS: "config.ExemplarsConfig" { max_exemplars: Int } anything);

schema!(STORAGE: "config.StorageConfig" {
    tsdb: One(&TSDB), exemplars: One(&EXEMPLARS),
} anything);

schema!(RUNTIME: "config.RuntimeConfig" { gogc: Int } anything);

/// The `storage` block.
#[derive(Debug, Default)]
pub(super) struct Storage {
    /// Whether it says how long samples are kept.
    pub(super) has_retention: bool,
}

/// The `runtime` block, of which nothing is kept.
#[derive(Debug, Default)]
pub(super) struct Runtime;

impl<'de> Deserialize<'de> for Storage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (fields, _) = (&STORAGE as &'static Schema).deserialize(deserializer)?;
        let has_retention = fields.one("tsdb").is_some_and(|tsdb| tsdb.has("retention"));
        Ok(Storage { has_retention })
    }
}

impl<'de> Deserialize<'de> for Runtime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&RUNTIME as &'static Schema).deserialize(deserializer).map(|_| Runtime)
    }
}

fn retention(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let size = fields.int_or("size", 0);
    if size < 0 {
        return Err(ConfigError(format!(
            "'storage.tsdb.retention.size' must be greater than or equal to 0, got {size}B"
        )));
    }
    let percentage = fields.float("percentage");
    if !(0.0..=100.0).contains(&percentage) {
        return Err(ConfigError(format!(
            "'storage.tsdb.retention.percentage' must be in the range [0, 100], got {percentage}"
        )));
    }
    Ok(())
}

fn tsdb(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let floats = fields.one("chunk_encoding").map_or("", |encoding| encoding.text("floats"));
    match floats {
        "" | "xor" | "xor2" => Ok(()),
        other => Err(ConfigError(format!(
            "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be \
             omitted entirely, got {other:?}"
        ))),
    }
}
