use super::*;

/// Each query and the form it is printed in.
fn prints(cases: &[(&str, &str)]) {
    for (query, printed) in cases {
        let expr = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert_eq!(expr.to_string(), *printed, "{query}");
    }
}

/// Each query that is refused, and how.
fn refuses(cases: &[(&str, &str)]) {
    for (query, message) in cases {
        match parse(query) {
            Ok(expr) => panic!("{query} is read as {expr}"),
            Err(error) => assert_eq!(error.to_string(), *message, "{query}"),
        }
    }
}

#[test]
fn operators_bind_as_they_should() {
    // Parentheses are printed only where they are written, so the types of the parts tell how the
    // whole was read.
    let left_of = |query: &str| match parse(query).unwrap().kind {
        ExprKind::Binary(binary) => (binary.op.symbol(), binary.lhs.to_string()),
        ExprKind::Unary(op, operand) => (op.symbol(), operand.to_string()),
        other => panic!("{other:?}"),
    };
    for (query, op, left) in [
        ("a + b * c", "+", "a"),
        ("a * b + c", "+", "a * b"),
        ("a - b - c", "-", "a - b"),
        ("a ^ b ^ c", "^", "a"),
        ("a or b and c", "or", "a"),
        ("a unless b or c", "or", "a unless b"),
        ("a == bool b + c", "==", "a"),
        ("a atan2 b % c", "%", "a atan2 b"),
        ("-a ^ 2", "-", "a ^ 2"),
        ("-a * b", "*", "-a"),
        ("-1 ^ 2", "-", "1 ^ 2"),
        ("2 ^ -1 * a", "*", "2 ^ -1"),
        ("a offset 5m + b", "+", "a offset 5m"),
        ("a offset -2 ^ 2", "^", "a offset -2s"),
        ("a </ b >/ c", ">/", "a </ b"),
    ] {
        assert_eq!(left_of(query), (op, left.to_owned()), "{query}");
    }
}

#[test]
fn queries_are_printed_in_one_form() {
    prints(&[
        ("1", "1"),
        ("0x1F + 1e3 - .5 * Inf % nan", "31 + 1000 - 0.5 * +Inf % NaN"),
        ("+Inf ^ 2 ^ Inf", "+Inf ^ 2 ^ +Inf"),
        ("rate(a[1e-6])", "rate(a[0.000001])"),
        ("1_000 + 5m + -1.5", "1000 + 5m + -1.5"),
        ("\"a\\tb\" ", "\"a\\tb\""),
        ("'it\\'s'", "\"it's\""),
        ("`raw\\n`", "\"raw\\\\n\""),
        ("'a\\xff\\303\\xa4\\u00e4'", "\"a\\xffää\""),
        ("up{job='api',} # comment", "up{job=\"api\"}"),
        ("{b!='1',a=~\"x|y\",c!~'z'}", "{a=~\"x|y\",b!=\"1\",c!~\"z\"}"),
        ("{\"my.metric\", 'a b'=\"1\"}", "{\"a b\"=\"1\",__name__=\"my.metric\"}"),
        ("{__name__=\"up\"}", "{__name__=\"up\"}"),
        ("ns:x:rate5m[ 300 ]", "ns:x:rate5m[5m]"),
        ("a[1h30m] @ 10 offset -90s", "a[1h30m] @ 10.000 offset -1m30s"),
        ("a @ end() offset 1w", "a @ end() offset 1w"),
        ("a offset 0s", "a"),
        ("rate(a[5m])[1h:] @ start()", "rate(a[5m])[1h:] @ start()"),
        ("max_over_time((a)[1d:10s] offset 5)", "max_over_time((a)[1d:10s] offset 5s)"),
        ("a[step()*2] offset min_of(range(),+5m)", "a[step() * 2] offset min_of(range(), 5m)"),
        ("a[(5m)] offset -(1m+2m)", "a[(5m)] offset -(1m + 2m)"),
        ("a offset +(5)", "a offset (5)"),
        ("a offset +(5) + b offset (5) * 2", "a offset +(5) + b offset (5) * 2"),
        ("a[5m] anchored", "a[5m] anchored"),
        ("SUM BY (job,) (up)", "sum by (job) (up)"),
        ("sum(up) without (a, \"b c\")", "sum without (a, \"b c\") (up)"),
        ("sum by () (up)", "sum(up)"),
        ("topk by (a) (3, up)", "topk by (a) (3, up)"),
        ("count_values(\"v\", up)", "count_values(\"v\", up)"),
        ("a + on() group_left b", "a + on () group_left () b"),
        ("a * ignoring(x, y) group_right(z) b", "a * ignoring (x, y) group_right (z) b"),
        ("a + ignoring() b", "a + b"),
        ("a >= bool on(x) b", "a >= bool on (x) b"),
        ("a + fill_right(2) fill_left(-1) b", "a + fill_left (-1) fill_right (2) b"),
        ("+a - -b", "+a - -b"),
        ("label_replace(a,'x',\"$1\",`y`,'.*')", "label_replace(a, \"x\", \"$1\", \"y\", \".*\")"),
    ]);
}

