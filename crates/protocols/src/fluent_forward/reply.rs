//! Replies on the stream.

use super::msgpack::MsgpackWriter;

/// What a heartbeat by UDP is answered with.
pub const UDP_HEARTBEAT_REPLY: &[u8] = b"\0";

/// `{"ack": chunk}`, sent once everything in the message with this chunk is stored. A client that does
/// not get it sends the message again.
pub fn ack(chunk: &str) -> Vec<u8> {
    let mut writer = MsgpackWriter::default();
    writer.map(1).str("ack").str(chunk);
    writer.finish()
}
