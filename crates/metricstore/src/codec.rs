//! Bytes and back: integers, label sets, timestamps, values. Decoders take any bytes without harm.

mod cursor;
mod labels;
mod times;
mod values;

pub(crate) use cursor::{Cursor, Malformed, put_ivarint, put_text, put_uvarint};
pub(crate) use labels::{LABELS_BYTES_MAX, LabelsDecoder, LabelsEncoder};
pub(crate) use times::{get_times, put_times};
pub(crate) use values::{get_values, put_values};

/// The most samples of one block.
pub(crate) const BLOCK_SAMPLES_MAX: usize = 4096;
