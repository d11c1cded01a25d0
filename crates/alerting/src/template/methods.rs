//! Fields and methods of values.

use chrono::{Datelike as _, Timelike as _};

use super::Value;
use crate::golang::duration;
use crate::golang::layout::{month_name, weekday_name};
use crate::golang::time::Time;
use crate::golang::zone::Zone;

/// The field or method of a value.
///
/// # Errors
/// When there is none of that name, or the method refuses its arguments.
pub(super) fn field(value: &Value, name: &str, arguments: &[Value]) -> Result<Value, String> {
    let result = match value {
        Value::Nil => return Err(format!("nil pointer evaluating interface {{}}.{name}")),
        Value::Time(time) => time_method(time, name, arguments),
        Value::Duration(nanos) => duration_method(*nanos, name, arguments),
        Value::Word(_, word) if name == "String" => Some(Ok(Value::text(word))),
        Value::Object(object) => object.method(name, arguments).or_else(|| {
            let field = object.fields().into_iter().find(|field| field.name == name)?;
            Some(no_arguments(name, arguments).map(|()| field.value))
        }),
        _ => None,
    };
    if let Some(result) = result {
        return result;
    }
    match value.plain() {
        Value::Map(map) => no_arguments(name, arguments).map(|()| map.get(name)),
        _ => Err(format!("can't evaluate field {name} in type {}", value.type_name())),
    }
}

fn no_arguments(name: &str, arguments: &[Value]) -> Result<(), String> {
    if arguments.is_empty() {
        Ok(())
    } else {
        Err(format!("{name} is not a method but has arguments"))
    }
}

fn wrong(name: &str, arguments: &[Value]) -> String {
    let types: Vec<_> = arguments.iter().map(Value::type_name).collect();
    format!("wrong arguments for {name}: ({})", types.join(", "))
}

fn time_method(time: &Time, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    let (local, _) = time.local();
    let weekday = local.weekday().num_days_from_sunday();
    let value = match (name, arguments) {
        ("Format", [Value::Text(layout)]) => Value::text(time.format(layout)),
        ("String", []) => Value::text(time.to_string()),
        ("Unix", []) => Value::Int(time.utc.timestamp()),
        ("UnixMilli", []) => Value::Int(time.utc.timestamp_millis()),
        ("UnixNano", []) => Value::Int(time.utc.timestamp_nanos_opt().unwrap_or(i64::MIN)),
        ("UTC" | "Local", []) => Value::time(Time { zone: Zone::Utc, ..time.clone() }),
        ("IsZero", []) => Value::Bool(time.is_zero()),
        ("Add", [Value::Duration(nanos) | Value::Int(nanos)]) => {
            Value::time(time.add_nanos(*nanos))
        }
        ("Sub", [Value::Time(other)]) => Value::Duration(time.nanos_since(other)),
        ("Truncate", [Value::Duration(nanos) | Value::Int(nanos)]) => {
            Value::time(time.truncate(*nanos))
        }
        ("Round", [Value::Duration(nanos) | Value::Int(nanos)]) => {
            Value::time(time.add_nanos(nanos / 2).truncate(*nanos))
        }
        ("AddDate", [Value::Int(years), Value::Int(months), Value::Int(days)]) => {
            match time.add_date(*years, *months, *days) {
                Some(time) => Value::time(time),
                None => return Some(Err("AddDate: the date is out of range".to_owned())),
            }
        }
        ("Before", [Value::Time(other)]) => Value::Bool(time.utc < other.utc),
        ("After", [Value::Time(other)]) => Value::Bool(time.utc > other.utc),
        ("Equal", [Value::Time(other)]) => Value::Bool(time == &**other),
        ("Year", []) => Value::Int(local.year().into()),
        ("Month", []) => Value::Word(local.month().into(), month_name(local.month())),
        ("Day", []) => Value::Int(local.day().into()),
        ("Weekday", []) => Value::Word(weekday.into(), weekday_name(weekday)),
        ("YearDay", []) => Value::Int(local.ordinal().into()),
        ("Hour", []) => Value::Int(local.hour().into()),
        ("Minute", []) => Value::Int(local.minute().into()),
        ("Second", []) => Value::Int(local.second().into()),
        ("Nanosecond", []) => Value::Int(local.nanosecond().into()),
        ("Location", []) => Value::text(time.zone.name()),
        (
            "Format" | "String" | "Unix" | "UnixMilli" | "UnixNano" | "UTC" | "Local" | "IsZero"
            | "Add" | "Sub" | "Truncate" | "Round" | "AddDate" | "Before" | "After" | "Equal"
            | "Year" | "Month" | "Day" | "Weekday" | "YearDay" | "Hour" | "Minute" | "Second"
            | "Nanosecond" | "Location",
            _,
        ) => return Some(Err(wrong(name, arguments))),
        _ => return None,
    };
    Some(Ok(value))
}

fn duration_method(nanos: i64, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    let fraction = |unit: f64| Value::Float(nanos as f64 / unit);
    let value = match (name, arguments) {
        ("Hours", []) => fraction(3.6e12),
        ("Minutes", []) => fraction(6e10),
        ("Seconds", []) => fraction(1e9),
        ("Milliseconds", []) => Value::Int(nanos / 1_000_000),
        ("Microseconds", []) => Value::Int(nanos / 1_000),
        ("Nanoseconds", []) => Value::Int(nanos),
        ("Abs", []) => Value::Duration(nanos.saturating_abs()),
        ("String", []) => Value::text(duration::format(nanos)),
        ("Truncate", [Value::Duration(unit) | Value::Int(unit)]) if *unit > 0 => {
            Value::Duration(nanos - nanos % unit)
        }
        ("Round", [Value::Duration(unit) | Value::Int(unit)]) if *unit > 0 => {
            let half = unit / 2;
            let shifted =
                if nanos < 0 { nanos.saturating_sub(half) } else { nanos.saturating_add(half) };
            Value::Duration(shifted - shifted % unit)
        }
        ("Truncate" | "Round", [Value::Duration(_) | Value::Int(_)]) => Value::Duration(nanos),
        (
            "Hours" | "Minutes" | "Seconds" | "Milliseconds" | "Microseconds" | "Nanoseconds"
            | "Abs" | "String" | "Truncate" | "Round",
            _,
        ) => return Some(Err(wrong(name, arguments))),
        _ => return None,
    };
    Some(Ok(value))
}
