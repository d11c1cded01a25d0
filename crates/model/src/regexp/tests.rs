use super::*;

fn is_match(pattern: &str, text: &str) -> bool {
    Regexp::anchored(pattern).unwrap().is_match(text)
}

fn refusal(pattern: &str) -> String {
    Regexp::anchored(pattern).expect_err(pattern).to_string()
}

#[test]
fn anchored_over_the_whole_text() {
    assert!(is_match("a|b", "b") && !is_match("a|b", "ab"));
    assert!(is_match("a.*b", "a\nb"), "a point matches a line end");
    assert!(is_match("", "") && !is_match("", "x"));
    assert!(is_match("^a$", "a") && !is_match("^a$", "a\n"));
    assert!(!is_match("a$b", "a\nb") && is_match("(?m)a$\nb", "a\nb"));
}

#[test]
fn classes_are_ascii_as_in_re2() {
    assert!(is_match(r"\d+", "42") && !is_match(r"\d", "\u{663}"));
    assert!(is_match(r"\w\W", "aä") && !is_match(r"\w", "ä"));
    assert!(is_match(r"[\w.]+", "a.b") && !is_match(r"[\w]", "ä"));
    assert!(is_match(r"[[:alpha:]]\pL", "aä") && !is_match("[[:^alpha:]]", "a"));
    assert!(is_match(r"\p{Greek}\P{Greek}\p{^Greek}", "αaa"));
    assert!(is_match(r"[^\d\s]", "x") && !is_match(r"[^\d\s]", " "));
    assert!(is_match(r"[\D]", "x") && !is_match(r"[\D]", "1"));
    assert!(is_match(r"\s", "\u{c}") && !is_match(r"\s", "\u{b}"), "no vertical tab");
    assert!(is_match(r"a\b.\Bä", "a.ä"), "word boundaries know ASCII only");
}

#[test]
fn case_folding_is_unicode() {
    assert!(is_match("(?i)ÄPFEL", "äpfel") && is_match("(?i:k)", "\u{212a}"));
    assert!(is_match("a(?i)b", "aB") && !is_match("a(?i)b", "AB"));
    assert!(is_match("(?i:a)b", "Ab") && !is_match("(?i:a)b", "AB"));
    assert!(is_match("((?i)PRO).*", "production"));
}

#[test]
fn what_rust_reads_otherwise() {
    assert!(is_match(r"\Qa.b\E+", "a.bb") && !is_match(r"\Qa.b\E", "axb"));
    assert!(is_match(r"\Qa.b", "a.b"), "the end may be missing");
    assert!(is_match("[a&&b]", "&"), "no intersections");
    assert!(is_match("[a~~b]", "~") && is_match("[+--]", ","), "no differences");
    assert!(is_match("[a-c-e]+", "a-be") && !is_match("[a-c-e]", "d"));
    assert!(is_match(r"[\d-z]+", "1-z") && !is_match(r"[\d-z]", "a"));
    assert!(is_match("[[]", "[") && is_match("[]]", "]"), "no nested classes");
    assert!(is_match("[^]]", "x") && is_match("[a-]", "-"));
    assert!(is_match("a{,2}", "a{,2}") && is_match("a{01}", "a{01}"), "not repetitions");
    assert!(is_match(r"\141\x62\x{63}\0", "abc\0"));
    assert!(is_match("{x}", "{x}"));
    assert!(is_match("(?P<n>a)(?<m>b)(?i)C", "abc"));
    assert!(is_match("foo}", "foo}") && is_match("]", "]"));
    assert!(is_match("^*a", "a") && is_match("a||b", "") && is_match("()", ""));
    assert!(is_match("a{2,3}?", "aaa") && is_match("(?U)a+", "aa"));
    assert!(is_match("[\\-\\]\\\\/]+", r"-]\/") && is_match(r"\/\-\_\~", "/-_~"));
}