#[test]
fn keywords_may_be_names() {
    prints(&[
        ("sum + by{offset='1'}", "sum + by{offset=\"1\"}"),
        ("offset offset 5m", "offset offset 5m"),
        ("and and or", "and and or"),
        ("start + end + step + range", "start + end + step + range"),
        ("fill + fill (1)fill_left", "fill + fill (1) fill_left"),
        ("anchored anchored", "anchored anchored"),
        ("sum by (sum, on, bool, group_left, atan2, and) (max)", {
            "sum by (sum, on, bool, group_left, atan2, and) (max)"
        }),
        ("limitk{by=\"x\"}", "limitk{by=\"x\"}"),
    ]);
    refuses(&[("bool", "1:1: parse error: unexpected <bool>")]);
}

#[test]
fn errors_name_the_place_and_what_was_expected() {
    refuses(&[
        ("", "unknown position: parse error: no expression found in input"),
        (" # nothing\n", "1:1: parse error: no expression found in input"),
        ("a +", "1:4: parse error: unexpected end of input"),
        ("a\n  + * b", "2:5: parse error: unexpected <op:*>"),
        ("(a", "1:3: parse error: unclosed left parenthesis"),
        ("a)", "1:3: parse error: unexpected right parenthesis ')'"),
        ("a ! b", "1:3: parse error: unexpected character after '!': ' '"),
        ("a $ b", "1:3: parse error: unexpected character: '$'"),
        ("a b", "1:3: parse error: unexpected identifier \"b\""),
        ("5mx", "1:1: parse error: bad number or duration syntax: \"5mx\""),
        (
            "a{b}",
            "1:4: parse error: unexpected \"}\" in label matching, expected label matching operator",
        ),
        (
            "a{b=c}",
            "1:5: parse error: unexpected identifier \"c\" in label matching, expected string",
        ),
        ("a{b=\"c\"", "1:8: parse error: unexpected end of input inside braces"),
        ("a{b=~\"(\"}", "1:3: parse error: error parsing regexp: missing closing ): `(`"),
        ("a[5m", "1:5: parse error: unclosed left bracket"),
        (
            "a[]",
            "1:3: parse error: unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()",
        ),
        ("a[5m:x]", "1:6: parse error: unexpected character: 'x', expected ':'"),
        ("a[1m1h]", "1:3: parse error: not a valid duration string: \"1m1h\""),
        ("a[0]", "1:3: parse error: duration must be greater than 0"),
        (
            "a offset",
            "1:9: parse error: unexpected end of input in offset, expected number, duration, step(), or range()",
        ),
        ("a @ b", "1:5: parse error: unexpected identifier \"b\" in @, expected timestamp"),
        ("a @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times"),
        (
            "1 offset 5m",
            "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
        ),
        (
            "sum by a (b)",
            "1:8: parse error: unexpected identifier \"a\" in grouping opts, expected \"(\"",
        ),
        ("sum(a b)", "1:7: parse error: unexpected identifier \"b\" in aggregation"),
        ("sum()", "1:1: parse error: no arguments for aggregate expression provided"),
        (
            "topk(a)",
            "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1",
        ),
        ("rate(a,)", "1:7: parse error: trailing commas not allowed in function call args"),
        ("nope(a)", "1:1: parse error: unknown function with name \"nope\""),
        (
            "a{b=\"\\xff\"}",
            "1:5: parse error: error unquoting string \"\\\"\\\\xff\\\"\": not valid UTF-8",
        ),
        ("\"\\ud800\"", "1:1: parse error: escape sequence is an invalid Unicode code point"),
    ]);
}

