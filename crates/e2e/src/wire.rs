//! The formats the writers speak, written down once more: a mistake in the product's own encoders
//! must not be made twice.

pub mod msgpack;
pub mod protobuf;
pub mod snappy;
pub mod thrift;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Bytes as gzip.
///
/// # Panics
/// Never: memory takes everything.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

/// So many zeros as gzip: a thousandth of their number.
///
/// # Panics
/// Never: memory takes everything.
pub fn gzip_bomb(megabytes: usize) -> Vec<u8> {
    let zeros = vec![0; 1 << 20];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for _ in 0..megabytes {
        encoder.write_all(&zeros).expect("memory takes everything");
    }
    encoder.finish().expect("memory takes everything")
}
