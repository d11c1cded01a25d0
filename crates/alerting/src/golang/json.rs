//! JSON as `encoding/json` writes it: HTML characters escaped, whole floats without a point.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::float;

/// The value as compact JSON.
///
/// # Errors
/// When the value has a number JSON cannot hold (NaN, infinity) or a map key that is no text.
pub(crate) fn to_string(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut out = Vec::new();
    to_writer(&mut out, value)?;
    Ok(String::from_utf8(out).expect("JSON is written from text"))
}

/// Writes the value as compact JSON.
///
/// # Errors
/// As [`to_string`], and when the writer fails.
pub(crate) fn to_writer(
    out: impl io::Write,
    value: &impl Serialize,
) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, GoFormatter))
}

struct GoFormatter;

impl Formatter for GoFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        let special = |c: char| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
        while let Some(at) = rest.find(special) {
            let (before, from) = rest.split_at(at);
            let c = from.chars().next().expect("something was found");
            CompactFormatter.write_string_fragment(writer, before)?;
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &from[c.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let magnitude = value.abs();
        if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
            let text = float::format(value, 'e', None);
            // A one-digit negative exponent has no leading zero: 1e-7.
            writer.write_all(text.replace("e-0", "e-").as_bytes())
        } else {
            writer.write_all(float::format(value, 'f', None).as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_writes_it() {
        let check = |value: serde_json::Value, expected: &str| {
            assert_eq!(to_string(&value).unwrap(), expected);
        };
        check("a<b>&\u{2028}\"\n".into(), r#""a\u003cb\u003e\u0026\u2028\"\n""#);
        check(5.0.into(), "5");
        check(1e21.into(), "1e+21");
        check(1e-7.into(), "1e-7");
        check(0.000_001.into(), "0.000001");
        check(serde_json::json!({"b": [1, null], "a": true}), r#"{"a":true,"b":[1,null]}"#);
        assert_eq!(to_string(&0.0).unwrap(), "0");
    }
}
