use env::{Random, SimRandom};

use super::*;
use crate::wire::reader::Reader;

fn read(json: &[u8]) -> Result<Value, DecodeError> {
    let limits = Limits { depth: 127, ..Limits::default() };
    let mut reader = JsonReader::new(json, &limits);
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

/// Value or error, as text.
fn check(json: &str, expected: &str) {
    let found = match read(json.as_bytes()) {
        Ok(value) => value.to_json().to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "{json}");
}

#[test]
fn values_of_every_kind() {
    check(
        r#" { "a" : [ 1 , -2.5e3 , true , null , "x" ] } "#,
        r#"{"a":[1,-2500.0,true,null,"x"]}"#,
    );
    check(r#""\"\\\/\b\f\n\r\t\u00fc\ud83d\ude00""#, "\"\\\"\\\\/\\b\\f\\n\\r\\tü😀\"");
    check(r#"["\ud83d","\ude00","\ud83dx","\ud83d\u0041"]"#, "[\"�\",\"�\",\"�x\",\"�A\"]");
    check("9223372036854775807", "9223372036854775807");
    check("18446744073709551615", "1.8446744073709552e+19");
    check("{}", "{}");
    check("[]", "[]");
}

#[test]
fn errors_name_the_byte() {
    check("", "byte 0: expected a value, found the end");
    check("{\"a\":}", "byte 5: expected a value, found '}'");
    check("{\"a\" 1}", "byte 5: expected a colon");
    check("{a:1}", "byte 1: expected a string");
    check("[1,]", "byte 3: expected a value, found ']'");
    check("[1 2]", "byte 3: expected a comma or ']'");
    check("[1", "byte 2: expected ']', found the end");
    check("\"a\nb\"", "byte 2: a control character in a string must be escaped");
    check("\"ab", "byte 3: a string does not end");
    check("\"\\x\"", "byte 2: an unknown escape in a string");
    check("\"\\u12g4\"", "byte 3: expected four hexadecimal digits");
    check("-", "byte 1: expected a digit");
    check("1.", "byte 2: expected a digit");
    check("01", "byte 1: unexpected text behind the value");
    check("1e999", "byte 5: a number is out of range");
    check("nul", "byte 0: expected null");
    check("1 1", "byte 2: unexpected text behind the value");
}

#[test]
fn invalid_utf8_is_replaced() {
    assert_eq!(read(b"\"a\xffb\""), Ok(Value::from("a\u{fffd}b")));
    assert_eq!(read(b"\"\\n\xff\""), Ok(Value::from("\n\u{fffd}")));
}

#[test]
fn depth_and_memory_are_bounded() {
    check(&"[".repeat(100_000), "byte 128: nested deeper than 127 levels");
    check(&"{\"a\":".repeat(100_000), "byte 636: nested deeper than 127 levels");
    let mut reader = JsonReader::new(b"", &Limits::default());
    reader.restart(b"[[[[[[[[");
    assert!(reader.skip().is_err());

    let many = format!("[{}0]", "0,".repeat(1000));
    let limits = Limits { decoded_bytes: 10_000, ..Limits::default() };
    let error = JsonReader::new(many.as_bytes(), &limits).value().unwrap_err();
    assert_eq!(error.http_status(), 413);
    assert_eq!(JsonReader::new(many.as_bytes(), &limits).skip(), Ok(()), "nothing is kept");
}

/// What the JSON mapping of protobuf allows for scalars.
#[test]
fn scalars_of_the_protobuf_mapping() {
    fn reader(json: &str) -> JsonReader<'_> {
        JsonReader::new(json.as_bytes(), &Limits::default())
    }
    assert_eq!(reader("\"18446744073709551615\"").unsigned(), Ok(u64::MAX));
    assert_eq!(reader("1.5e3").unsigned(), Ok(1500));
    assert_eq!(reader("\"-7\"").signed(), Ok(-7));
    assert!(reader("1.5").signed().is_err());
    assert!(reader("-1").unsigned().is_err());
    assert_eq!(reader("\"-Infinity\"").double(), Ok(f64::NEG_INFINITY));
    assert!(reader("\"NaN\"").double().is_ok_and(f64::is_nan));
    assert_eq!(reader("2").double(), Ok(2.0));
    assert_eq!(reader("\"-_8\"").bytes().as_deref(), Ok(&[0xfb, 0xff][..]));
    assert_eq!(reader("\"+/8=\"").bytes().as_deref(), Ok(&[0xfb, 0xff][..]));
    assert!(reader("\"?\"").bytes().is_err());
    assert_eq!(reader("\"0aFf\"").id(), Ok(Some([0x0a, 0xff])));
    assert_eq!(reader("\"0a\"").id::<2>(), Ok(None));
    assert!(reader("\"zzzz\"").id::<2>().is_err());
    assert_eq!(reader("\"two\"").enumeration(|name| (name == "two").then_some(2)), Ok(2));
    assert_eq!(reader("3").enumeration(|_| None), Ok(3));
}

fn random_json(random: &SimRandom, depth: u32, out: &mut String) {
    let pieces = [
        "\"\"",
        "\"a\\u0041\\n\"",
        "\"grüße\"",
        "0",
        "-12",
        "3.25",
        "1e-7",
        "12345678901234567890",
        "true",
        "false",
        "null",
    ];
    match random.next_u64() % if depth == 0 { 2 } else { 4 } {
        0 | 1 => *out += pieces[random.next_u64() as usize % pieces.len()],
        2 => {
            *out += "[";
            for index in 0..random.next_u64() % 4 {
                *out += if index == 0 { " " } else { " , " };
                random_json(random, depth - 1, out);
            }
            *out += "]";
        }
        _ => {
            *out += "{";
            for index in 0..random.next_u64() % 4 {
                *out += &format!("{}\"k{index}\" :", if index == 0 { "" } else { "," });
                random_json(random, depth - 1, out);
            }
            *out += "}";
        }
    }
}

/// The same verdict and value as serde_json, on valid texts and on texts with one byte changed.
#[test]
fn agrees_with_serde_json() {
    let random = SimRandom::seeded(7);
    for _ in 0..20_000 {
        let mut text = String::new();
        random_json(&random, 4, &mut text);
        let mut bytes = text.into_bytes();
        if random.next_u64().is_multiple_of(2) {
            let at = random.next_u64() as usize % bytes.len();
            bytes[at] = b" \"\\{}[]:,.-+0123456789aeEtfn"[random.next_u64() as usize % 28];
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let expected = serde_json::from_str::<serde_json::Value>(&text).map(Value::from);
        match (read(text.as_bytes()), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found.to_json(), expected.to_json(), "{text}"),
            (Err(_), Err(_)) => {}
            (found, expected) => panic!("{text}: {found:?} is not {expected:?}"),
        }
    }
}