#[test]
fn what_is_refused_and_how() {
    for (pattern, reason) in [
        ("(", "missing closing ): `(`"),
        ("a)(b", "unexpected ): `a)(b`"),
        ("[a", "missing closing ]: `[a`"),
        ("[a-", "missing closing ]: `[a-`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"\p{Klingon}", r"invalid character class range: `\p{Klingon}`"),
        ("*", "missing argument to repetition operator: `*`"),
        ("a|*", "missing argument to repetition operator: `*`"),
        ("(+)", "missing argument to repetition operator: `+`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a+?*", "invalid nested repetition operator: `+?*`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("(a{100}){11}", "invalid repeat count: `{11}`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?u)a", "invalid or unsupported Perl syntax: `(?u`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("(?P<n!>a)", "invalid named capture: `(?P<n!>`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        (r"\ä", r"invalid escape sequence: `\ä`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
        ("\\", "trailing backslash at end of expression: ``"),
    ] {
        assert_eq!(refusal(pattern), format!("error parsing regexp: {reason}"));
    }
    assert!(refusal("((a{10}){10}){10}[^a]{1000}\\pL{1000}").contains("too large"));
    assert!(refusal(&"(".repeat(2000)).contains("missing closing )"));
    let deep = format!("{}{}", "(".repeat(2000), ")".repeat(2000));
    assert!(Regexp::anchored(&deep).is_err());
}

const PATTERNS: &[&str] = &[
    "",
    "a",
    "a|b",
    "a|",
    "api|app|",
    "ap.*",
    "ap.+",
    ".*",
    ".+",
    r"a\.b",
    r"a\.b.*",
    "ä|ö",
    r"a\|b",
    r"a\\",
    r"10\.0\.0\.1:9100|db-1:9100",
    "5..",
    ".",
    "..",
    "a.b",
    ".*b",
    ".*a.*",
    ".*a.*b",
    "a.*b.*a",
    "(a|b.*)",
    "(a)",
    "()",
    "(a",
    "a)",
    "(a)(b)",
    "a.*|.*b",
    "ä.",
    ".*.",
    "a.+.b",
    ".*ab.*ab",
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "ab",
    "api",
    "app",
    "ap",
    "ap\n",
    "a.b",
    "axb",
    "a.bc",
    "ö",
    "a|b",
    "a\\",
    "10.0.0.1:9100",
    "10x0.0.1:9100",
    "db-1:9100",
    "500",
    "5xx",
    "50",
    "ba",
    "abab",
    "aba",
    "äö",
    "xaxxb",
    "xaab",
    "abxab",
    "aabab",
    "\n",
];

#[test]
fn shortcuts_decide_as_the_automaton_does() {
    for pattern in PATTERNS {
        let (shortcut, compiled) = (Shortcut::of(pattern), compile_anchored(pattern));
        let (Some(shortcut), Ok(automaton)) = (shortcut, compiled) else { continue };
        for text in TEXTS {
            assert_eq!(shortcut.is_match(text), automaton.is_match(text), "{pattern} on {text:?}");
        }
    }
    for pattern in ["a|b", "(a|b)", r"a\.b.+", "5..", ".*a.*"] {
        assert!(Shortcut::of(pattern).is_some(), "{pattern}");
    }
    for pattern in [r"\d", "a?", "(a)(b)", "a.*?", "(a", "[ab]"] {
        assert!(Shortcut::of(pattern).is_none(), "{pattern}");
    }
}

#[test]
fn replacements_are_filled_as_in_go() {
    let host = Regexp::anchored("(?P<host>[^:]+)(:.*)?").unwrap();
    for (template, filled) in [
        ("${host}-$2-$1", "db-:9100-db"),
        ("$host.", "db."),
        ("$1x$2", ":9100"),
        ("$1ä", ""),
        ("$$1$", "$1$"),
        ("${1", "${1"),
        ("${}$-", "${}$-"),
        ("$7$nope", ""),
        ("$0", "db:9100"),
    ] {
        assert_eq!(host.expand("db:9100", template).unwrap(), filled, "{template}");
    }
    assert_eq!(host.expand(":", "x"), None);
    assert_eq!(Regexp::anchored("a|b").unwrap().expand("b", "<$0>").unwrap(), "<b>");
    assert_eq!(Regexp::unanchored("(o)").unwrap().replace_all("foo", "$1$1"), "foooo");
}
