//! The functions every template has.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::print::{self, Bounded};
use super::{Value, compare, printf};
use crate::golang::url::query_escape;

const NAMES: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

/// Whether there is a built-in function of that name.
pub(super) fn knows(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Calls a built-in function other than `and` and `or`, which evaluate their arguments themselves.
pub(super) fn call(name: &str, arguments: &[Value], limit: usize) -> Result<Value, String> {
    match name {
        "eq" => compare::equal_any(arguments),
        "ne" => pair(name, arguments).and_then(|(a, b)| Ok(Value::Bool(!compare::equal(a, b)?))),
        "lt" => ordered(name, arguments, |order| order == Ordering::Less),
        "le" => ordered(name, arguments, |order| order != Ordering::Greater),
        "gt" => ordered(name, arguments, |order| order == Ordering::Greater),
        "ge" => ordered(name, arguments, |order| order != Ordering::Less),
        "not" => one(name, arguments).map(|value| Value::Bool(!value.is_true())),
        "len" => len(one(name, arguments)?),
        "index" => index(arguments),
        "slice" => slice(arguments),
        "print" => joined(arguments, limit, false),
        "println" => joined(arguments, limit, true),
        "printf" => match arguments.split_first() {
            Some((Value::Text(format), rest)) => {
                printf::format(format, rest, limit).map(Value::text)
            }
            Some((other, _)) => Err(format!("expected string; found {}", other.type_name())),
            None => Err("wrong number of args: want at least 1 got 0".to_owned()),
        },
        "html" => Ok(Value::text(escape_html(&text_of(arguments, limit)?))),
        "js" => Ok(Value::text(escape_js(&text_of(arguments, limit)?))),
        "urlquery" => Ok(Value::text(query_escape(&text_of(arguments, limit)?))),
        _ => Err("there are no function values to call".to_owned()),
    }
}

fn one<'a>(name: &str, arguments: &'a [Value]) -> Result<&'a Value, String> {
    match arguments {
        [value] => Ok(value),
        _ => Err(format!("wrong number of args for {name}: want 1 got {}", arguments.len())),
    }
}

fn pair<'a>(name: &str, arguments: &'a [Value]) -> Result<(&'a Value, &'a Value), String> {
    match arguments {
        [a, b] => Ok((a, b)),
        _ => Err(format!("wrong number of args for {name}: want 2 got {}", arguments.len())),
    }
}

fn ordered(
    name: &str,
    arguments: &[Value],
    test: impl Fn(Ordering) -> bool,
) -> Result<Value, String> {
    let (a, b) = pair(name, arguments)?;
    Ok(Value::Bool(compare::order(a, b)?.is_some_and(test)))
}

fn len(value: &Value) -> Result<Value, String> {
    let len = match value.plain() {
        Value::Text(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Nil => return Err("len of nil pointer".to_owned()),
        other => return Err(format!("len of type {}", other.type_name())),
    };
    Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
}

fn position(value: &Value, len: usize) -> Result<usize, String> {
    match value {
        Value::Int(index) => match usize::try_from(*index) {
            Ok(index) if index <= len => Ok(index),
            _ => Err(format!("index out of range: {index}")),
        },
        Value::Nil => Err("cannot index slice/array with nil".to_owned()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name())),
    }
}

/// `index collection key key…`
fn index(arguments: &[Value]) -> Result<Value, String> {
    let Some((collection, keys)) = arguments.split_first() else {
        return Err("wrong number of args for index: want at least 1 got 0".to_owned());
    };
    let mut value = collection.clone();
    for key in keys {
        value = match (value.plain(), key) {
            (Value::List(list), key) => {
                let at = position(key, list.len())?;
                let found = list.get(at).cloned();
                found.ok_or_else(|| format!("index out of range: {at}"))?
            }
            (Value::Text(text), key) => {
                let at = position(key, text.len())?;
                let byte = text.as_bytes().get(at);
                Value::Int((*byte.ok_or_else(|| format!("index out of range: {at}"))?).into())
            }
            (Value::Map(map), Value::Text(key)) => map.get(key),
            (Value::Map(_), key) => {
                return Err(format!("value has type {}; should be string", key.type_name()));
            }
            (Value::Nil, _) => return Err("index of untyped nil".to_owned()),
            (other, _) => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(value)
}

/// `slice collection from to`
fn slice(arguments: &[Value]) -> Result<Value, String> {
    let Some((collection, bounds)) = arguments.split_first() else {
        return Err("wrong number of args for slice: want at least 1 got 0".to_owned());
    };
    if bounds.len() > 3 {
        return Err(format!("too many slice indexes: {}", bounds.len()));
    }
    let plain = collection.plain();
    let len = match &plain {
        Value::Text(_) if bounds.len() == 3 => {
            return Err("cannot 3-index slice a string".to_owned());
        }
        Value::Text(text) => text.len(),
        Value::List(list) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    let bound = |at: usize, default: usize| match bounds.get(at) {
        Some(value) => position(value, len),
        None => Ok(default),
    };
    let (from, to) = (bound(0, 0)?, bound(1, len)?);
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    match &plain {
        Value::Text(text) => {
            let bytes = &text.as_bytes()[from..to];
            Ok(Value::text(String::from_utf8_lossy(bytes)))
        }
        Value::List(list) => Ok(list.part(from..to)),
        _ => Ok(plain),
    }
}

/// `fmt.Sprint`, with blanks between operands of which neither is a text, or `fmt.Sprintln`.
fn joined(arguments: &[Value], limit: usize, line: bool) -> Result<Value, String> {
    let mut out = Bounded::new(limit);
    let mut after_text = true;
    for (position, value) in arguments.iter().enumerate() {
        let is_text = matches!(value, Value::Text(_));
        if position > 0 && (line || !(is_text || after_text)) {
            out.push(" ")?;
        }
        print::write(&mut out, value, false)?;
        after_text = is_text;
    }
    if line {
        out.push("\n")?;
    }
    Ok(Value::text(out.into_text()))
}

fn text_of(arguments: &[Value], limit: usize) -> Result<String, String> {
    match joined(arguments, limit, false)? {
        Value::Text(text) => Ok(text.to_string()),
        _ => Ok(String::new()),
    }
}

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn escape_js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\\"),
            '\'' => out.push_str(r"\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..=' ' if c != ' ' => {
                write!(out, "\\u{:04X}", u32::from(c)).expect("a string takes everything");
            }
            c if model::is_printable(c) => out.push(c),
            c => {
                write!(out, "\\u{:04X}", u32::from(c)).expect("a string takes everything");
            }
        }
    }
    out
}
