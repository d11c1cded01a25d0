//! Log lines on standard error: text for people, JSON for machines.

use std::io::{IsTerminal, Write};

use model::{LogRecord, Severity};
use serde_json::{Map, Value};

use crate::settings::LogFormat;

/// Writes log lines.
pub(super) struct Console {
    format: LogFormat,
    is_terminal: bool,
}

impl Console {
    /// One of a format; colours only where a person looks.
    pub(super) fn new(format: LogFormat) -> Self {
        Console { format, is_terminal: std::io::stderr().is_terminal() }
    }

    /// Writes one line; where nobody reads it, it is lost.
    pub(super) fn write(&self, record: &LogRecord) {
        let line = match self.format {
            LogFormat::Json => json_line(record),
            LogFormat::Text => text_line(record, self.is_terminal),
        };
        let _nobody_reads = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn timestamp(record: &LogRecord) -> String {
    let time = chrono::DateTime::from_timestamp_nanos(record.time_ns);
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn json_line(record: &LogRecord) -> String {
    let mut line = Map::new();
    let mut set = |name: &str, value: Value| line.insert(name.to_owned(), value);
    set("timestamp", timestamp(record).into());
    set("severity", record.severity.name().into());
    set("message", record.message.clone().into());
    set("service", record.service.clone().into());
    if let (Some(trace_id), Some(span_id)) = (record.trace_id, record.span_id) {
        set("trace_id", trace_id.to_string().into());
        set("span_id", span_id.to_string().into());
    }
    for (name, value) in &record.fields {
        set(name, value.to_json());
    }
    format!("{}\n", Value::Object(line))
}

fn text_line(record: &LogRecord, is_terminal: bool) -> String {
    let (colour, reset) = match (is_terminal, record.severity) {
        (false, _) => ("", ""),
        (true, Severity::ERROR) => ("\x1b[31m", "\x1b[0m"),
        (true, Severity::WARN) => ("\x1b[33m", "\x1b[0m"),
        (true, _) => ("\x1b[2m", "\x1b[0m"),
    };
    let severity = record.severity.name();
    let mut line = format!("{} {colour}{severity:<5}{reset} ", timestamp(record));
    push_visible(&mut line, &record.message);
    for (name, value) in &record.fields {
        if name != "logger" {
            line.push_str(&format!(" {colour}{name}={reset}"));
            push_visible(&mut line, &value.to_text());
        }
    }
    line.push('\n');
    line
}

/// Adds a text; control characters become visible, so that no log line can forge another or
/// command a terminal.
fn push_visible(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            c if c.is_control() => line.extend(c.escape_default()),
            c => line.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> LogRecord {
        LogRecord {
            time_ns: 1_787_392_800_500_000_000,
            severity: Severity::WARN,
            message: "a\nb\x1b[31m".into(),
            service: "sightglass".into(),
            fields: vec![("n".into(), model::Value::Int(3)), ("logger".into(), "api".into())],
            ..LogRecord::default()
        }
    }

    #[test]
    fn text_for_people() {
        let line = text_line(&record(), false);
        assert_eq!(line, "2026-08-22T10:00:00.500Z warn  a\\nb\\u{1b}[31m n=3\n");
    }

    #[test]
    fn json_for_machines() {
        let line = json_line(&record());
        let json: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["severity"], "warn");
        assert_eq!((json["n"].as_i64(), json["logger"].as_str()), (Some(3), Some("api")));
        assert_eq!(line.lines().count(), 1);
    }
}
