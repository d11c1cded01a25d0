use model::{LogRecord, Secret};

use super::fuzz::{entry, gzip, packed};
use super::msgpack::MsgpackWriter;
use super::*;
use crate::{DecodeError, Limits};

const RECEIVED_NS: i64 = 1_800_000_000_000_000_000;

fn decode(stream: &[u8]) -> Result<Vec<Message>, DecodeError> {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(stream);
    let mut messages = Vec::new();
    while let Some(message) = decoder.next_message(RECEIVED_NS)? {
        messages.push(message);
    }
    assert!(!decoder.is_within_message());
    Ok(messages)
}

fn line(record: &LogRecord) -> String {
    let fields: Vec<_> =
        record.fields.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
    format!("{} {} {:?} {}", record.time_ns, record.stream, record.message, fields.join(" "))
}

/// The records of a stream, chunks to acknowledge, and rejections.
fn check(stream: &[u8], expected: &[&str]) {
    let mut lines = Vec::new();
    for message in decode(stream).unwrap() {
        let Message::Events(events) = message else {
            lines.push(format!("{message:?}"));
            continue;
        };
        lines.extend(events.decoded.batch.records.iter().map(line));
        lines.extend(events.chunk.map(|chunk| format!("chunk {chunk}")));
        if events.decoded.rejected.count > 0 {
            lines.push(format!("rejected {}", events.decoded.rejected.count));
        }
    }
    assert_eq!(lines, expected);
}

#[test]
fn every_mode() {
    check(
        &seeds()[0],
        &[
            "Heartbeat",
            "1700000000000000000 web \"hi\" k.n=1.5",
            "1700000000000000007 web \"one\" ",
            "1000000000 web \"\" a=[1,-1,null] metadata.m=true",
            "1700000000000000007 app.web \"two\" ",
            "1700000000000000007 app.web \"three\" ",
            "chunk Yg==",
            "1700000000000000007 app.web \"four\" ",
            "1700000000000000007 app.web \"five\" ",
            "chunk Yg==",
            "1700000000000000007 app.web \"two\" ",
            "1700000000000000007 app.web \"three\" ",
            "chunk Yg==",
        ],
    );
}

#[test]
fn times_of_every_kind() {
    let with = |time: &[u8]| {
        let mut writer = MsgpackWriter::default();
        writer.array(3).str("t").raw(time).map(1).str("a").bool(true);
        writer.finish()
    };
    let at = |time_ns: i64| format!("{time_ns} t \"\" a=true");
    check(&with(b"\x05"), &[&at(5_000_000_000)]);
    check(&with(b"\x00"), &[&at(RECEIVED_NS)]);
    check(&with(b"\xc0"), &[&at(RECEIVED_NS)]);
    check(&with(b"\xcb\x3f\xf8\0\0\0\0\0\0"), &[&at(1_500_000_000)]);
    check(&with(b"\xc7\x08\x00\0\0\0\x01\0\0\0\x02"), &[&at(1_000_000_002)]);
    check(&with(b"\x92\x05\x80"), &[&at(5_000_000_000)]);
    check(&with(b"\xff"), &[]);
    check(&with(b"\xd7\x00\xff\xff\xff\xfe\0\0\0\0"), &[]);
    check(&with(b"\xc3"), &["rejected 1"]);
}

#[test]
fn fields_are_lifted_and_binary_text_is_text() {
    let mut writer = MsgpackWriter::default();
    writer.array(3).str("docker.web").raw(b"\x01").map(4);
    writer.str("log").bin(b"it broke").str("level").str("error");
    writer.str("raw").bin(b"\xff\x00").raw(b"\x07").str("number as a name");
    let messages = decode(&writer.finish()).unwrap();
    let Message::Events(events) = &messages[0] else { panic!() };
    let record = &events.decoded.batch.records[0];
    assert_eq!(record.severity.name(), "error");
    assert_eq!(line(record), "1000000000 docker.web \"it broke\" raw=/wA= 7=number as a name");
}

#[test]
fn invalid_entries_are_rejected_alone() {
    let entries =
        [entry("good"), b"\x92\x01\xc0".to_vec(), b"\x05".to_vec(), entry("too")].concat();
    check(
        &packed(&entries, ""),
        &[
            "1700000000000000007 app.web \"good\" ",
            "1700000000000000007 app.web \"too\" ",
            "chunk Yg==",
            "rejected 2",
        ],
    );
}

#[test]
fn other_signals_of_fluent_bit_are_acknowledged_and_rejected() {
    let mut writer = MsgpackWriter::default();
    writer.array(3).str("m").bin(b"whatever").map(2);
    writer.str("chunk").str("c").str("fluent_signal").raw(b"\x01");
    check(&writer.finish(), &["chunk c", "rejected 1"]);
}

fn check_error(stream: &[u8], expected: &str) {
    assert_eq!(decode(stream).unwrap_err().to_string(), expected);
}

