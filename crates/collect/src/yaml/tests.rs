//! What is read, and what is said about the rest.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename = "config.plain")]
struct Plain {
    name: String,
    count: u16,
    ratio: f64,
    on: bool,
    list: Vec<Option<String>>,
    map: BTreeMap<String, String>,
    nested: Option<Box<Plain>>,
}

fn read(text: &str) -> Plain {
    from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn scalars_are_read_as_the_type_wants() {
    assert_eq!(read("name: 007").name, "007");
    assert_eq!(read("name: yes").name, "yes");
    assert_eq!(read("name: !!binary aGVsbG8=").name, "hello");
    assert_eq!(read("name: ~").name, "");
    for (text, on) in [("yes", true), ("On", true), ("false", false), ("OFF", false)] {
        assert_eq!(read(&format!("on: {text}")).on, on, "{text}");
    }
    for (text, count) in [("0x1F", 31), ("0b11", 3), ("017", 15), ("1_000", 1000), ("1e3", 1000)] {
        assert_eq!(read(&format!("count: {text}")).count, count, "{text}");
    }
    assert_eq!(read("ratio: 28").ratio, 28.0);
    assert_eq!(read("ratio: 0.5").ratio, 0.5);
    assert_eq!(read("list: [a, ~, 1]").list, [Some("a".into()), None, Some("1".into())]);
}

#[test]
fn a_null_is_zero_or_empty() {
    let nulls = read("list:\n  # - a\nname:\nmap:\nnested:\ncount: null\nratio: ~\non:");
    assert_eq!(nulls, Plain::default());
    assert_eq!(read(""), Plain::default());
    assert_eq!(read("# nothing"), Plain::default());
}

#[test]
fn aliases_and_merges() {
    let plain = read("nested: &n {name: a, count: 2}\nlist: [&x b, *x]\nmap: {k: *x}");
    assert_eq!(plain.list, [Some("b".into()), Some("b".into())]);
    assert_eq!(plain.map["k"], "b");
    let merged = read("nested:\n  <<: [{name: a, count: 1}, {count: 2, on: yes}]\n  name: b");
    let nested = merged.nested.unwrap();
    assert_eq!((nested.name.as_str(), nested.count, nested.on), ("b", 1, true));
}

#[test]
fn errors_say_where_and_what() {
    for (text, expected) in [
        (
            "name: a\ncuont: 1",
            "2:1: field cuont not found in type config.plain (did you mean count?)",
        ),
        ("nested:\n  xyz: 1", "2:3: field xyz not found in type config.plain"),
        ("name: a\nname: b", "2:1: field name already set in type config.plain"),
        ("map:\n  a: b\n  a: c", "3:3: key \"a\" already set in map"),
        ("count: -1", "1:8: cannot unmarshal !!int `-1` into u16"),
        ("count: abc", "1:8: cannot unmarshal !!str `abc` into u16"),
        ("on: 'true'", "1:5: cannot unmarshal !!str `true` into bool"),
        ("name: [a]", "1:7: cannot unmarshal !!seq into string"),
        ("list: a", "1:7: cannot unmarshal !!str `a` into a list"),
        ("- a", "1:1: cannot unmarshal !!seq into config.plain"),
        ("name: !!binary '/w=='", "1:16: invalid value: byte array, expected a string"),
        ("name: !!binary 'x'", "1:16: !!binary value contains invalid base64 data"),
        ("nested: {<<: 1}", "1:14: map merge requires map or sequence of maps as the value"),
    ] {
        assert_eq!(from_str::<Plain>(text).unwrap_err().to_string(), expected, "{text}");
    }
    let error = from_str::<Plain>("name: [").unwrap_err();
    assert!(error.position.is_some(), "{error}");
    assert!(from_slice::<Plain>(b"name: \xff").unwrap_err().to_string().contains("UTF-8"));
}

#[test]
fn nothing_grows_without_bounds() {
    let mut bomb = "map: {a: &a0 x}\n".to_owned();
    for level in 0..8 {
        let items = vec![format!("*a{level}"); 10].join(", ");
        bomb.push_str(&format!("l{level}: &a{} [{items}]\n", level + 1));
    }
    let error = from_str::<Plain>(&bomb).unwrap_err();
    assert!(error.to_string().contains("more than 1000000 nodes"), "{error}");
    let deep = "[".repeat(70) + &"]".repeat(70);
    assert!(from_str::<Plain>(&deep).unwrap_err().to_string().contains("levels deep"));
    assert!(from_str::<Plain>("nested: &a {nested: *a}").is_err());
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename = "config.other")]
struct Other {
    color: String,
}

#[test]
fn inlined_structures_share_a_mapping() {
    type All = Inline<Plain, Inline<Other, Located<BTreeMap<String, String>>>>;
    let Inline(plain, Inline(other, map)) = from_str::<All>("\nname: a\ncolor: red").unwrap();
    assert_eq!((plain.name.as_str(), other.color.as_str()), ("a", "red"));
    assert_eq!(map.position, Position { line: 2, column: 1 });
    assert_eq!(map.value.len(), 2);
    let error = from_str::<Inline<Plain, Other>>("name: a\ncolour: red").unwrap_err();
    assert_eq!(
        error.to_string(),
        "2:1: field colour not found in type config.plain (did you mean color?)"
    );
    let error = from_str::<Inline<Plain, Other>>("color: a\ncolor: b").unwrap_err();
    assert_eq!(error.to_string(), "2:1: field color already set in type config.other");
}
