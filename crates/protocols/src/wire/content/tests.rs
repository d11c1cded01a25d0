use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const TEXT: &[u8] = b"the quick brown fox jumps over the lazy dog, again and again and again";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn raw_deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

fn snappy(content: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(content).unwrap()
}

fn framed_snappy(content: &[u8]) -> Vec<u8> {
    let mut encoder = snap::write::FrameEncoder::new(Vec::new());
    encoder.write_all(content).unwrap();
    encoder.into_inner().unwrap()
}

#[test]
fn every_encoding_is_undone() {
    let two_members = [gzip(&TEXT[..10]), gzip(&TEXT[10..])].concat();
    let two_frames = [zstd(&TEXT[..10]), zstd(&TEXT[10..])].concat();
    for (header, raw) in [
        ("", TEXT.to_vec()),
        ("identity", TEXT.to_vec()),
        ("gzip", gzip(TEXT)),
        ("GZIP", gzip(TEXT)),
        ("x-gzip", gzip(TEXT)),
        ("gzip", two_members),
        ("deflate", zlib(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("zlib", zlib(TEXT)),
        ("zstd", zstd(TEXT)),
        ("zstd", two_frames),
        ("snappy", snappy(TEXT)),
        ("x-snappy-framed", framed_snappy(TEXT)),
        ("zstd, gzip", gzip(&zstd(TEXT))),
    ] {
        assert_eq!(decode(header, &raw, 1000).as_deref(), Ok(TEXT), "{header}");
        let error = decode(header, &raw, TEXT.len() - 1);
        assert_eq!(error, Err(ContentError::TooLarge { limit: TEXT.len() - 1 }), "{header}");
    }
}

#[test]
fn unknown_encodings_are_named() {
    let error = decode("gzip, br", TEXT, 1000).unwrap_err();
    assert_eq!(error, ContentError::UnknownEncoding("br".into()));
    assert!(matches!(
        decode("gzip,gzip,gzip,gzip", TEXT, 1000),
        Err(ContentError::UnknownEncoding(_))
    ));
}

#[test]
fn damaged_content_is_an_error() {
    for (header, raw) in [
        ("gzip", gzip(TEXT)),
        ("zlib", zlib(TEXT)),
        ("zstd", zstd(TEXT)),
        ("snappy", snappy(TEXT)),
        ("x-snappy-framed", framed_snappy(TEXT)),
    ] {
        let cut = &raw[..raw.len() - 3];
        let result = decode(header, cut, 1000);
        assert!(matches!(result, Err(ContentError::Malformed { .. })), "{header}: {result:?}");
    }
}

#[test]
fn bombs_stop_at_the_limit() {
    let zeros = vec![0; 64 << 20];
    for (header, bomb) in [
        ("gzip", gzip(&zeros)),
        ("deflate", zlib(&zeros)),
        ("zstd", zstd(&zeros)),
        ("snappy", snappy(&zeros)),
        ("x-snappy-framed", framed_snappy(&zeros)),
        ("gzip, gzip", gzip(&gzip(&zeros))),
    ] {
        let limit = 1 << 20;
        assert_eq!(decode(header, &bomb, limit), Err(ContentError::TooLarge { limit }), "{header}");
    }
}

#[test]
fn declared_sizes_are_not_trusted() {
    // A snappy block of four bytes that declares 60 MiB: nothing of that size is allocated.
    let lie = [0x80, 0x80, 0x80, 0x1e];
    assert!(matches!(decode("snappy", &lie, 64 << 20), Err(ContentError::Malformed { .. })));
    // A zstd frame header with a window of 2^30 bytes and nothing behind it.
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (30 - 10) << 3, 0x01, 0x00, 0x00];
    assert!(matches!(decode("zstd", &window, 64 << 20), Err(ContentError::Malformed { .. })));
}