#[test]
fn types_are_checked() {
    refuses(&[
        (
            "rate(a)",
            "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
        ),
        (
            "a[5m] + 1",
            "1:1: parse error: binary expression must contain only scalar and instant vector types",
        ),
        ("1 == 2", "1:3: parse error: comparisons between scalars must use BOOL modifier"),
        (
            "1 and a",
            "1:1: parse error: set operator \"and\" not allowed in binary scalar expression",
        ),
        ("a + bool b", "1:3: parse error: bool modifier can only be used on comparison operators"),
        ("a and on(x) group_left b", "1:1: parse error: no grouping allowed for \"and\" operation"),
        ("a + on(x) 1", "1:1: parse error: vector matching only allowed between instant vectors"),
        (
            "a + on(x) group_left(x) b",
            "1:3: parse error: label \"x\" must not occur in ON and GROUP clause at once",
        ),
        (
            "a and fill(0) b",
            "1:1: parse error: filling in missing series not allowed for set operators",
        ),
        (
            "-\"a\"",
            "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\"",
        ),
        (
            "topk(a, b)",
            "1:6: parse error: expected type scalar in aggregation parameter, got instant vector",
        ),
        (
            "round(a, 1, 2)",
            "1:1: parse error: expected at most 2 argument(s) in call to \"round\", got 3",
        ),
        (
            "label_join(a, \"b\")",
            "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 2",
        ),
        ("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher"),
        (
            "a{__name__=\"b\"}",
            "1:1: parse error: metric name must not be set twice: \"a\" or \"b\"",
        ),
        (
            "a[5m][1h:]",
            "1:1: parse error: subquery is only allowed on instant vector, got matrix instead",
        ),
        ("(a)[5m]", "1:4: parse error: ranges only allowed for vector selectors"),
        (
            "info(a, b)",
            "1:9: parse error: expected label selectors only, got vector selector instead",
        ),
    ]);
    assert!(parse("info(a, {x=~\".*\"})").is_ok(), "the second argument may match everything");
}

#[test]
fn every_node_knows_its_bytes() {
    let query = "sum by (a) (rate(x{b=\"c\"}[5m] offset 1m)) / 2";
    let mut parts = Vec::new();
    parse(query).unwrap().visit(&mut |expr| {
        parts.push(query[expr.range.start as usize..expr.range.end as usize].to_owned());
    });
    assert_eq!(
        parts,
        [
            query,
            "sum by (a) (rate(x{b=\"c\"}[5m] offset 1m))",
            "rate(x{b=\"c\"}[5m] offset 1m)",
            "x{b=\"c\"}[5m] offset 1m",
            "2"
        ]
    );
}

#[test]
fn the_depth_of_a_query_has_a_limit() {
    for (open, inner, close) in
        [("(", "a", ")"), ("abs(", "a", ")"), ("-", "a", ""), ("rate(", "a", "[5m:1m])")]
    {
        let nested = |depth| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(&nested(NESTING_MAX - 2)).is_ok(), "{open}");
        assert!(parse(&nested(NESTING_MAX)).unwrap_err().message.contains("levels deep"));
    }
    let chain = |length| vec!["a"; length].join(" or ");
    assert!(parse(&chain(HEIGHT_MAX)).is_ok());
    assert!(parse(&chain(10_000)).unwrap_err().message.contains("depend on each other"));
    let durations = format!("a[{}]", vec!["1"; 10_000].join("+"));
    assert!(parse(&durations).unwrap_err().message.contains("depend on each other"));
    assert!(parse(&"a ".repeat(QUERY_BYTES_MAX)).unwrap_err().message.contains("longer than"));
}

#[test]
fn selectors_of_the_api() {
    let matchers = parse_selector("up{job=\"a\",zone!=\"b\"}").unwrap();
    let texts: Vec<_> = matchers.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["job=\"a\"", "zone!=\"b\"", "__name__=\"up\""]);
    for (query, message) in [
        ("up[5m]", "1:3: parse error: unexpected \"[\""),
        ("sum(up)", "1:4: parse error: unexpected \"(\""),
        ("1", "1:1: parse error: unexpected number \"1\""),
    ] {
        assert_eq!(parse_selector(query).unwrap_err().to_string(), message);
    }
    let (labels, rest) = parse_series_labels("up{a=\"1\", \"b c\"=\"2\"} 1 2x3").unwrap();
    assert_eq!((labels.to_string().as_str(), rest), {
        ("{__name__=\"up\", a=\"1\", \"b c\"=\"2\"}", " 1 2x3")
    });
    assert_eq!(parse_series_labels("up 0x5").unwrap().1, " 0x5");
    assert!(parse_series_labels("{a=~\"b\"} 1").is_err());
}
