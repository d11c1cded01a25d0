//! The fuzz entry of the forward protocol, and what it starts from.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Decoder;
use super::msgpack::MsgpackWriter;
use crate::Limits;

/// Decodes `data` as a stream, at once and in pieces; both must find as many messages.
pub(crate) fn fuzz(data: &[u8]) {
    assert_eq!(messages(data, data.len().max(1)), messages(data, 3));
}

fn messages(data: &[u8], piece: usize) -> usize {
    let mut decoder = Decoder::new(Limits::default());
    let mut count = 0;
    for piece in data.chunks(piece) {
        decoder.feed(piece);
        while let Ok(Some(_)) = decoder.next_message(1) {
            count += 1;
        }
    }
    count
}

/// `[time, {"message": text}]` with the time as an EventTime.
pub(super) fn entry(text: &str) -> Vec<u8> {
    let mut writer = MsgpackWriter::default();
    writer.array(2);
    let mut entry = writer.finish();
    entry.extend(b"\xd7\x00\x65\x53\xf1\x00\x00\x00\x00\x07");
    let mut writer = MsgpackWriter::default();
    writer.map(1).str("message").str(text);
    entry.extend(writer.finish());
    entry
}

/// `["tag", entries, {"chunk": "Yg==", "compressed": …}]` in one of the packed modes.
pub(super) fn packed(entries: &[u8], compressed: &str) -> Vec<u8> {
    let mut writer = MsgpackWriter::default();
    writer.array(3).str("app.web").bin(entries).map(2).str("chunk").str("Yg==");
    writer.str("compressed").str(compressed);
    writer.finish()
}

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.expect("writing to memory does not fail")
}

/// A stream with every mode, and one with a handshake.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut stream = vec![0xc0];
    // Message mode: time in seconds, a nested record, an option.
    stream.extend(
        b"\x94\xa3web\xce\x65\x53\xf1\x00\x82\xa3log\xa2hi\xa1k\x81\xa1n\xcb?\xf8\0\0\0\0\0\0\x80",
    );
    // Forward mode, the second entry with metadata beside its time.
    stream.extend(b"\x92\xa3web\x92");
    stream.extend(entry("one"));
    stream.extend(b"\x92\x92\x01\x81\xa1m\xc3\x81\xa1a\x93\x01\xff\xc0");
    let two = [entry("two"), entry("three")].concat();
    stream.extend(packed(&two, "text"));
    stream.extend(packed(&[gzip(&entry("four")), gzip(&entry("five"))].concat(), "gzip"));
    let frame = zstd::encode_all(&two[..], 1).expect("writing to memory does not fail");
    stream.extend(packed(&frame, "zstd"));
    let ping = b"\x96\xa4PING\xa2me\xc4\x02ab\xa3abc\xa0\xa0".to_vec();
    vec![stream, ping]
}
