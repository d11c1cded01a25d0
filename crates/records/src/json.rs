//! Nested values as JSON text, without loss.
//!
//! JSON has no bytes and no infinite numbers: they become objects with the one key `$bytes`
//! (base64) or `$float`. Real keys that begin with `$` get a second one. The order of keys stays,
//! and so do repeated keys. Floats always have a point or an exponent, integers never.

use std::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Attributes, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// How deep arrays and maps may lie in each other; what is deeper cannot be read back.
pub const MAX_DEPTH: usize = 100;

/// How deep arrays and maps lie in each other; a scalar is 0 deep. Beyond [`MAX_DEPTH`] nobody
/// counts.
pub fn depth(value: &Value) -> usize {
    fn within(value: &Value, left: usize) -> usize {
        let deepest = match value {
            _ if left == 0 => return 0,
            Value::Array(elements) => elements.iter().map(|e| within(e, left - 1)).max(),
            Value::Map(members) => members.iter().map(|(_, v)| within(v, left - 1)).max(),
            _ => return 0,
        };
        deepest.unwrap_or(0) + 1
    }
    within(value, MAX_DEPTH + 1)
}

/// Whether a value can be read back.
pub fn is_storable(value: &Value) -> bool {
    depth(value) <= MAX_DEPTH
}

/// Adds the text of a value.
pub fn encode(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => write!(out, "{value}").expect("a string takes everything"),
        Value::Float(value) if value.is_finite() => {
            // Debug always writes a point or an exponent, so that the type stays visible.
            write!(out, "{value:?}").expect("a string takes everything");
        }
        Value::Float(value) => {
            write!(out, "{{\"$float\":\"{value}\"}}").expect("a string takes everything");
        }
        Value::Str(text) => encode_text(text, out),
        Value::Bytes(bytes) => {
            out.push_str("{\"$bytes\":\"");
            STANDARD.encode_string(bytes, out);
            out.push_str("\"}");
        }
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                encode(element, out);
            }
            out.push(']');
        }
        Value::Map(members) => encode_map(members, out),
    }
}

/// Adds the text of a map.
pub fn encode_map(members: &Attributes, out: &mut String) {
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        encode_key(name, out);
        encode(value, out);
    }
    out.push('}');
}

/// Adds a key and its colon.
pub(crate) fn encode_key(name: &str, out: &mut String) {
    match name.starts_with('$') {
        true => encode_text(&format!("${name}"), out),
        false => encode_text(name, out),
    }
    out.push(':');
}

fn encode_text(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (position, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain_from..position]);
        match escape.is_empty() {
            true => write!(out, "\\u{byte:04x}").expect("a string takes everything"),
            false => out.push_str(escape),
        }
        plain_from = position + 1;
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

/// Reads what [`encode`] wrote, or any other JSON text; `None` when it is none, or too deep.
pub fn decode(text: &str) -> Option<Value> {
    serde_json::from_str::<Decoded>(text).ok().map(|decoded| decoded.0)
}

struct Decoded(Value);

impl<'de> Deserialize<'de> for Decoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Decoded)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Str(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Decoded(element)) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Attributes::new();
        while let Some((name, Decoded(value))) = map.next_entry::<String, Decoded>()? {
            members.push((name, value));
        }
        Ok(special(&members).unwrap_or_else(|| {
            for (name, _) in &mut members {
                if name.starts_with("$$") {
                    name.remove(0);
                }
            }
            Value::Map(members)
        }))
    }
}

/// The value that an object with a key of ours stands for.
fn special(members: &Attributes) -> Option<Value> {
    match members.as_slice() {
        [(name, Value::Str(text))] if name == "$bytes" => {
            STANDARD.decode(text).ok().map(Value::Bytes)
        }
        [(name, Value::Str(text))] if name == "$float" => text.parse().ok().map(Value::Float),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value, expected: &str) {
        let mut text = String::new();
        encode(value, &mut text);
        assert_eq!(text, expected);
        assert_eq!(format!("{:?}", decode(&text).unwrap()), format!("{value:?}"));
    }

    #[test]
    fn values_survive_the_round_trip() {
        check(&Value::Array(vec![Value::Int(1), Value::Float(1.0), Value::Null]), "[1,1.0,null]");
        check(&Value::Float(0.1 + 0.2), "0.30000000000000004");
        check(&Value::Float(1e300), "1e300");
        check(&Value::Float(-0.0), "-0.0");
        check(&Value::Float(5e-324), "5e-324");
        check(&Value::Int(i64::MIN), "-9223372036854775808");
        check(&Value::Float(f64::NEG_INFINITY), r#"{"$float":"-inf"}"#);
        check(&Value::Float(f64::NAN), r#"{"$float":"NaN"}"#);
        check(&Value::Bytes(vec![0, 255]), r#"{"$bytes":"AP8="}"#);
        check(&Value::from("\u{1}\"\\\n\té"), "\"\\u0001\\\"\\\\\\n\\té\"");
        let map = Value::Map(vec![
            ("b".into(), Value::Int(1)),
            ("$bytes".into(), Value::from("x")),
            ("b".into(), Value::Map(vec![])),
        ]);
        check(&map, r#"{"b":1,"$$bytes":"x","b":{}}"#);
        check(&Value::Map(vec![("$bytes".into(), Value::from("x"))]), r#"{"$$bytes":"x"}"#);
    }

    #[test]
    fn what_is_storable_can_be_read_back() {
        let nested = |depth| (0..depth).fold(Value::Bytes(vec![1]), |v, _| Value::Array(vec![v]));
        assert!(is_storable(&nested(MAX_DEPTH)));
        assert!(!is_storable(&nested(MAX_DEPTH + 1)));
        let mut text = String::new();
        encode(&nested(MAX_DEPTH), &mut text);
        assert_eq!(decode(&text), Some(nested(MAX_DEPTH)));
        assert_eq!(decode("{"), None);
    }
}
