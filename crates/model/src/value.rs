//! Attribute values of logs and spans.

use std::borrow::Cow;

/// Names and values in the order they arrived.
pub type Attributes = Vec<(String, Value)>;

/// A value as OpenTelemetry and JSON have them.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// Several values.
    Array(Vec<Value>),
    /// Named values.
    Map(Attributes),
}

impl Value {
    /// The value as people read it: texts bare, arrays and maps as JSON, bytes as base64.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Value::Null => Cow::Borrowed(""),
            Value::Str(text) => Cow::Borrowed(text),
            Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Value::Int(value) => Cow::Owned(value.to_string()),
            Value::Float(value) => Cow::Owned(value.to_string()),
            Value::Bytes(bytes) => Cow::Owned(base64_text(bytes)),
            Value::Array(_) | Value::Map(_) => Cow::Owned(self.to_json().to_string()),
        }
    }

    /// About how many bytes the value occupies beyond its own fixed size.
    pub fn byte_len(&self) -> usize {
        match self {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 0,
            Value::Str(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Array(values) => values.iter().map(|v| v.byte_len() + size_of::<Value>()).sum(),
            Value::Map(fields) => {
                fields.iter().map(|(n, v)| n.len() + v.byte_len() + size_of::<Value>()).sum()
            }
        }
    }

    /// The value as JSON; bytes become base64 text and numbers JSON cannot hold become text.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => Json::from(*value),
            Value::Float(value) => serde_json::Number::from_f64(*value)
                .map_or_else(|| Json::String(value.to_string()), Json::Number),
            Value::Str(text) => Json::String(text.clone()),
            Value::Bytes(bytes) => Json::String(base64_text(bytes)),
            Value::Array(values) => Json::Array(values.iter().map(Value::to_json).collect()),
            Value::Map(fields) => {
                Json::Object(fields.iter().map(|(name, v)| (name.clone(), v.to_json())).collect())
            }
        }
    }
}

fn base64_text(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Str(text.to_owned())
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Value::Int(value),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Value::Str(text),
            Json::Array(values) => Value::Array(values.into_iter().map(Value::from).collect()),
            Json::Object(fields) => {
                Value::Map(fields.into_iter().map(|(name, v)| (name, v.into())).collect())
            }
        }
    }
}

/// Adds `value` to `out`, the members of maps as names joined with dots.
///
/// Nulls and empty maps leave nothing behind, as in an Elasticsearch index; arrays stay whole.
pub fn flatten(name: String, value: Value, out: &mut Attributes) {
    match value {
        Value::Null => {}
        Value::Map(fields) => {
            for (field, value) in fields {
                let joined = if name.is_empty() { field } else { format!("{name}.{field}") };
                flatten(joined, value, out);
            }
        }
        other => out.push((name, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_become_dotted_names() {
        let json = r#"{"a":{"b":{"c":1},"n":null},"list":[1,"x"],"e":{}}"#;
        let value = Value::from(serde_json::from_str::<serde_json::Value>(json).unwrap());
        let mut out = Attributes::new();
        flatten(String::new(), value, &mut out);
        let texts: Vec<_> = out.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
        assert_eq!(texts, ["a.b.c=1", r#"list=[1,"x"]"#]);
    }
}
