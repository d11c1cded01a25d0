//! Reading the arguments of functions.

use super::Value;

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    Exactly(usize),
    AtLeast(usize),
}

impl Count {
    /// Whether a call has as many.
    pub(crate) fn check(self, name: &str, got: usize) -> Result<(), String> {
        match self {
            Count::Exactly(want) if got != want => {
                Err(format!("wrong number of args for {name}: want {want} got {got}"))
            }
            Count::AtLeast(want) if got < want => {
                Err(format!("wrong number of args for {name}: want at least {want} got {got}"))
            }
            _ => Ok(()),
        }
    }
}

/// The argument at a position.
pub(crate) fn argument(all: &[Value], at: usize) -> Result<&Value, String> {
    all.get(at).ok_or_else(|| format!("wrong number of args: got {}", all.len()))
}

fn wrong(expected: &str, value: &Value) -> String {
    format!("wrong type for value; expected {expected}; got {}", value.type_name())
}

/// An argument that must be a text.
pub(crate) fn text(all: &[Value], at: usize) -> Result<&str, String> {
    match argument(all, at)? {
        Value::Text(text) => Ok(text),
        other => Err(wrong("string", other)),
    }
}

/// An argument that must be a list, with or without methods.
pub(crate) fn list(all: &[Value], at: usize) -> Result<Vec<Value>, String> {
    let value = argument(all, at)?;
    match value.plain() {
        Value::List(list) => Ok(list.to_vec()),
        _ => Err(wrong("a list", value)),
    }
}

/// An argument that must be a list of texts.
pub(crate) fn texts(all: &[Value], at: usize) -> Result<Vec<String>, String> {
    let elements = list(all, at)?;
    let text = |element: &Value| match element {
        Value::Text(text) => Ok(text.to_string()),
        other => Err(wrong("string", other)),
    };
    elements.iter().map(text).collect()
}
