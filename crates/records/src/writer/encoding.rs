//! How each column is encoded, and why.
//!
//! The choices follow measurements on five million log lines: times compress best as packed
//! differences and gain nothing from zstd; a dictionary pays where values repeat and costs twice
//! where they do not; statistics of long distinct texts cost a quarter of their encoding and prune
//! nothing; levels of zstd above the first gain a few percent for many times the work.

use std::collections::HashSet;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::part::{GROUP_ROWS, PAGE_ROWS};
use crate::{Chunk, ColumnType, Layout, SEQUENCE, TIME};

/// Values of a sample below which nothing can be said about how often they repeat.
const SAMPLE_MIN: usize = 64;

/// How often a Bloom filter is wrong. Twenty traces are looked up in every row group at once, and
/// each mistake costs reading a column of it.
const BLOOM_FPP: f64 = 0.001;

/// The properties for columns of these names, judging by a sample of the rows.
pub(super) fn properties(layout: &Layout, names: &[String], sample: &Chunk) -> WriterProperties {
    let by_time = SortingColumn { column_idx: TIME as i32, descending: false, nulls_first: false };
    let mut properties = WriterProperties::builder()
        .set_created_by("sightglass".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS.min(1_024))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(Some(vec![by_time]));
    for (column, name) in names.iter().enumerate() {
        let repeats = repeats(sample, column);
        properties = encode(properties, layout, column, name, repeats);
    }
    properties.build()
}

fn encode(
    properties: WriterPropertiesBuilder,
    layout: &Layout,
    column: usize,
    name: &str,
    repeats: bool,
) -> WriterPropertiesBuilder {
    let path = || ColumnPath::new(vec![name.to_owned()]);
    let kind = layout.kind(column);
    if column == TIME || column == SEQUENCE {
        return properties
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED)
            .set_column_compression(path(), Compression::UNCOMPRESSED);
    }
    let properties = match kind {
        ColumnType::Int | ColumnType::Time => {
            properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED)
        }
        ColumnType::Text | ColumnType::Json | ColumnType::Bytes => {
            properties.set_column_encoding(path(), Encoding::DELTA_LENGTH_BYTE_ARRAY)
        }
        _ => properties,
    };
    let is_id = matches!(kind, ColumnType::TraceId | ColumnType::SpanId);
    let is_long = matches!(kind, ColumnType::Text | ColumnType::Json | ColumnType::Bytes);
    let mut properties = properties.set_column_dictionary_enabled(path(), repeats && !is_id);
    if is_id || (is_long && !repeats) || kind == ColumnType::Json {
        properties = properties.set_column_statistics_enabled(path(), EnabledStatistics::None);
    }
    if layout.signal().bloom.contains(&column) {
        properties = properties
            .set_column_bloom_filter_enabled(path(), true)
            .set_column_bloom_filter_max_ndv(path(), GROUP_ROWS as u64)
            .set_column_bloom_filter_fpp(path(), BLOOM_FPP);
    }
    properties
}

/// Whether most values of a column occur again and again.
fn repeats(sample: &Chunk, column: usize) -> bool {
    let Some(array) = sample.column(column) else { return true };
    let values = array.len() - array.null_count();
    if values < SAMPLE_MIN {
        return true;
    }
    let valid = (0..array.len()).filter(|row| array.is_valid(*row));
    let distinct = match sample.layout().kind(column) {
        ColumnType::Text | ColumnType::Json => {
            let texts = array.as_string::<i32>();
            valid.map(|row| texts.value(row)).collect::<HashSet<_>>().len()
        }
        ColumnType::Bytes => {
            let bytes = array.as_binary::<i32>();
            valid.map(|row| bytes.value(row)).collect::<HashSet<_>>().len()
        }
        ColumnType::Int | ColumnType::Time => {
            valid.filter_map(|row| sample.int(column, row)).collect::<HashSet<_>>().len()
        }
        ColumnType::Float => {
            let floats = array.as_primitive::<arrow_array::types::Float64Type>();
            valid.map(|row| floats.value(row).to_bits()).collect::<HashSet<_>>().len()
        }
        ColumnType::Bool | ColumnType::TraceId | ColumnType::SpanId => 0,
    };
    distinct * 2 <= values
}
