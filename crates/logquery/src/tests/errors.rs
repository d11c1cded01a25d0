//! What is said of queries that are wrong. The place is between `»` and `«`.

use super::*;

fn check(language: Language, marked: &str, message: &str) {
    let text = marked.replace(['»', '«'], "");
    let error = match filter(language, &text) {
        Err(error) => error,
        Ok(filter) => panic!("{text} means {}", show(&filter)),
    };
    let mut shown = text.clone();
    shown.insert(error.range.end, '«');
    shown.insert(error.range.start, '»');
    assert_eq!((shown.as_str(), error.message.as_str()), (marked, message));
}

#[test]
fn kql() {
    let check = |marked, message| check(Language::Kql, marked, message);
    check("»status:«", "expected a value after `status:`");
    check("a and »status:« ", "expected a value after `status:`");
    check("»status:« and a", "expected a value after `status:`");
    check("»took >«", "expected a value after `took >`");
    check("took > »5*«", "a pattern cannot be compared with");
    check("status: »>=« 5", "expected a value after `:`");
    check("a »and«", "expected a condition after `and`");
    check("»or« a", "expected a condition before `or`");
    check("a and »or« b", "expected a condition before `or`");
    check("»(«a or b", "this parenthesis is never closed");
    check("a »)«", "nothing was opened before this `)`");
    check("(»)«", "expected a condition before `)`");
    check("a »(«b)", "expected `and` or `or` before `(`");
    check("x: »{«y: 1", "this brace is never closed");
    check("a »\"«b c", "the quote is never closed");
    check("\"a\" »b«", "expected `and` or `or` before `b`");
    check("error »status«: 500", "expected `and` or `or` between `error` and `status`");
    check("level: error »status«: 500", "expected `and` or `or` before `status`");
    check("»:« 5", "expected a field name before `:`");
    check("time: 10»:«30", "this `:` follows no field name");
    check(r"C:»\U«sers", "this backslash escapes nothing");
    check(r"a»\«", "this backslash escapes nothing");
    check(r"»\u«12", "expected four hexadecimal digits of a character after `\\u`");
    check("a »&&« b", "`&&` is Lucene");
    check("status: »[200« TO 299]", "`[200` is Lucene");
    check("»_exists_:« a", "`_exists_` is Lucene");
    check("»timestamp > now-1h«", "`timestamp` needs a date");
    check("@timestamp: »soon«", "`@timestamp` needs a date");
}

#[test]
fn lucene() {
    let check = |marked, message| check(Language::Lucene, marked, message);
    check("»status:«", "expected a value after `status:`");
    check("»status:« AND a", "expected a value after `status:`");
    check("a »OR«", "expected a condition after `OR`");
    check("»AND« a", "expected a condition before `AND`");
    check("a AND »OR« b", "expected a condition before `OR`");
    check("a +»)«", "expected a condition before `)`");
    check("+»-«a", "expected a condition before `-`");
    check("»(«a b", "this parenthesis is never closed");
    check("a»)«", "nothing was opened before this `)`");
    check("(»)«", "expected a condition before `)`");
    check("time:10»:«30", "this `:` follows no field name");
    check("»:«a", "expected a condition before `:`");
    check("a »\"«b", "the quote is never closed");
    check("»/«var", "the regular expression that begins here never ends");
    check("»/var/«log", "a regular expression ends at its second `/`");
    check("p:»/(/«", "error parsing regexp: missing closing ): `(`");
    check("x:»[1 «5]", "expected `TO` in the range");
    check("x:»[1 TO «]", "expected a bound in the range");
    check("x:»[1 TO 5«", "expected `]` or `}` behind the range");
    check("x»]«", "no range was opened before this `]`");
    check("x:»>=«", "expected a value after `>=`");
    check("x:>»5*«", "a pattern cannot be compared with");
    check("»^2« a", "nothing stands before this `^2`");
    check("a»^«", "expected a number in `^`");
    check("a»~1.2.3«", "expected a number in `~1.2.3`");
    check("a»\\«", "this backslash escapes nothing");
}

#[test]
fn hints_say_what_to_write() {
    let hint = |language, text| filter(language, text).unwrap_err().hint.unwrap_or_default();
    assert!(hint(Language::Kql, "status: [1 TO 5]").contains("field >= 1 and field <= 5"));
    assert!(hint(Language::Kql, "timestamp > now-1h").contains("beside the query"));
    assert!(hint(Language::Lucene, "time:10:30").contains(r"10\:30"));
    assert!(hint(Language::Lucene, "/var/log").contains("quote a path"));
}

#[test]
fn everything_has_a_limit() {
    let message = |language, text: &str| filter(language, text).unwrap_err().message;
    for language in [Language::Kql, Language::Lucene] {
        let long = "a".repeat(crate::LENGTH_MAX + 1);
        assert!(message(language, &long).contains("longer than"));
        let deep = "(".repeat(10_000);
        assert!(message(language, &deep).contains("levels deep"));
        let many = "a ".repeat(crate::CONDITIONS_MAX + 1);
        assert!(message(language, &many).contains("conditions"));
    }
    assert!(message(Language::Kql, &"not ".repeat(10_000)).contains("levels deep"));
    let regexes: String = (0..=crate::REGEXES_MAX).map(|i| format!("/a{i}/ ")).collect();
    assert!(message(Language::Lucene, &regexes).contains("regular expressions"));
    assert!(message(Language::Lucene, "/(a{1000}){1000}/").contains("error parsing regexp"));
    let wildcard = "*a?".repeat(20_000);
    assert!(message(Language::Lucene, &wildcard).contains("too long"));
}
