//! Log records, and how the fields that tie the signals together are recognised.

pub mod aliases;
mod timestamp;

use std::borrow::Cow;

use crate::{Attributes, Severity, SpanId, TraceId, Value};
use aliases::Role;

/// One log record: the fields every page and link relies on, and all others flattened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogRecord {
    /// When it happened.
    pub time_ns: i64,
    /// When a collector saw it; 0 when nobody said.
    pub observed_ns: i64,
    /// How bad it is.
    pub severity: Severity,
    /// What people read.
    pub message: String,
    /// The service that wrote it, or the empty string.
    pub service: String,
    /// The index, data stream or tag it was sent to, without date suffixes.
    pub stream: String,
    /// The trace it belongs to.
    pub trace_id: Option<TraceId>,
    /// The span it belongs to.
    pub span_id: Option<SpanId>,
    /// Every other field: dotted names, scalar values or arrays, no nulls.
    pub fields: Attributes,
}

impl LogRecord {
    /// Takes in fields as a shipper sent them, lifting those that are known under an alias.
    ///
    /// A value that does not fit its role (a `trace_id` that is not hexadecimal) stays an ordinary
    /// field, and what this record has already is not overwritten, so nothing is lost. `received_ns`
    /// becomes the time when neither the record nor the fields have one.
    pub fn absorb(&mut self, mut fields: Attributes, received_ns: i64) {
        for role in Role::ALL {
            if self.has(role) {
                continue;
            }
            for alias in role.aliases() {
                let Some(position) = fields.iter().position(|(name, _)| name == alias) else {
                    continue;
                };
                let renamed = self.take(role, alias, &fields[position].1);
                if renamed {
                    fields.remove(position);
                    break;
                }
            }
        }
        if self.time_ns == 0 {
            self.time_ns = if self.observed_ns == 0 { received_ns } else { self.observed_ns };
        }
        self.fields.append(&mut fields);
    }

    fn has(&self, role: Role) -> bool {
        match role {
            Role::Timestamp => self.time_ns != 0,
            Role::Message => !self.message.is_empty(),
            Role::Severity => self.severity != Severity::UNKNOWN,
            Role::Service => !self.service.is_empty(),
            Role::TraceId => self.trace_id.is_some(),
            Role::SpanId => self.span_id.is_some(),
            Role::RequestId | Role::UserId => {
                self.fields.iter().any(|(name, _)| name == role.canonical())
            }
        }
    }

    /// Sets the role from a value; false when the value does not fit.
    fn take(&mut self, role: Role, alias: &str, value: &Value) -> bool {
        let text = match value {
            Value::Array(_) | Value::Map(_) | Value::Null => return false,
            scalar => scalar.to_text(),
        };
        if text.is_empty() {
            return false;
        }
        match role {
            Role::Timestamp => return self.take_time(value),
            Role::Message => self.message = text.into_owned(),
            Role::Service => self.service = text.into_owned(),
            Role::Severity => match Severity::parse(&text) {
                Some(severity) => self.severity = severity,
                None => return false,
            },
            Role::TraceId => match aliases::trace_id(alias, &text) {
                Some(id) => self.trace_id = Some(id),
                None => return false,
            },
            Role::SpanId => match aliases::span_id(alias, &text) {
                Some(id) => self.span_id = Some(id),
                None => return false,
            },
            Role::RequestId | Role::UserId => {
                self.fields.push((role.canonical().to_owned(), value.clone()));
            }
        }
        true
    }

    fn take_time(&mut self, value: &Value) -> bool {
        match timestamp::parse(value) {
            Some(time_ns) => {
                self.time_ns = time_ns;
                true
            }
            None => false,
        }
    }

    /// The value of a field by its canonical or own name; a record has at most one per name.
    pub fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        let text = |text: &str| (!text.is_empty()).then(|| Cow::Owned(Value::from(text)));
        match name {
            "timestamp" => Some(Cow::Owned(Value::Int(self.time_ns))),
            "message" => text(&self.message),
            "severity" => text(self.severity.name()),
            "service.name" => text(&self.service),
            "stream" => text(&self.stream),
            "trace_id" => self.trace_id.map(|id| Cow::Owned(Value::Str(id.to_string()))),
            "span_id" => self.span_id.map(|id| Cow::Owned(Value::Str(id.to_string()))),
            _ => self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| Cow::Borrowed(v)),
        }
    }

    /// All fields but the time, canonical ones first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Cow<'_, Value>)> {
        ["message", "severity", "service.name", "stream", "trace_id", "span_id"]
            .into_iter()
            .filter_map(|name| Some((name, self.get(name)?)))
            .chain(self.fields.iter().map(|(name, value)| (name.as_str(), Cow::Borrowed(value))))
    }

    /// About how many bytes the record occupies in memory.
    pub fn byte_len(&self) -> usize {
        let fields = self.fields.iter().map(|(name, value)| name.len() + value.byte_len() + 48);
        size_of::<Self>() + self.message.len() + self.service.len() + fields.sum::<usize>()
    }
}

/// Log records that are stored, acknowledged and become visible together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogBatch {
    /// The records, in the order they arrived.
    pub records: Vec<LogRecord>,
}

#[cfg(test)]
mod tests;
