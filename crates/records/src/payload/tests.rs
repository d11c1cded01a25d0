use model::Value;

use super::*;
use crate::ChunkBuilder;
use crate::signal::tests::{EVENTS, MESSAGE, TRACE_ID};

fn sample() -> Chunk {
    let mut builder = ChunkBuilder::new(&EVENTS, 3);
    builder.int(TIME, i64::MAX);
    builder.text(MESSAGE, "first ✓");
    builder.field("n", &Value::Int(i64::MIN));
    builder.field("n@", &Value::Bool(true));
    builder.end_row();
    builder.int(TIME, i64::MIN);
    builder.id(TRACE_ID, &[9; 16]);
    builder.field("n", &Value::Float(f64::NAN));
    builder.field("list", &Value::Array(vec![Value::Int(1)]));
    builder.end_row();
    builder.int(TIME, 0);
    builder.field("n", &Value::from(""));
    builder.field("n", &Value::from("twice"));
    builder.field("raw", &Value::Bytes(vec![0, 1]));
    builder.end_row();
    builder.finish(1 << 40)
}

fn rows(chunk: &Chunk) -> Vec<String> {
    let row = |row| {
        format!(
            "{} {} {:?} {:?} {:?}",
            chunk.times()[row],
            chunk.sequences()[row],
            chunk.text(MESSAGE, row),
            chunk.id(TRACE_ID, row),
            chunk.fields(row)
        )
    };
    (0..chunk.rows()).map(row).collect()
}

#[test]
fn chunks_survive_the_round_trip() {
    for chunk in [sample(), ChunkBuilder::new(&EVENTS, 0).finish(3)] {
        let bytes = encode_payload(&chunk).unwrap();
        let decoded = decode_payload(&EVENTS, &bytes).unwrap();
        assert_eq!(rows(&decoded), rows(&chunk));
        assert_eq!(encode_payload(&decoded).unwrap(), bytes);
    }
}

/// Whatever the bytes, decoding ends with a chunk whose cells can be read, or with an error.
#[test]
fn damaged_bytes_are_refused_or_harmless() {
    let bytes = encode_payload(&sample()).unwrap();
    for len in 0..bytes.len() {
        assert!(decode_payload(&EVENTS, &bytes[..len]).is_err(), "cut at {len}");
    }
    for position in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[position] ^= flip;
            if let Ok(chunk) = decode_payload(&EVENTS, &bytes) {
                rows(&chunk);
            }
        }
    }
}

#[test]
fn errors_name_the_place() {
    let check = |bytes: &[u8], expected: &str| {
        assert_eq!(decode_payload(&EVENTS, bytes).unwrap_err().to_string(), expected);
    };
    check(&[2], "version 2 of the payload is not known");
    check(&[1, 0xff, 0xff, 0xff, 1], "\"rows\" is 4194303, more than 1048576");
    check(&[1, 1, 0, 1, 1, b'x', 1, 0, 2], "column \"x\" is not known or comes twice");
    check(&[1, 1, 0, 1, 1, b'x', 0x81, 0, 2], "a row has no time");
    check(&[1, 1, 0, 2, 1, b'x', 0x8c], "column \"x\" has the type 140");
    check(&[1, 0, 0, 0, 0], "1 bytes too many");
    check(&[1, 8, 0, 1, 1, b'x', 0x81, 1], "\"x\" is cut off");
}

/// What is refused when it is read back must not be written.
#[test]
fn what_is_too_large_is_not_written() {
    let mut builder = ChunkBuilder::new(&EVENTS, 0);
    for row in 0..70_000 {
        builder.int(TIME, row);
        if row < 1_000 {
            builder.field(&format!("f{row}"), &Value::Int(row));
        }
        builder.end_row();
    }
    let error = encode_payload(&builder.finish(0)).unwrap_err();
    assert_eq!(error.to_string(), "1006 columns of 70000 rows are too many");
}
