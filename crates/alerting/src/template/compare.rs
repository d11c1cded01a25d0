//! `eq`, `ne`, `lt`, `le`, `gt` and `ge`.

use std::cmp::Ordering;

use super::Value;

const INCOMPATIBLE: &str = "incompatible types for comparison";

/// Whether the first equals any of the others.
pub(super) fn equal_any(arguments: &[Value]) -> Result<Value, String> {
    let Some((first, others)) = arguments.split_first() else {
        return Err("wrong number of args for eq: want at least 1 got 0".to_owned());
    };
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal(first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// Whether two values are equal; only values of one kind compare.
pub(super) fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (left, right) {
        (Value::Nil, Value::Nil) => Ok(true),
        (Value::Nil, other) | (other, Value::Nil) => match other {
            Value::List(_) | Value::Map(_) => Err("non-comparable type".to_owned()),
            _ => Ok(false),
        },
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        (Value::Text(a), Value::Text(b)) => Ok(a == b),
        (Value::Time(a), Value::Time(b)) => Ok(a == b),
        (
            Value::Int(a) | Value::Word(a, _) | Value::Duration(a),
            Value::Int(b) | Value::Word(b, _) | Value::Duration(b),
        ) => Ok(a == b),
        (Value::List(_) | Value::Map(_) | Value::Object(_), other) => {
            Err(format!("non-comparable type {}: {}", left.type_name(), other.type_name()))
        }
        _ => Err(INCOMPATIBLE.to_owned()),
    }
}

/// How two numbers or texts are ordered; `None` when one is not a number.
pub(super) fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, String> {
    match (left, right) {
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b)),
        (Value::Text(a), Value::Text(b)) => Ok(Some(a.cmp(b))),
        (
            Value::Int(a) | Value::Word(a, _) | Value::Duration(a),
            Value::Int(b) | Value::Word(b, _) | Value::Duration(b),
        ) => Ok(Some(a.cmp(b))),
        (Value::Bool(_), Value::Bool(_)) | (Value::Time(_), Value::Time(_)) => {
            Err("invalid type for comparison".to_owned())
        }
        (
            Value::Int(_) | Value::Word(..) | Value::Duration(_) | Value::Float(_) | Value::Text(_),
            Value::Int(_) | Value::Word(..) | Value::Duration(_) | Value::Float(_) | Value::Text(_),
        ) => Err(INCOMPATIBLE.to_owned()),
        _ => Err("invalid type for comparison".to_owned()),
    }
}
