//! One value under one verb.

use super::Spec;
use crate::golang::float;
use model::{Quoted, is_printable};

use crate::golang::quote::quote_char;
use crate::template::Value;
use crate::template::print::{self, Bounded};

/// Adds the value under the verb.
pub(super) fn write_verb(
    out: &mut Bounded,
    value: &Value,
    verb: char,
    spec: Spec,
) -> Result<(), String> {
    match verb {
        'T' => return pad(out, value.type_name(), spec),
        'p' => return bad_verb(out, value, verb),
        _ => {}
    }
    // What prints as a word or in its own way is a text to these verbs.
    let own_text = match value {
        Value::Object(_) | Value::Time(_) | Value::Duration(_) | Value::Word(..) => {
            print::scalar(value).filter(|_| matches!(verb, 'v' | 's' | 'q' | 'x' | 'X'))
        }
        _ => None,
    };
    if let Some(text) = own_text {
        return write_text(out, &text, verb, spec);
    }
    match value {
        Value::Bool(value) if matches!(verb, 't' | 'v') => pad(out, &value.to_string(), spec),
        Value::Int(number) | Value::Word(number, _) | Value::Duration(number) => {
            match integer(*number, verb, spec) {
                Some(text) => pad_number(out, &text, spec),
                None => bad_verb(out, value, verb),
            }
        }
        Value::Float(number) => match verb {
            'v' | 'g' | 'G' | 'e' | 'E' | 'f' | 'F' => write_float(out, *number, verb, spec),
            _ => bad_verb(out, value, verb),
        },
        Value::Text(text) => match verb {
            'v' if spec.sharp => pad(out, &Quoted(text).to_string(), spec),
            'v' | 's' | 'q' | 'x' | 'X' => write_text(out, text, verb, spec),
            _ => bad_verb(out, value, verb),
        },
        Value::Nil if verb == 'v' => pad(out, "<nil>", spec),
        Value::Nil => out.push(&format!("%!{verb}(<nil>)")),
        _ => write_compound(out, value, verb, spec),
    }
}

/// A list or map, each of whose elements comes under the verb, or a struct.
fn write_compound(out: &mut Bounded, value: &Value, verb: char, spec: Spec) -> Result<(), String> {
    match value.plain() {
        Value::List(list) => {
            out.push("[")?;
            for (position, element) in list.iter().enumerate() {
                out.push(if position > 0 { " " } else { "" })?;
                write_verb(out, element, verb, spec)?;
            }
            out.push("]")
        }
        Value::Map(map) => {
            out.push("map[")?;
            for (position, (key, element)) in map.iter().enumerate() {
                out.push(if position > 0 { " " } else { "" })?;
                write_verb(out, &Value::text(key), verb, spec)?;
                out.push(":")?;
                write_verb(out, element, verb, spec)?;
            }
            out.push("]")
        }
        other if matches!(verb, 'v' | 's') => print::write(out, &other, spec.plus),
        _ => bad_verb(out, value, verb),
    }
}

/// Go's note that the verb does not fit the type.
fn bad_verb(out: &mut Bounded, value: &Value, verb: char) -> Result<(), String> {
    out.push(&format!("%!{verb}({}=", value.type_name()))?;
    print::write(out, value, false)?;
    out.push(")")
}

fn pad(out: &mut Bounded, text: &str, spec: Spec) -> Result<(), String> {
    let missing = spec.width.unwrap_or(0).saturating_sub(text.chars().count());
    if spec.minus {
        out.push(text)?;
        return out.push(&" ".repeat(missing));
    }
    out.push(&" ".repeat(missing))?;
    out.push(text)
}

/// As [`pad`], but zeros come behind the sign.
fn pad_number(out: &mut Bounded, text: &str, spec: Spec) -> Result<(), String> {
    if !spec.zero {
        return pad(out, text, spec);
    }
    let sign = usize::from(text.starts_with(['+', '-', ' ']));
    let missing = spec.width.unwrap_or(0).saturating_sub(text.chars().count());
    out.push(&text[..sign])?;
    out.push(&"0".repeat(missing))?;
    out.push(&text[sign..])
}

fn write_text(out: &mut Bounded, text: &str, verb: char, spec: Spec) -> Result<(), String> {
    let cut = spec.precision.filter(|_| verb != 'x' && verb != 'X');
    let shown: String = match cut {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    let shown = match verb {
        'q' if spec.sharp && !shown.contains('`') && !shown.contains(char::is_control) => {
            format!("`{shown}`")
        }
        'q' => Quoted(&shown).to_string(),
        'x' | 'X' => {
            let bytes = shown.bytes().take(spec.precision.unwrap_or(usize::MAX));
            let separator = if spec.space { " " } else { "" };
            let digits: Vec<String> = bytes
                .map(|byte| if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") })
                .collect();
            let prefix =
                if spec.sharp && !digits.is_empty() { format!("0{verb}") } else { String::new() };
            prefix + &digits.join(separator)
        }
        _ => shown,
    };
    pad(out, &shown, spec)
}

fn integer(value: i64, verb: char, spec: Spec) -> Option<String> {
    let magnitude = value.unsigned_abs();
    let digits = match verb {
        'd' | 'v' => magnitude.to_string(),
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'c' | 'q' | 'U' => {
            let c = u32::try_from(value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
            return Some(match verb {
                'c' => c.to_string(),
                'q' => quote_char(c),
                _ if spec.sharp && is_printable(c) => format!("U+{value:04X} '{c}'"),
                _ => format!("U+{value:04X}"),
            });
        }
        _ => return None,
    };
    let prefix = match verb {
        'O' => "0o",
        'b' if spec.sharp => "0b",
        'o' if spec.sharp => "0",
        'x' if spec.sharp => "0x",
        'X' if spec.sharp => "0X",
        _ => "",
    };
    let least = spec.precision.unwrap_or(0);
    Some(format!("{}{prefix}{digits:0>least$}", sign(value < 0, spec)))
}

fn sign(negative: bool, spec: Spec) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}

fn write_float(out: &mut Bounded, value: f64, verb: char, spec: Spec) -> Result<(), String> {
    let (verb, default) = match verb {
        'v' => ('g', None),
        'g' | 'G' => (verb, None),
        'F' => ('f', Some(6)),
        other => (other, Some(6)),
    };
    let text = float::format(value.abs(), verb, spec.precision.or(default));
    let negative = value.is_sign_negative() && !value.is_nan();
    if !value.is_finite() {
        // Zeros before infinity would be read as a number.
        let text = text.trim_start_matches('+');
        let sign = if value.is_infinite() && !negative && !spec.space {
            "+"
        } else {
            sign(negative, spec)
        };
        return pad(out, &format!("{sign}{text}"), spec);
    }
    pad_number(out, &format!("{}{text}", sign(negative, spec)), spec)
}