#[test]
fn streams_that_are_not_the_protocol() {
    check_error(b"[\"tag\",1,{}]", "messages in JSON are not supported; send MessagePack");
    check_error(b"\xc1", "byte 0: a byte that MessagePack never uses");
    check_error(b"\x05", "byte 1: a message is not an array of a tag and more");
    check_error(b"\x92\x01\x02", "byte 2: the tag is not a text");
    check_error(b"\x92\xa1t\x01", "byte 3: a message has a time but no record");
    check_error(
        &packed(b"\x92\x01", ""),
        "byte 0: more elements are announced than bytes are left",
    );
    check_error(
        &packed(b"x", "br"),
        "content encoding \"br\" is not supported; use gzip, zstd, deflate or snappy",
    );
}

#[test]
fn announced_sizes_are_not_trusted() {
    let too_large = "the size of a message in bytes exceeds the limit of 67108864";
    check_error(b"\xdd\xff\xff\xff\xff", too_large);
    check_error(b"\xdf\xff\xff\xff\xff", too_large);
    check_error(b"\xc6\xff\xff\xff\xff", too_large);
    let bomb = packed(&gzip(&vec![0; 80 << 20]), "gzip");
    let error = decode(&bomb).unwrap_err();
    assert_eq!(error.http_status(), 413, "{error}");
    let deep = [b"\x93\xa1t\x01".to_vec(), vec![0x91; 100_000], vec![0xc0]].concat();
    assert!(decode(&deep).unwrap_err().to_string().ends_with("nested too deep"));
    let announced = packed(b"\x92\x01\xdf\x00\xff\xff\xff", "");
    assert!(decode(&announced).unwrap_err().to_string().contains("more elements are announced"));

    let mut decoder = Decoder::new(Limits { decoded_bytes: 1 << 20, ..Limits::default() });
    let mut writer = MsgpackWriter::default();
    writer.array(2).str("t").bin(&b"\x92\x01\x80".repeat(50_000));
    decoder.feed(&writer.finish());
    assert_eq!(decoder.next_message(0).unwrap_err().http_status(), 413);
}

#[test]
fn a_stream_may_come_byte_by_byte() {
    let stream = seeds().concat();
    let expected = decode(&stream).unwrap();
    let mut decoder = Decoder::new(Limits::default());
    let mut found = Vec::new();
    for byte in &stream {
        decoder.feed(&[*byte]);
        found.extend(decoder.next_message(RECEIVED_NS).unwrap());
    }
    assert_eq!(found, expected);
}

/// A client that knows this key and password answers the `HELO`.
fn ping(handshake: &Handshake, key: &str, password: &str) -> Ping {
    use sha2::{Digest, Sha512};
    let hex = |parts: &[&[u8]]| -> String {
        let digest = Sha512::digest(parts.concat());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let salt = handshake.password_salt.unwrap_or_default();
    let mut writer = MsgpackWriter::default();
    writer.array(6).str("PING").str("client").bin(b"salt");
    writer.str(&hex(&[b"salt", b"client", &handshake.nonce, key.as_bytes()]));
    writer.str("ada").str(&hex(&[&salt, b"ada", password.as_bytes()]));
    match decode(&writer.finish()).unwrap().remove(0) {
        Message::Ping(ping) => ping,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_handshake() {
    let secret = Secret::new("open sesame");
    let mut handshake = Handshake {
        hostname: "server".into(),
        shared_key: Secret::new("key"),
        nonce: *b"0123456789abcdef",
        password_salt: None,
    };
    assert_eq!(
        handshake.helo(),
        b"\x92\xa4HELO\x83\xa5nonce\xc6\0\0\0\x100123456789abcdef\xa4auth\xa0\xa9keepalive\xc3",
    );
    let check = |handshake: &Handshake, ping: &Ping| {
        handshake.check(ping, |user| (user == "ada").then_some(&secret))
    };
    let good = ping(&handshake, "key", "");
    assert_eq!((good.hostname.as_str(), check(&handshake, &good)), ("client", Ok(())));
    assert_eq!(check(&handshake, &ping(&handshake, "no", "")), Err("shared_key mismatch"));

    handshake.password_salt = Some(*b"fedcba9876543210");
    assert_eq!(check(&handshake, &ping(&handshake, "key", "open sesame")), Ok(()));
    let wrong = ping(&handshake, "key", "guess");
    assert_eq!(check(&handshake, &wrong), Err("username/password mismatch"));

    let pong = handshake.pong(&wrong, Err("no"));
    assert_eq!(pong, b"\x95\xa4PONG\xc2\xa2no\xa6server\xa0");
    let pong = handshake.pong(&good, Ok(()));
    assert_eq!((&pong[..8], pong.len()), (&b"\x95\xa4PONG\xc3\xa0"[..], 8 + 7 + 2 + 128));
}

#[test]
fn acknowledgements() {
    assert_eq!(ack("Yg=="), b"\x81\xa3ack\xa4Yg==");
    let long = "x".repeat(40);
    assert_eq!(ack(&long)[5..7], [0xd9, 40]);
}
