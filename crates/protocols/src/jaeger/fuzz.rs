//! The fuzz entry of Jaeger, what it starts from, and the writer that makes it.

use super::{Encoding, decode_batch, decode_emit_batch};
use crate::Limits;

/// Decodes `data` in both encodings, with and without a message around it.
pub(crate) fn fuzz(data: &[u8]) {
    let limits = Limits::default();
    for encoding in [Encoding::Binary, Encoding::Compact] {
        let _batch = decode_batch(data, encoding, &limits);
        let _call = decode_emit_batch(data, encoding, &limits);
    }
}

/// A value to write.
pub(super) enum Thrift {
    Bool(bool),
    I32(i32),
    I64(i64),
    Double(f64),
    Text(&'static str),
    List(Vec<Thrift>),
    Struct(Vec<(i16, Thrift)>),
}

use Thrift::{Bool, Double, I32, I64, List, Struct, Text};

impl Thrift {
    /// The value in one of the encodings.
    pub(super) fn encode(&self, encoding: Encoding) -> Vec<u8> {
        let mut out = Vec::new();
        match encoding {
            Encoding::Binary => self.write_binary(&mut out),
            Encoding::Compact => self.write_compact(&mut out),
        }
        out
    }

    fn binary_type(&self) -> u8 {
        match self {
            Bool(_) => 2,
            Double(_) => 4,
            I32(_) => 8,
            I64(_) => 10,
            Text(_) => 11,
            Struct(_) => 12,
            List(_) => 15,
        }
    }

    fn compact_type(&self) -> u8 {
        match self {
            Bool(value) => 2 - u8::from(*value),
            I32(_) => 5,
            I64(_) => 6,
            Double(_) => 7,
            Text(_) => 8,
            List(_) => 9,
            Struct(_) => 12,
        }
    }

    fn write_binary(&self, out: &mut Vec<u8>) {
        match self {
            Bool(value) => out.push(u8::from(*value)),
            I32(value) => out.extend(value.to_be_bytes()),
            I64(value) => out.extend(value.to_be_bytes()),
            Double(value) => out.extend(value.to_be_bytes()),
            Text(text) => {
                out.extend((text.len() as u32).to_be_bytes());
                out.extend(text.as_bytes());
            }
            List(elements) => {
                out.push(elements.first().map_or(12, Thrift::binary_type));
                out.extend((elements.len() as u32).to_be_bytes());
                elements.iter().for_each(|element| element.write_binary(out));
            }
            Struct(fields) => {
                for (number, value) in fields {
                    out.push(value.binary_type());
                    out.extend(number.to_be_bytes());
                    value.write_binary(out);
                }
                out.push(0);
            }
        }
    }

    fn write_compact(&self, out: &mut Vec<u8>) {
        match self {
            Bool(value) => out.push(2 - u8::from(*value)),
            I32(value) => write_varint(out, zigzag(i64::from(*value))),
            I64(value) => write_varint(out, zigzag(*value)),
            Double(value) => out.extend(value.to_le_bytes()),
            Text(text) => {
                write_varint(out, text.len() as u64);
                out.extend(text.as_bytes());
            }
            List(elements) => {
                let element_type = elements.first().map_or(12, Thrift::compact_type);
                out.push(0xf0 | element_type);
                write_varint(out, elements.len() as u64);
                elements.iter().for_each(|element| element.write_compact(out));
            }
            Struct(fields) => {
                let mut last = 0;
                for (number, value) in fields {
                    out.push(((number - last) as u8) << 4 | value.compact_type());
                    last = *number;
                    // A boolean is in the header already.
                    if !matches!(value, Bool(_)) {
                        value.write_compact(out);
                    }
                }
                out.push(0);
            }
        }
    }
}

fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

fn write_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A tag of a text, the commonest kind.
pub(super) fn text_tag(key: &'static str, value: &'static str) -> Thrift {
    Struct(vec![(1, Text(key)), (2, I32(0)), (3, Text(value))])
}

/// A batch of a process and these spans.
pub(super) fn batch(spans: Vec<Thrift>) -> Thrift {
    let process_tags = vec![text_tag("hostname", "h1"), text_tag("version", "2")];
    let process = Struct(vec![(1, Text("shop")), (2, List(process_tags))]);
    Struct(vec![(1, process), (2, List(spans)), (3, I64(7)), (4, Struct(vec![(1, I64(0))]))])
}

/// A span with everything a span can have.
pub(super) fn span() -> Thrift {
    let reference = |kind, trace, span| {
        Struct(vec![(1, I32(kind)), (2, I64(trace)), (3, I64(1)), (4, I64(span))])
    };
    let tags = vec![
        text_tag("span.kind", "client"),
        Struct(vec![(1, Text("rate")), (2, I32(1)), (4, Double(0.5))]),
        Struct(vec![(1, Text("error")), (2, I32(2)), (5, Bool(true))]),
        Struct(vec![(1, Text("http.status_code")), (2, I32(3)), (6, I64(503))]),
        Struct(vec![(1, Text("raw")), (2, I32(4)), (7, Text("\u{1}\u{2}"))]),
        text_tag("otel.status_description", "broken"),
        text_tag("otel.scope.name", "lib"),
        text_tag("w3c.tracestate", "a=b"),
    ];
    let log = Struct(vec![
        (1, I64(1_500_000)),
        (2, List(vec![text_tag("event", "retry"), text_tag("why", "timeout")])),
    ]);
    Struct(vec![
        (1, I64(2)),
        (2, I64(1)),
        (3, I64(-3)),
        (4, I64(4)),
        (5, Text("GET /")),
        (6, List(vec![reference(0, 2, 4), reference(1, 9, 5)])),
        (7, I32(3)),
        (8, I64(1_000_000)),
        (9, I64(250)),
        (10, List(tags)),
        (11, List(vec![log])),
    ])
}

/// A message that calls `emitBatch`.
pub(super) fn emit_batch(batch: Thrift, encoding: Encoding) -> Vec<u8> {
    let mut message = match encoding {
        Encoding::Binary => b"\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x01".to_vec(),
        Encoding::Compact => b"\x82\x81\x01\x09emitBatch".to_vec(),
    };
    message.extend(Struct(vec![(1, batch)]).encode(encoding));
    message
}

/// A batch in both encodings, with and without a message around it.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let encodings = [Encoding::Binary, Encoding::Compact];
    let batches = encodings.map(|encoding| batch(vec![span()]).encode(encoding));
    let calls = encodings.map(|encoding| emit_batch(batch(vec![span()]), encoding));
    batches.into_iter().chain(calls).collect()
}
