//! How values print: Go's `%v`.

use super::Value;
use crate::golang::{duration, float};

/// A text that grows to a limit.
pub(super) struct Bounded {
    text: String,
    limit: usize,
}

impl Bounded {
    pub(super) fn new(limit: usize) -> Self {
        Bounded { text: String::new(), limit }
    }

    /// Adds a text.
    ///
    /// # Errors
    /// When the limit is met.
    pub(super) fn push(&mut self, text: &str) -> Result<(), String> {
        if self.text.len() + text.len() > self.limit {
            return Err(format!("the text has more than {} bytes", self.limit));
        }
        self.text.push_str(text);
        Ok(())
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// What an action prints: a missing value has words of its own.
pub(super) fn write_top(out: &mut Bounded, value: &Value) -> Result<(), String> {
    match value {
        Value::Nil => out.push("<no value>"),
        value => write(out, value, false),
    }
}

/// Adds what `%v` prints or, with `named`, `%+v`, which names the fields of structs.
pub(super) fn write(out: &mut Bounded, value: &Value, named: bool) -> Result<(), String> {
    match value {
        Value::List(list) => {
            out.push("[")?;
            for (position, element) in list.iter().enumerate() {
                out.push(if position > 0 { " " } else { "" })?;
                write(out, element, named)?;
            }
            out.push("]")
        }
        Value::Map(map) => {
            out.push("map[")?;
            for (position, (key, element)) in map.iter().enumerate() {
                out.push(if position > 0 { " " } else { "" })?;
                out.push(key)?;
                out.push(":")?;
                write(out, element, named)?;
            }
            out.push("]")
        }
        Value::Object(object) => match (scalar(value), object.underlying()) {
            (Some(text), _) => out.push(&text),
            (None, Some(plain)) => write(out, &plain, named),
            (None, None) => {
                out.push("{")?;
                for (position, field) in object.fields().iter().enumerate() {
                    out.push(if position > 0 { " " } else { "" })?;
                    if named {
                        out.push(field.name)?;
                        out.push(":")?;
                    }
                    write(out, &field.value, named)?;
                }
                out.push("}")
            }
        },
        value => out.push(&scalar(value).unwrap_or_default()),
    }
}

/// The text of a value that does not consist of others.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Nil => Some("<nil>".to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Word(_, word) => Some((*word).to_owned()),
        Value::Float(value) => Some(float::format(*value, 'g', None)),
        Value::Text(text) => Some(text.to_string()),
        Value::Time(time) => Some(time.to_string()),
        Value::Duration(nanos) => Some(duration::format(*nanos)),
        Value::Object(object) => object.display(),
        Value::List(_) | Value::Map(_) => None,
    }
}
