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
    match (verb, value) {
        ('T', Value::Nil) => return pad(out, "<nil>", spec),
        ('T', _) => return pad(out, value.type_name(), spec),
        ('p', _) => return bad_verb(out, value, verb, spec),
        _ => {}
    }
    if let Some(text) = own_text(value, verb, spec) {
        return write_text(out, &text, verb, spec);
    }
    match value {
        Value::Bool(value) if matches!(verb, 't' | 'v') => pad(out, &value.to_string(), spec),
        Value::Int(number) | Value::Word(number, _) | Value::Duration(number) => {
            match integer(*number, verb, spec) {
                Some((text, spec)) => pad(out, &text, spec),
                None => bad_verb(out, value, verb, spec),
            }
        }
        Value::Float(number) => match verb {
            'v' | 'g' | 'G' | 'e' | 'E' | 'f' | 'F' | 'x' | 'X' | 'b' => {
                write_float(out, *number, verb, spec)
            }
            _ => bad_verb(out, value, verb, spec),
        },
        Value::Text(text) => match verb {
            'v' if spec.as_source => pad(out, &Quoted(text).to_string(), spec),
            'v' | 's' | 'q' | 'x' | 'X' => write_text(out, text, verb, spec),
            _ => bad_verb(out, value, verb, spec),
        },
        Value::Nil if verb == 'v' => pad(out, "<nil>", spec),
        Value::Nil => out.push(&format!("%!{verb}(<nil>)")),
        _ => write_compound(out, value, verb, spec),
    }
}

/// The text of a value that prints as a word or in its own way, for the verbs that print texts.
fn own_text(value: &Value, verb: char, spec: Spec) -> Option<String> {
    if !matches!(verb, 'v' | 's' | 'q' | 'x' | 'X') {
        return None;
    }
    match value {
        Value::Time(_) => print::scalar(value),
        // A note of a mistake shows what lies beneath.
        Value::Object(_) | Value::Duration(_) | Value::Word(..) if !spec.in_note => {
            print::scalar(value)
        }
        _ => None,
    }
}

/// A list, map or struct, each of whose elements comes under the verb.
fn write_compound(out: &mut Bounded, value: &Value, verb: char, spec: Spec) -> Result<(), String> {
    let mut separator = "";
    match value.plain() {
        Value::List(list) => {
            out.push("[")?;
            for element in list.iter() {
                out.push(std::mem::replace(&mut separator, " "))?;
                write_verb(out, element, verb, spec)?;
            }
            out.push("]")
        }
        Value::Map(map) => {
            out.push("map[")?;
            for (key, element) in map.iter() {
                out.push(std::mem::replace(&mut separator, " "))?;
                write_verb(out, &Value::text(key), verb, spec)?;
                out.push(":")?;
                write_verb(out, element, verb, spec)?;
            }
            out.push("]")
        }
        Value::Object(object) => {
            out.push("{")?;
            for field in object.fields() {
                out.push(std::mem::replace(&mut separator, " "))?;
                if spec.named {
                    out.push(field.name)?;
                    out.push(":")?;
                }
                write_verb(out, &field.value, verb, spec)?;
            }
            out.push("}")
        }
        // No such value is left but one whose note this is.
        other if spec.in_note => print::write(out, &other, false),
        other => bad_verb(out, &other, verb, spec),
    }
}

/// Go's note that the verb does not fit the type.
fn bad_verb(out: &mut Bounded, value: &Value, verb: char, spec: Spec) -> Result<(), String> {
    out.push(&format!("%!{verb}({}=", value.type_name()))?;
    write_verb(out, value, 'v', Spec { in_note: true, ..spec })?;
    out.push(")")
}

/// Adds a text with what fills it up to the width.
fn pad(out: &mut Bounded, text: &str, spec: Spec) -> Result<(), String> {
    let missing = spec.width.unwrap_or(0).saturating_sub(text.chars().count());
    if spec.minus {
        out.push(text)?;
        return out.push(&" ".repeat(missing));
    }
    out.push(&if spec.zero { "0" } else { " " }.repeat(missing))?;
    out.push(text)
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

/// An integer and how to pad it.
fn integer(value: i64, verb: char, spec: Spec) -> Option<(String, Spec)> {
    let magnitude = value.unsigned_abs();
    let digits = match verb {
        'd' | 'v' => magnitude.to_string(),
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'c' | 'q' | 'U' => {
            let c = u32::try_from(value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
            let text = match verb {
                'c' => c.to_string(),
                'q' => quote_char(c),
                _ if spec.sharp && is_printable(c) => format!("U+{value:04X} '{c}'"),
                _ => format!("U+{value:04X}"),
            };
            return Some((text, Spec { zero: spec.zero && verb != 'U', ..spec }));
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
    let sign = sign(value < 0, spec);
    // A precision makes zeros up to the width blanks, and leaves nothing of a zero.
    let least = match (spec.precision, spec.width) {
        (Some(0), _) if value == 0 => return Some((String::new(), Spec { zero: false, ..spec })),
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero => width - width.min(sign.len()),
        _ => 0,
    };
    let text = format!("{sign}{prefix}{digits:0>least$}");
    Some((text, Spec { zero: false, ..spec }))
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
        'g' | 'G' | 'x' | 'X' | 'b' => (verb, None),
        'F' => ('f', Some(6)),
        other => (other, Some(6)),
    };
    let text = float::format(value.abs(), verb, spec.precision.or(default));
    let negative = value.is_sign_negative() && !value.is_nan();
    let sign = sign(negative, spec);
    if value.is_infinite() {
        // Zeros before infinity would be read as a number.
        let sign = if sign.is_empty() { "+" } else { sign };
        return pad(
            out,
            &format!("{sign}{}", text.trim_start_matches('+')),
            Spec { zero: false, ..spec },
        );
    }
    if value.is_nan() {
        return pad(out, &format!("{sign}{text}"), Spec { zero: false, ..spec });
    }
    if spec.zero {
        out.push(sign)?;
        let width = spec.width.map(|width| width - width.min(sign.len()));
        return pad(out, &text, Spec { width, ..spec });
    }
    pad(out, &format!("{sign}{text}"), spec)
}
