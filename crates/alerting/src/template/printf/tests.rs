//! Formats and what Go makes of them.

use super::*;

fn check(format_text: &str, values: &[Value], expected: &str) {
    assert_eq!(format(format_text, values, 1000).as_deref(), Ok(expected), "{format_text}");
}

#[test]
fn verbs() {
    let text = |t: &str| Value::text(t);
    check(
        "%s|%q|%x|% X|%v",
        &[text("hé"), text("a\"b"), text("hi"), text("hi"), text("v")],
        "hé|\"a\\\"b\"|6869|68 69|v",
    );
    check("%#q %#x %#v", &[text("raw"), text("hi"), text("v")], "`raw` 0x6869 \"v\"");
    check(
        "%d %b %o %x %X %c %U %q",
        &[5, 5, 9, 255, 255, 97, 97, 97].map(Value::Int),
        "5 101 11 ff FF a U+0061 'a'",
    );
    check("%#x %#o %O %+d % d", &[255, 8, 8, 3, 3].map(Value::Int), "0xff 010 0o10 +3  3");
    check(
        "%v %g %.2f %e %F %G",
        &[1.5, 1e6, 2.345, 12.5, 1.0, 1e-7].map(Value::Float),
        "1.5 1e+06 2.35 1.250000e+01 1.000000 1E-07",
    );
    check(
        "%t %v %T %T",
        &[Value::Bool(true), Value::Bool(false), Value::Int(1), text("")],
        "true false int string",
    );
    check(
        "%v %+v %v",
        &[Value::Nil, Value::Duration(1_500_000_000), Value::texts(["a", "b"])],
        "<nil> 1.5s [a b]",
    );
    check(
        "%s %d %v",
        &[Value::Word(2, "February"), Value::Word(2, "February"), Value::text_map([("k", "v")])],
        "February 2 map[k:v]",
    );
    check(
        "%v %5.1f %f",
        &[f64::INFINITY, f64::NAN, f64::NEG_INFINITY].map(Value::Float),
        "+Inf   NaN -Inf",
    );
    check("%q %T", &[Value::texts(["a"]), Value::texts(["a"])], "[\"a\"] []string");
    check("%+v %+v", &[Value::Int(1), Value::Float(1.0)], "1 1");
    check("100%%", &[], "100%");
}

#[test]
fn widths() {
    check(
        "%5s|%-5s|%.1s|%05d|%-5d|%+.3d",
        &[
            Value::text("ab"),
            Value::text("ab"),
            Value::text("ab"),
            Value::Int(-42),
            Value::Int(7),
            Value::Int(7),
        ],
        "   ab|ab   |a|-0042|7    |+007",
    );
    check(
        "%*d|%-*d|%.*f",
        &[
            Value::Int(4),
            Value::Int(1),
            Value::Int(3),
            Value::Int(2),
            Value::Int(1),
            Value::Float(1.25),
        ],
        "   1|2  |1.2",
    );
    check(
        "%08.3f|%+6.1f|%-8g|",
        &[2.34567, 2.0, 1.5].map(Value::Float),
        "0002.346|  +2.0|1.5     |",
    );
    check(
        "%08s|%#06x|%06.2d|%.0d|",
        &[Value::text("a"), Value::Int(255), Value::Int(3), Value::Int(0)],
        "0000000a|0x0000ff|    03||",
    );
    check(
        "%06.1f|%+06.1f|%06f",
        &[-1.5, 1.5, f64::INFINITY].map(Value::Float),
        "-001.5|+001.5|  +Inf",
    );
    check("%[2]d %[1]d", &[1, 2].map(Value::Int), "2 1");
    check("%[2]*[1]d", &[7, 3].map(Value::Int), "  7");
}

#[test]
fn mistakes_are_noted_in_the_text() {
    check("%d", &[Value::text("hi")], "%!d(string=hi)");
    check("%s", &[Value::Int(5)], "%!s(int=5)");
    check("%s %t", &[Value::Bool(true), Value::Duration(5)], "%!s(bool=true) %!t(time.Duration=5)");
    check("%+.2d %05f", &[Value::text("hello"), Value::Int(1)], "%!d(string=he) %!f(int=00001)");
    check("%z", &[Value::Float(1.0)], "%!z(float64=1)");
    check("%s", &[Value::Nil], "%!s(<nil>)");
    check("%d %d", &[Value::Int(1)], "1 %!d(MISSING)");
    check("%d", &[Value::Int(1), Value::text("x"), Value::Nil], "1%!(EXTRA string=x, <nil>)");
    check("%[3]d", &[Value::Int(1)], "%!d(BADINDEX)");
    check("%*d", &[Value::text("x"), Value::Int(1)], "%!(BADWIDTH)1");
    check("%.*d", &[Value::text("x"), Value::Int(1)], "%!(BADPREC)1");
    check("50%", &[], "50%!(NOVERB)");
}

#[test]
fn no_format_takes_more_than_the_limit() {
    assert!(format("%900000d", &[Value::Int(1)], 1000).is_err());
    assert!(format("%1000d%1000d", &[Value::Int(1), Value::Int(1)], 1500).is_err());
}
