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
    assert!(utf8(b"name: \xff").unwrap_err().to_string().contains("after 6 bytes"));
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
    let error = from_str::<Plain>(&"- \n".repeat(1_000_001)).unwrap_err();
    assert!(error.to_string().contains("more than 1000000 nodes"), "{error}");
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

#[test]
fn what_nobody_asks_for_by_type_is_what_it_looks_like() {
    let value: serde_json::Value =
        from_str("{a: [1, -2.5, yes, ~, '1', x, 18446744073709551615, 2024-01-01], b: {c: 0x10}}")
            .unwrap();
    let expected = serde_json::json!({
        "a": [1, -2.5, true, null, "1", "x", u64::MAX, "2024-01-01"], "b": {"c": 16},
    });
    assert_eq!(value, expected);
}

#[test]
fn only_the_first_document_is_read() {
    let document = Document::parse("name: a\n# end\n---\nname: [\n").unwrap();
    assert_eq!(document.read::<Plain>().unwrap().name, "a");
    assert_eq!(document.ignored(), Some(Position { line: 3, column: 1 }));
    assert_eq!(document.masked(|_| false), "name: a\n# end\n");
    assert_eq!(Document::parse("{name: a}\nb: c").unwrap().ignored().map(|at| at.line), Some(2));
    for text in ["", "# nothing", "---\nname: a\n...\n"] {
        assert_eq!(Document::parse(text).unwrap().ignored(), None, "{text}");
    }
}

#[test]
fn files_are_named() {
    let error = |text| FileError::new("dir/f.yml", from_str::<Plain>(text).unwrap_err());
    assert!(error("name: a\ncount: b").to_string().starts_with("dir/f.yml:2:8: cannot unmarshal"));
    let error = FileError::new("f.yml", "gone".to_owned());
    assert_eq!(error.to_string(), "f.yml: gone");
}

#[test]
fn secrets_are_masked_where_they_stand() {
    let check = |text: &str, expected: &str| {
        let document = Document::parse(text).unwrap();
        assert_eq!(document.masked(|key| key == "key" || key == "keys"), expected, "{text}");
    };
    check("# why\nkey: a # b\nother: c\n", "# why\nkey: <secret> # b\nother: c\n");
    check("key: \"a\\n\"\nname: 'ü'", "key: <secret>\nname: 'ü'");
    check(
        "key:\nother: ''\nkeys: ['', ~, ü, {a: b}]",
        "key:\nother: ''\nkeys: ['', ~, <secret>, {a: <secret>}]",
    );
    check("key: |\n  a\n  b\n\nother: c\n", "key: |\n  <secret>\n\nother: c\n");
    check("key: >-\n  a\n", "key: >-\n  <secret>\n");
    check("key: a\n  b\nc: d", "key: <secret>\nc: d");
    check("a: &x b\nkey: *x\n", "a: &x <secret>\nkey: *x\n");
    check("a: {<<: {key: b}, key: c}", "a: {<<: {key: <secret>}, key: <secret>}");
    check("? key\n: !!str a", "? key\n: !!str <secret>");
    check("a: [http://u:p@h/x, 'http://u@h:1/@']", "a: [http://u:<secret>@h/x, 'http://u@h:1/@']");
    check("key: http://u:p@h", "key: <secret>");
    check("a: b\n---\nkey: c", "a: b\n");
}
