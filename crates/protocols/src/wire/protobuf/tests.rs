use super::*;

/// Reads a message of one text (1), numbers (2), nested messages (3) and packed doubles (4).
fn describe(reader: &mut ProtobufReader<'_>, out: &mut String) -> Result<(), DecodeError> {
    reader.message(&[], |reader, number| {
        match number {
            1 => *out += &format!("text {:?};", reader.text()?),
            2 => *out += &format!("number {};", reader.signed()?),
            3 => {
                *out += "{";
                describe(reader, out)?;
                *out += "}";
            }
            4 => {
                let mut list = Vec::new();
                reader.double_list(&mut list)?;
                *out += &format!("list {list:?};");
            }
            _ => {}
        }
        Ok(())
    })
}

fn check(bytes: &[u8], expected: &str) {
    let mut out = String::new();
    let result = describe(&mut ProtobufReader::new(bytes, &Limits::default()), &mut out);
    match result {
        Ok(()) => assert_eq!(out, expected, "{bytes:02x?}"),
        Err(error) => assert_eq!(error.to_string(), expected, "{bytes:02x?}"),
    }
}

#[test]
fn fields_of_every_wire_type() {
    let mut writer = ProtobufWriter::default();
    writer.bytes(1, "grüße").varint(2, 300).fixed64(2, u64::MAX).fixed32(2, 7);
    writer.message(3, |nested| {
        nested.varint(2, (-5i64).cast_unsigned()).message(3, |_| {});
    });
    writer.bytes(4, [1.5f64.to_le_bytes(), (-0.25f64).to_le_bytes()].concat()).double(4, 2.0);
    writer.varint(99, 1).fixed64(98, 2).fixed32(97, 3).bytes(96, "unknown");
    check(
        &writer.finish(),
        "text \"grüße\";number 300;number -1;number 7;{number -5;{}}list [1.5, -0.25];list [2.0];",
    );
    check(b"", "");
}

#[test]
fn bad_bytes_are_named_by_their_place() {
    check(b"\x0a\x02\xff\xfe", "text \"\u{fffd}\u{fffd}\";");
    check(b"\x0a\x05ab", "byte 2: 5 bytes are announced, 2 are left");
    check(b"\x10", "byte 1: the message ends within a number");
    check(
        b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
        "byte 11: a number has more than 64 bits",
    );
    check(b"\x0b", "byte 0: wire type 3");
    check(b"\x02\x00", "byte 0: field number 0");
    check(b"\x08\x01", "byte 1: expected bytes, found wire type Varint");
    check(b"\x11\x01", "byte 1: 8 bytes are announced, 1 are left");
    check(b"\x22\x03abc", "byte 5: a packed list of 64-bit numbers ends within one");
    // The inner message claims more than the outer one has, though the data goes on.
    check(b"\x1a\x03\x1a\x05\x10\x01\x10\x01\x10\x01", "byte 4: 5 bytes are announced, 1 are left");
}

#[test]
fn depth_and_memory_are_bounded() {
    let mut nested = Vec::new();
    for _ in 0..200 {
        let mut writer = ProtobufWriter::default();
        writer.bytes(3, &nested);
        nested = writer.finish();
    }
    let error = describe(&mut ProtobufReader::new(&nested, &Limits::default()), &mut String::new());
    assert!(error.unwrap_err().to_string().ends_with("nested deeper than 100 levels"));

    let limits = Limits { decoded_bytes: 100, ..Limits::default() };
    let mut reader = ProtobufReader::new(&[], &limits);
    assert!(reader.charge(100).is_ok());
    let error = reader.charge(1).unwrap_err();
    assert_eq!(error.http_status(), 413);
}
