//! What queries mean, and that their canonical form means the same.

use super::*;

/// Compares the meaning, and that of the query printed in either language that can say it.
fn check(language: Language, text: &str, expected: &str) {
    let query = Query::parse(language, text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let filter = query.filter().unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(show(&filter), expected, "{text}");
    for target in [Language::Kql, Language::Lucene] {
        let Some(printed) = query.print(target) else { continue };
        let again = Query::parse(target, &printed)
            .and_then(|query| query.filter())
            .unwrap_or_else(|error| panic!("{text} printed as {printed}: {error:?}"));
        // KQL says a range with two bounds in two comparisons.
        if !(expected.contains(", ") && target == Language::Kql) {
            assert_eq!(show(&again), expected, "{text} printed as {printed}");
        }
    }
}

fn kql(text: &str, expected: &str) {
    check(Language::Kql, text, expected);
}

fn lucene(text: &str, expected: &str) {
    check(Language::Lucene, text, expected);
}

#[test]
fn kql_values() {
    kql("", "everything");
    kql("  ", "everything");
    kql("*", "everything");
    kql("*:*", "everything");
    kql("timeout", r#"any has "timeout""#);
    kql("timed out", r#"(any has "timed" | any has "out")"#);
    kql(r#""timed out""#, r#"any has "timed out""#);
    kql("host: web-1", r#"host has "web-1""#);
    kql("host:web-1", r#"host has "web-1""#);
    kql("host: *", "host exists");
    kql("* : 503", r#"any has "503""#);
    kql("host: we*-?", "host like we*-\\?");
    kql("http.*: 503", r#"fields like http.* has "503""#);
    kql(r#""http.*": 503"#, r#"http.* has "503""#);
    kql(r#""a field": x"#, r#"a field has "x""#);
    kql("path: /api/v1", r#"path has "/api/v1""#);
    kql("retry: true", r#"retry has "true""#);
}

#[test]
fn kql_operators() {
    kql("a and b or not c", r#"((any has "a" & any has "b") | !any has "c")"#);
    kql("a or b and c", r#"(any has "a" | (any has "b" & any has "c"))"#);
    kql("a AND (b Or c)", r#"(any has "a" & (any has "b" | any has "c"))"#);
    kql("not (a or b)", r#"!(any has "a" | any has "b")"#);
    kql("NOT not a", r#"any has "a""#);
    kql("not host: a and b", r#"(!host has "a" & any has "b")"#);
    kql("host: (a or b and not c)", r#"(host has "a" | (host has "b" & !host has "c"))"#);
    kql("host: (a b)", r#"(host has "a" | host has "b")"#);
    kql(r#"host: ("a b" or c*)"#, r#"(host has "a b" | host like c*)"#);
    kql("host: not a", r#"!host has "a""#);
    kql("host: a b and c", r#"((host has "a" | host has "b") & any has "c")"#);
}

#[test]
fn kql_comparisons() {
    kql("took > 5", "took in (5, ..)");
    kql("took>=5 and took<1.5e3", "(took in [5, ..) & took in (.., 1.5e3))");
    kql(r#"name <= "b c""#, "name in (.., b c]");
    kql("* > 5", "any in (5, ..)");
    kql("took > -5", "took in (-5, ..)");
}

#[test]
fn kql_escapes() {
    kql(r"a\:b", r#"any has "a:b""#);
    kql(r"a\*", r#"any has "a*""#);
    kql(r"\and \OR", r#"(any has "and" | any has "OR")"#);
    kql(r#""say \"hi\" \\ \d""#, r#"any has "say \"hi\" \\ \\d""#);
    kql(r#""tab\there""#, r#"any has "tab\there""#);
    kql(r"\u00e9t\u00e9", r#"any has "été""#);
    kql(r#""\u0041""#, r#"any has "A""#);
    kql(r"a\ b*", "any like a b*");
    kql("android order nothing", r#"(any has "android" | any has "order" | any has "nothing")"#);
}

#[test]
fn kql_nested_objects_are_dotted_names() {
    kql("items: { name: a and price > 3 }", r#"(items.name has "a" & items.price in (3, ..))"#);
    kql("a: { b: { c: x } or d: y }", r#"(a.b.c has "x" | a.d has "y")"#);
    kql("items: { gold }", r#"fields like items.* has "gold""#);
    kql("i*: { name: a }", r#"fields like i*.name has "a""#);
}

#[test]
fn lucene_values() {
    lucene("", "everything");
    lucene("*:*", "everything");
    lucene("*", "everything");
    lucene("timeout", r#"any has "timeout""#);
    lucene("timed out", r#"(any has "timed" | any has "out")"#);
    lucene(r#""timed out"~2^3"#, r#"any has "timed out""#);
    lucene("timeuot~ rare^2.5", r#"(any has "timeuot" | any has "rare")"#);
    lucene("host:web-1", r#"host has "web-1""#);
    lucene("host: web-1", r#"host has "web-1""#);
    lucene("host:we?-*", "host like we?-*");
    lucene("host:*", "host exists");
    lucene("_exists_:host", "host exists");
    lucene(r#"_exists_:"a b""#, "a b exists");
    lucene(r"book.\*:quick", r#"fields like book.* has "quick""#);
    lucene("type:/Push.*/", "type matches /Push.*/");
    lucene(r"path:/\/api\/.*/^2", "path matches //api/.*/");
    lucene("path:a/b/c", r#"path has "a/b/c""#);
    lucene(r"time:10\:30", r#"time has "10:30""#);
    lucene("temp:-5", r#"temp has "-5""#);
    lucene(r"a\ b", r#"any has "a b""#);
    lucene(r"\u0041\*", r#"any has "A*""#);
    lucene(r#""a \"b\"""#, r#"any has "a \"b\"""#);
}

#[test]
fn lucene_clauses() {
    lucene("a AND b", r#"(any has "a" & any has "b")"#);
    lucene("a && b", r#"(any has "a" & any has "b")"#);
    lucene("a || b", r#"(any has "a" | any has "b")"#);
    lucene("+a -b c", r#"(any has "a" & !any has "b")"#);
    lucene("a -b", r#"(any has "a" & !any has "b")"#);
    lucene("a !b", r#"(any has "a" & !any has "b")"#);
    lucene("a b -c", r#"((any has "a" | any has "b") & !any has "c")"#);
    lucene("-a", r#"!any has "a""#);
    lucene("NOT a", r#"!any has "a""#);
    lucene("a AND NOT b", r#"(any has "a" & !any has "b")"#);
    lucene("a OR NOT b", r#"(any has "a" & !any has "b")"#);
    lucene("a OR (NOT b)", r#"(any has "a" | !any has "b")"#);
    lucene("a OR b AND c", r#"(any has "b" & any has "c")"#);
    lucene("a AND b OR c", r#"(any has "a" & any has "b")"#);
    lucene("(a OR b) AND c", r#"((any has "a" | any has "b") & any has "c")"#);
    lucene("host:(a b)", r#"(host has "a" | host has "b")"#);
    lucene("host:(+a -b x:c)", r#"(host has "a" & !host has "b")"#);
    lucene("host:(a OR x:c)^4", r#"(host has "a" | x has "c")"#);
    lucene("and or not", r#"(any has "and" | any has "or" | any has "not")"#);
    lucene(r#"a "AND" b"#, r#"(any has "a" | any has "AND" | any has "b")"#);
}

#[test]
fn lucene_ranges() {
    lucene("code:[200 TO 299]", "code in [200, 299]");
    lucene("code:{200 TO 299]", "code in (200, 299]");
    lucene("code:[200 TO 299}", "code in [200, 299)");
    lucene("code:{* TO 5}", "code in (.., 5)");
    lucene("code:[-5 TO *]", "code in [-5, ..)");
    lucene("code:[* TO *]", "code exists");
    lucene(r#"name:["a b" TO c\]]"#, "name in [a b, c]]");
    lucene("code:>=200", "code in [200, ..)");
    lucene("code:> 200", "code in (200, ..)");
    lucene("code:(>=200 AND <300)", "(code in [200, ..) & code in (.., 300))");
    lucene("code:(+>-5 +<=3)", "(code in (-5, ..) & code in (.., 3])");
    lucene(">5", "any in (5, ..)");
}

#[test]
fn fields_go_by_their_aliases() {
    kql("level: warn", r#"(severity is "warn" | level has "warn")"#);
    kql("level: WARNING", r#"(severity is "warn" | level has "WARNING")"#);
    kql("severity: ERR", r#"severity is "error""#);
    kql("level: loud", r#"(severity has "loud" | level has "loud")"#);
    kql("level: w*", "(severity like w* | level like w*)");
    kql("level: *", "(severity exists | level exists)");
    kql("not level: info", r#"!(severity is "info" | level has "info")"#);
    kql("severity >= warn", r#"(severity is "warn" | severity is "error" | severity is "fatal")"#);
    kql("severity < debug", r#"(severity is "trace")"#);
    kql("app: shop", r#"(service.name has "shop" | app has "shop")"#);
    kql("msg: x", r#"(message has "x" | msg has "x")"#);
    kql("userId: 7", r#"(user_id has "7" | userId has "7")"#);
    kql("user_id: 7", r#"user_id has "7""#);
    lucene("_exists_:traceId", "(trace_id exists | traceId exists)");
}

#[test]
fn identifiers_in_any_form() {
    let id = "0000000000000000a3ce929d0e0e4736";
    kql("trace_id: A3CE929D0E0E4736", &format!("trace_id is {id:?}"));
    kql(
        "trace.id: a3ce929d0e0e4736",
        &format!(r#"(trace_id is {id:?} | trace.id has "a3ce929d0e0e4736")"#),
    );
    kql("dd.span_id: 255", r#"(span_id is "00000000000000ff" | dd.span_id has "255")"#);
    kql("trace_id: none", r#"trace_id has "none""#);
}

#[test]
fn keyword_fields_are_exact() {
    kql("host.keyword: web 1", r#"(host is "web" | host is "1")"#);
    lucene(r#"host.keyword:"Web 1""#, r#"host is "Web 1""#);
    lucene("host.keyword:w*", "host like w*");
    kql("level.keyword: WARN", r#"(severity is "warn" | level is "WARN")"#);
    kql("ho*.keyword: a", r#"fields like ho* is "a""#);
    kql(".keyword: a", r#".keyword has "a""#);
}

#[test]
fn dates() {
    kql("timestamp > 2026-08-22", "timestamp in (1787443199999999999, ..)");
    kql(
        r#"@timestamp < "2026-08-22T10:00:00Z""#,
        concat!(
            "(timestamp in (.., 1787392800000000000) | ",
            "@timestamp in (.., 2026-08-22T10:00:00Z))",
        ),
    );
    lucene(
        "timestamp:[2026-08-22 TO 2026-08-23]",
        "timestamp in [1787356800000000000, 1787529599999999999]",
    );
    lucene("timestamp:>=1787392800123", "timestamp in [1787392800123000000, ..)");
    kql("timestamp: 2026-08-22", "timestamp in [1787356800000000000, 1787443199999999999]");
    kql("ts: 5ms", r#"ts has "5ms""#);
    kql("timestamp: *", "timestamp exists");
}

#[test]
fn canonical_forms() {
    let check = |language, text, kql: Option<&str>, lucene: Option<&str>| {
        let query = Query::parse(language, text).unwrap();
        assert_eq!(query.print(Language::Kql).as_deref(), kql, "{text}");
        assert_eq!(query.print(Language::Lucene).as_deref(), lucene, "{text}");
    };
    let from_kql = |text, kql, lucene| check(Language::Kql, text, Some(kql), Some(lucene));
    from_kql("", "*", "*:*");
    from_kql("((a))", "a", "a");
    from_kql(
        "level:(error or fatal)",
        "level: error or level: fatal",
        "level:error OR level:fatal",
    );
    from_kql(
        "(a or b) and not (c and d)",
        "(a or b) and not (c and d)",
        "(a OR b) AND NOT (c AND d)",
    );
    from_kql(r#"path: "a b\"c""#, r#"path: "a b\"c""#, r#"path:"a b\"c""#);
    from_kql("ho*: w*-1", "ho*: w*-1", r"ho\*:w*\-1");
    from_kql("took>=5 or x:*", "took >= 5 or x: *", "took:>=5 OR x:*");
    let from_lucene = |text, kql, lucene| check(Language::Lucene, text, kql, Some(lucene));
    from_lucene("+a -b c~2", Some("a and not b"), "a AND NOT b");
    from_lucene("x:[1 TO 5} OR y", Some("x >= 1 and x < 5 or y"), "x:[1 TO 5} OR y");
    from_lucene("-x:[1 TO 5}", Some("not (x >= 1 and x < 5)"), "NOT x:[1 TO 5}");
    from_lucene("a?c", None, "a?c");
    from_lucene(r"p:/a\/b/", None, r"p:/a\/b/");
    from_lucene("a (-b)", Some("a or not b"), "a OR (NOT b)");
    check(Language::Kql, r#""a*": x"#, Some(r#""a*": x"#), None);
}
