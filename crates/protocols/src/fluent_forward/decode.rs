//! Cutting the stream into messages, and telling the modes apart.

use model::{Attributes, LogBatch, Value};

use super::events::{EventReader, Source};
use super::handshake::Ping;
use super::msgpack::{self, MsgpackReader, Token};
use crate::limits::Budget;
use crate::{DecodeError, Decoded, Limits, content};

/// A message of a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Log records.
    Events(Events),
    /// The answer to [`super::Handshake::helo`].
    Ping(Ping),
    /// Nothing, to keep the connection open.
    Heartbeat,
}

/// Log records under one tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// The records, whose stream is the tag. Rejected are entries without a record.
    pub decoded: Decoded<LogBatch>,
    /// What has to be acknowledged once they are stored.
    pub chunk: Option<String>,
}

/// Reads one connection. After an error the stream cannot be read on, and the error stays: close it.
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    buffer: Vec<u8>,
    /// Where the message begins that is being received.
    start: usize,
    /// How far it was looked through; behind the buffer's end when it is known to go on until there.
    scanned: usize,
    /// How many values it still needs.
    missing: usize,
    /// Why the stream cannot be read on.
    failed: Option<DecodeError>,
}

impl Decoder {
    /// A decoder at the beginning of a connection; the limits are those of one message.
    pub fn new(limits: Limits) -> Self {
        Decoder { limits, buffer: Vec::new(), start: 0, scanned: 0, missing: 1, failed: None }
    }

    /// Takes what was received; call [`Decoder::next_message`] until there is none before the next.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.scanned -= self.start;
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether a message was begun and is not yet whole.
    pub fn is_within_message(&self) -> bool {
        self.start < self.buffer.len()
    }

    /// The next message, or `None` until more is received. `received_ns` is the time of events
    /// without one.
    ///
    /// # Errors
    /// When the stream is not MessagePack of this protocol, or a message exceeds a limit.
    pub fn next_message(&mut self, received_ns: i64) -> Result<Option<Message>, DecodeError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let message = self.scan().and_then(|whole| {
            let data = || &self.buffer[self.start..self.scanned];
            whole.then(|| message(data(), received_ns, &self.limits)).transpose()
        });
        match &message {
            Ok(Some(_)) => (self.start, self.missing) = (self.scanned, 1),
            Ok(None) => {}
            Err(error) => self.failed = Some(error.clone()),
        }
        message
    }

    /// Goes on looking for the end of the message; true when it is there.
    fn scan(&mut self) -> Result<bool, DecodeError> {
        while self.missing > 0 {
            let Some(rest) = self.buffer.get(self.scanned..) else { return Ok(false) };
            if self.scanned == self.start && matches!(rest.first(), Some(b'{' | b'[')) {
                let reason = "messages in JSON are not supported; send MessagePack";
                return Err(DecodeError::Unsupported(reason.into()));
            }
            let header = msgpack::header(rest)
                .map_err(|reason| DecodeError::at_byte(self.scanned - self.start, reason))?;
            let Some(header) = header else { return Ok(false) };
            self.scanned += header.len + header.payload;
            self.missing = (self.missing - 1).saturating_add(header.children);
            // Every value that is missing takes at least one byte.
            if (self.scanned - self.start).saturating_add(self.missing) > self.limits.body_bytes {
                let what = "the size of a message in bytes";
                return Err(DecodeError::TooLarge { what, limit: self.limits.body_bytes });
            }
        }
        Ok(self.scanned <= self.buffer.len())
    }
}

fn message(data: &[u8], received_ns: i64, limits: &Limits) -> Result<Message, DecodeError> {
    let mut reader = MsgpackReader::new(data, limits.depth);
    let len = match reader.token()? {
        Token::Nil => return Ok(Message::Heartbeat),
        Token::Array(len) if len >= 2 => len,
        _ => return Err(reader.error("a message is not an array of a tag and more")),
    };
    let (Token::Str(tag) | Token::Bin(tag)) = reader.token()? else {
        return Err(reader.error("the tag is not a text"));
    };
    if tag == b"PING" && len == 6 {
        return Ping::read(&mut reader).map(Message::Ping);
    }
    let budget = Budget::new(limits);
    let mut events = EventReader {
        tag: String::from_utf8_lossy(tag).into_owned(),
        received_ns,
        budget,
        decoded: Decoded::default(),
    };
    let body = Body::read(&mut reader, &mut events, len)?;
    let options = match len - body.elements() {
        0 | 1 => Options::default(),
        _ => Options::read(&mut reader, &mut events.budget)?,
    };
    if options.signal != 0 {
        let reason = "fluent_signal is not 0: metrics and traces of Fluent Bit are not supported; \
                      send them with its opentelemetry output";
        events.decoded = Decoded::default();
        events.decoded.rejected.add(1, reason);
    } else if let Body::Packed(entries) = body {
        let entries = match options.compressed.as_str() {
            "" | "text" => entries.into(),
            encoding => content::decode(encoding, entries, limits.body_bytes)?,
        };
        let mut reader = MsgpackReader::new(&entries, limits.depth);
        while !reader.is_at_end() {
            events.entry(&mut reader)?;
        }
    }
    Ok(Message::Events(Events { decoded: events.decoded, chunk: options.chunk }))
}

/// What follows the tag.
enum Body<'a> {
    /// Forward mode: a list of entries, read already.
    Entries,
    /// Message mode: time and record, read already.
    Single,
    /// Both packed modes: entries one behind the other, perhaps compressed.
    Packed(&'a [u8]),
}

impl<'a> Body<'a> {
    fn read(
        reader: &mut MsgpackReader<'a>,
        events: &mut EventReader,
        message_len: usize,
    ) -> Result<Self, DecodeError> {
        match reader.peek()? {
            Token::Str(entries) | Token::Bin(entries) => {
                reader.token()?;
                Ok(Body::Packed(entries))
            }
            Token::Array(len) if is_list_of_entries(reader, len)? => {
                reader.token()?;
                for _ in 0..len {
                    events.entry(reader)?;
                }
                Ok(Body::Entries)
            }
            _ if message_len < 3 => Err(reader.error("a message has a time but no record")),
            _ => {
                events.event(reader, Source::Message)?;
                Ok(Body::Single)
            }
        }
    }

    /// How many elements of the message it takes, the tag not counted.
    fn elements(&self) -> usize {
        match self {
            Body::Entries | Body::Packed(_) => 1,
            Body::Single => 2,
        }
    }
}

/// A list of entries begins with an entry, which is a list; a time with metadata begins with a time.
fn is_list_of_entries(reader: &MsgpackReader<'_>, len: usize) -> Result<bool, DecodeError> {
    let mut ahead = reader.clone();
    ahead.token()?;
    Ok(len == 0 || matches!(ahead.peek()?, Token::Array(_)))
}

/// What a message says about itself.
#[derive(Default)]
struct Options {
    chunk: Option<String>,
    compressed: String,
    signal: i64,
}

impl Options {
    fn read(reader: &mut MsgpackReader<'_>, budget: &mut Budget) -> Result<Self, DecodeError> {
        let members: Attributes = match reader.value(budget)? {
            Value::Map(members) => members,
            _ => return Ok(Options::default()),
        };
        let mut options = Options::default();
        for (name, value) in members {
            match (name.as_str(), value) {
                ("chunk", Value::Str(chunk)) => options.chunk = Some(chunk),
                ("compressed", Value::Str(encoding)) => options.compressed = encoding,
                ("fluent_signal", Value::Int(signal)) => options.signal = signal,
                _ => {}
            }
        }
        Ok(options)
    }
}
