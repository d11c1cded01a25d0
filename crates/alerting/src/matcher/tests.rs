//! Both grammars, and which of them counts.

use super::*;

fn check(input: &str, expected: &str) {
    match Matchers::parse(input) {
        Ok(matchers) => assert_eq!(matchers.to_string(), expected, "{input}"),
        Err(error) => panic!("{error}"),
    }
}

fn fails(input: &str, expected: &str) {
    let error = Matchers::parse(input).expect_err(input).to_string();
    assert!(error.contains(expected), "{input}: {error}");
}

#[test]
fn read_and_printed() {
    check("", "{}");
    check("{}", "{}");
    check("foo=bar", r#"{foo="bar"}"#);
    check(r#"{ foo = "bar", dings != "bums", }"#, r#"{dings!="bums",foo="bar"}"#);
    check(r#"b=~"2",a!~3,a="1""#, r#"{a="1",a!~"3",b=~"2"}"#);
    check(r#"a=x,a!=x,a=~x,a!~x"#, r#"{a="x",a!="x",a=~"x",a!~"x"}"#);
    check(r#"foo="a\"b\\c\nd""#, r#"{foo="a\"b\\c\nd"}"#);
    check(r#""foo bar"="baz\t""#, r#"{"foo bar"="baz\t"}"#);
    check("Σ=π", r#"{Σ="π"}"#);
    check("service=~^(foo1|foo2|baz)$", r#"{service=~"^(foo1|foo2|baz)$"}"#);
}

#[test]
fn only_the_classic_grammar_reads() {
    check("foo=", r#"{foo=""}"#);
    check("foo=a b", r#"{foo="a b"}"#);
    check(r#"foo=[a-z]+\.b{2}c"#, r#"{foo="[a-z]+\\.b{2}c"}"#);
    check(r#"foo="a\.b""#, r#"{foo="a\\.b"}"#);
    check("foo=bar}", r#"{foo="bar"}"#);
}

#[test]
fn the_classic_reading_counts() {
    // The newer grammar reads \u00e9 as one character, the classic one as six.
    check(r#"foo="\u00e9""#, r#"{foo="\\u00e9"}"#);
}

#[test]
fn refused() {
    fails("foo", "3: end of input: expected an operator");
    fails("{ä=bar", "expected close brace");
    fails("ä=b ü", "4: ü: expected a comma or close brace");
    fails("=bar", "0: =: expected label name");
    fails("ä=\"b", "2: \"b: missing end \"");
    fails("ä='b'", "2: ': invalid input");
    fails("ä!b", "1: !: expected one of '=~'");
    fails("foo=~\"(\"", "error parsing regexp");
    fails("{ä=b}}", "5: }: expected end of input");
    fails("ä=\"\\q\"", "2: \"\\q\": invalid input");
}

#[test]
fn one_matcher() {
    assert_eq!(matcher_text(&parse_matcher("a=~b").unwrap()), r#"a=~"b""#);
    for bad in ["{a=b}", "a=b}", "", "ä=b,ü=d"] {
        assert!(parse_matcher(bad).is_err(), "{bad}");
    }
    assert_eq!(
        parse_matcher("a=b,c=d").unwrap().value,
        "b,c=d",
        "the classic grammar takes it as a value"
    );
}

#[test]
fn matching() {
    let matchers = Matchers::parse(r#"team="x", zone!="eu""#).unwrap();
    assert!(matchers.matches(&Labels::from_pairs([("team", "x")])));
    assert!(!matchers.matches(&Labels::from_pairs([("team", "x"), ("zone", "eu")])));
    assert!(Matchers::default().matches(&Labels::empty()));
}

#[test]
fn seeds_do_no_harm() {
    testkit::seeds::replay("matcher", 5_000, crate::fuzz::matcher);
}
