//! Entries become log records.

use model::{LogBatch, LogRecord, Value};

use super::msgpack::{MsgpackReader, Token};
use crate::limits::Budget;
use crate::wire::fields;
use crate::{DecodeError, Decoded};

/// Where a time and a record stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In the message itself.
    Message,
    /// In an array of their own.
    Entry,
}

/// Reads events of one tag.
pub(super) struct EventReader {
    pub(super) tag: String,
    pub(super) received_ns: i64,
    pub(super) budget: Budget,
    pub(super) decoded: Decoded<LogBatch>,
}

/// When an event was.
enum Time {
    At(i64),
    /// Fluent Bit marks the begin and the end of groups with times before all others.
    GroupMarker,
    /// The value is none.
    Invalid,
}

impl EventReader {
    /// Reads an entry `[time, record]`; anything else is rejected, as with `skip_invalid_event`.
    pub(super) fn entry(&mut self, reader: &mut MsgpackReader<'_>) -> Result<(), DecodeError> {
        match reader.peek()? {
            Token::Array(2) => {
                reader.token()?;
                self.event(reader, Source::Entry)
            }
            _ => {
                reader.value(&mut self.budget)?;
                self.reject();
                Ok(())
            }
        }
    }

    /// Reads a time, perhaps with metadata, and a record.
    pub(super) fn event(
        &mut self,
        reader: &mut MsgpackReader<'_>,
        source: Source,
    ) -> Result<(), DecodeError> {
        let mut metadata = Value::Null;
        let time = match reader.peek()? {
            Token::Array(2) => {
                reader.token()?;
                let time = self.time(reader)?;
                metadata = reader.value(&mut self.budget)?;
                time
            }
            _ => self.time(reader)?,
        };
        let record = reader.value(&mut self.budget)?;
        match (time, record) {
            (Time::GroupMarker, _) => Ok(()),
            (Time::At(time_ns), record @ Value::Map(_)) => self.record(time_ns, record, metadata),
            (_, Value::Null) if source == Source::Message => Ok(()),
            _ => {
                self.reject();
                Ok(())
            }
        }
    }

    fn reject(&mut self) {
        self.decoded.rejected.add(1, "an entry is not a time and a record");
    }

    fn record(&mut self, time_ns: i64, record: Value, metadata: Value) -> Result<(), DecodeError> {
        self.budget.charge(size_of::<LogRecord>() + self.tag.len())?;
        let mut members = Vec::new();
        fields::flatten(&mut self.budget, String::new(), record, &mut members)?;
        fields::flatten(&mut self.budget, "metadata".into(), metadata, &mut members)?;
        fields::join_repeated(&mut members);
        let mut record = LogRecord { time_ns, stream: self.tag.clone(), ..LogRecord::default() };
        record.absorb(members, self.received_ns);
        self.decoded.batch.records.push(record);
        Ok(())
    }

    /// Seconds, or an EventTime, which is an extension of seconds and nanoseconds. The time 0 means
    /// that it is unknown.
    fn time(&mut self, reader: &mut MsgpackReader<'_>) -> Result<Time, DecodeError> {
        let seconds = |bytes: [u8; 4]| i64::from(u32::from_be_bytes(bytes));
        Ok(match reader.peek()? {
            Token::Int(-2 | -1) => {
                reader.token()?;
                Time::GroupMarker
            }
            Token::Int(number) => {
                reader.token()?;
                Time::At(number.saturating_mul(1_000_000_000))
            }
            Token::Float(number) => {
                reader.token()?;
                Time::At((number * 1e9) as i64)
            }
            Token::Ext(0, &[0xff, 0xff, 0xff, 0xfe | 0xff, ..]) => {
                reader.token()?;
                Time::GroupMarker
            }
            Token::Ext(0, &[a, b, c, d, e, f, g, h]) => {
                reader.token()?;
                Time::At(seconds([a, b, c, d]) * 1_000_000_000 + seconds([e, f, g, h]))
            }
            Token::Nil => {
                reader.token()?;
                Time::At(0)
            }
            _ => {
                reader.value(&mut self.budget)?;
                Time::Invalid
            }
        })
    }
}
