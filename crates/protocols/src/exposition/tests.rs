use testkit::corpora;

use super::*;

/// Every entry on a line of its own; an error is the last line.
fn describe(format: Format, body: &[u8]) -> String {
    let mut out = String::new();
    let mut parser = match Parser::new(format, body) {
        Ok(parser) => parser,
        Err(error) => return format!("error {error}\n"),
    };
    loop {
        match parser.next_entry() {
            Ok(Some(Entry::Help { family, text })) => out += &format!("help {family} {text:?}\n"),
            Ok(Some(Entry::Type { family, kind })) => {
                out += &format!("type {family} {}\n", kind.name());
            }
            Ok(Some(Entry::Unit { family, unit })) => out += &format!("unit {family} {unit}\n"),
            Ok(Some(Entry::Sample(sample))) => {
                out += &format!("{} {}", sample.label_set(), sample.value);
                out += &sample.t_ms.map_or(String::new(), |t_ms| format!(" @{t_ms}"));
                if let Some(exemplar) = sample.exemplar {
                    let time = exemplar.t_ms.map_or(String::new(), |t_ms| format!(" @{t_ms}"));
                    out += &format!(" # {} {}{time}", exemplar.label_set(), exemplar.value);
                }
                out += "\n";
            }
            Ok(None) => return out,
            Err(error) => return out + &format!("error {error}\n"),
        }
    }
}

fn check_text(body: &str, expected: &str) {
    assert_eq!(describe(Format::Text, body.as_bytes()), expected, "{body}");
}

fn check_openmetrics(body: &str, expected: &str) {
    assert_eq!(describe(Format::OpenMetrics, body.as_bytes()), expected, "{body}");
}

#[test]
fn text_format() {
    check_text(
        concat!(
            "# HELP a Some \\\\ text\\n with \\\"quotes\n",
            "#\t TYPE a counter\n",
            "a 1\n  a{b=\"c\"}\t2 \t-3\n\n# just a comment\n#another\n# HELPER\n",
            "a { b = \"x\\\"y\\n\\\\z\\q\" , c=\"\" , } +Inf 4 \n",
            "a{x=\"1\" y=\"2\"}5",
        ),
        concat!(
            "help a \"Some \\\\ text\\n with \\\\\\\"quotes\"\n",
            "type a counter\n",
            "{__name__=\"a\"} 1\n",
            "{__name__=\"a\", b=\"c\"} 2 @-3\n",
            "{__name__=\"a\", b=\"x\\\"y\\n\\\\z\\\\q\"} inf @4\n",
            "{__name__=\"a\", x=\"1\", y=\"2\"} 5\n",
        ),
    );
}

#[test]
fn names_may_be_quoted() {
    let samples = "{\"a.b\",\"l é\"=\"v\"} 1\n{z=\"y\",\"q\\\"\"} 2\n";
    let described = "{__name__=\"a.b\", \"l é\"=\"v\"} 1\n{__name__=\"q\\\"\", z=\"y\"} 2\n";
    check_text(samples, described);
    check_openmetrics(&format!("{samples}# EOF\n"), described);
    check_text("# TYPE \"a.b\" gauge\n", "type a.b gauge\n");
    check_text(
        "a{\"b\"} 1\n",
        "error line 1: expected an equals sign behind a label name, found \"} 1\"\n",
    );
    check_text("{a=\"b\"} 1\n", "error line 1: metric name not set\n");
    check_text(
        "{\"a\",\"b\"} 1\n",
        "error line 1: expected an equals sign behind a label name, found \"} 1\"\n",
    );
}

#[test]
fn bounds_and_quantiles_are_canonical() {
    check_text(
        concat!(
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1000000\"} 1\n",
            "h_bucket{le=\"+inf\"} 1\nh{quantile=\"1\"} 1\n",
            "# TYPE s summary\ns{quantile=\"0\",le=\"1\"} 1\n",
        ),
        concat!(
            "type h histogram\n{__name__=\"h_bucket\", le=\"1.0\"} 1\n",
            "{__name__=\"h_bucket\", le=\"1e+06\"} 1\n{__name__=\"h_bucket\", le=\"+Inf\"} 1\n",
            "{__name__=\"h\", quantile=\"1\"} 1\n",
            "type s summary\n{__name__=\"s\", le=\"1\", quantile=\"0.0\"} 1\n",
        ),
    );
}

#[test]
fn openmetrics_format() {
    check_openmetrics(
        concat!(
            "# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds \\\"x\\\"\\n\n",
            "a_seconds_total{b=\"c\",} 1 1.5 # {id=\"x\"} 0.5 2\n",
            "a_seconds_total 2 # {} 3\n# EOF\n",
        ),
        concat!(
            "type a_seconds counter\nunit a_seconds seconds\nhelp a_seconds \"\\\"x\\\"\\n\"\n",
            "{__name__=\"a_seconds_total\", b=\"c\"} 1 @1500 # {id=\"x\"} 0.5 @2000\n",
            "{__name__=\"a_seconds_total\"} 2 # {} 3\n",
        ),
    );
    let long = "x".repeat(127);
    check_openmetrics(&format!("a 1 # {{ab=\"{long}\"}} 1\n# EOF"), "{__name__=\"a\"} 1\n");
    check_openmetrics("a 1\n", "{__name__=\"a\"} 1\nerror line 2: data does not end with # EOF\n");
    check_openmetrics("a 1", "error line 1: data does not end with # EOF\n");
    check_openmetrics("# EOF\na 1\n", "error line 2: unexpected data after # EOF\n");
    check_openmetrics(
        "# x\n# EOF\n",
        "error line 1: expected # HELP, # TYPE, # UNIT or # EOF, found \"# x\"\n",
    );
    check_openmetrics("a 1 NaN\n# EOF\n", "error line 1: invalid timestamp NaN\n");
    check_openmetrics(
        "# UNIT a_b c\n# EOF\n",
        "error line 1: unit \"c\" is not a suffix of metric \"a_b\"\n",
    );
}

#[test]
fn errors_name_the_line() {
    check_text(
        "a 1\nb\n",
        "{__name__=\"a\"} 1\nerror line 2: expected a value, found the end of the line\n",
    );
    check_text("a 1 2 3\n", "error line 1: expected the end of the line, found \"3\"\n");
    check_text(
        "a 1 z\n",
        "error line 1: expected a timestamp or the end of the line, found \"z\"\n",
    );
    check_text("a{b=\"c} 1\n", "error line 2: a quoted text does not end\n");
    check_text("a{b=c} 1\n", "error line 1: expected a quote\n");
    check_text("a{b=\"1\",b=\"2\"} 1\n", "error line 1: label name \"b\" is not unique\n");
    check_text("a{__name__=\"b\"} 1\n", "error line 1: metric name already set\n");
    check_text("a 1e400\n", "error line 1: \"1e400\" is not a number\n");
    check_text("\u{e9} 1\n", "error line 1: expected a metric name, found \"é 1\"\n");
    check_text("# TYPE a widget\n", "error line 1: invalid metric type \"widget\"\n");
    check_text("# TYPE a  gauge\n", "error line 1: invalid metric type \" gauge\"\n");
    check_text(
        "# HELP \n",
        "error line 1: expected a metric name after HELP, found the end of the line\n",
    );
    assert_eq!(describe(Format::Text, b"a 1\n# \xff\n"), "error line 2: invalid UTF-8\n");
}

#[test]
fn a_series_keeps_its_raw_text() {
    let mut parser = Parser::new(Format::Text, b"a { b=\"c\" } 1\na 2").unwrap();
    for expected in ["a { b=\"c\" }", "a"] {
        let Some(Entry::Sample(sample)) = parser.next_entry().unwrap() else { panic!() };
        assert_eq!(sample.series, expected);
    }
}

#[test]
fn formats_are_negotiated() {
    assert_eq!(
        accept_header(&ScrapeProtocol::DEFAULT),
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
         application/openmetrics-text;version=0.0.1;q=0.5,\
         text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    );
    let choose = |header, fallback| Format::from_content_type(header, fallback).ok();
    assert_eq!(choose(Some("text/plain; version=0.0.4"), None), Some(Format::Text));
    let openmetrics = Some("Application/OpenMetrics-Text; version=1.0.0; charset=utf-8");
    assert_eq!(choose(openmetrics, Some(Format::Text)), Some(Format::OpenMetrics));
    assert_eq!(choose(Some("text/html"), Some(Format::Text)), Some(Format::Text));
    assert_eq!(choose(Some("application/vnd.google.protobuf"), Some(Format::Text)), None);
    let error = Format::from_content_type(None, None).unwrap_err();
    assert!(error.to_string().contains("blank Content-Type"), "{error}");
}

/// Cases of the specification's suite with another verdict than its own. The list may only shrink.
const STRICT_KNOWN_FAILURES: [&str; 0] = [];

#[test]
fn strict_agrees_with_the_openmetrics_suite() {
    use env::{Fs, RealFs};
    let Some(folder) = corpora::corpus("openmetrics") else { return };
    let mut failures = Vec::new();
    let mut cases = 0;
    for case in RealFs.list(&folder).unwrap() {
        let path = folder.join(&case.name);
        if !case.is_dir || RealFs.file_len(&path.join("test.json")).unwrap().is_none() {
            continue;
        }
        let verdict: serde_json::Value =
            serde_json::from_slice(&corpora::read(&path.join("test.json"))).unwrap();
        let expected = verdict["shouldParse"].as_bool().unwrap();
        let found = strict::check(&corpora::read(&path.join("metrics")));
        cases += 1;
        if found.is_ok() != expected {
            failures.push(case.name.clone());
            println!("{}: {found:?}", case.name);
        }
    }
    assert!(cases >= 211, "{cases} cases");
    assert_eq!(failures, STRICT_KNOWN_FAILURES);
}

/// Whole bodies of real programs: each line is an entry, and nothing is an error.
#[test]
fn reads_the_bodies_of_prometheus_test_data() {
    let Some(folder) = corpora::corpus("textparse") else { return };
    for (name, body) in corpora::files(&folder, ".txt") {
        let format = if name.ends_with(".om.txt") { Format::OpenMetrics } else { Format::Text };
        let described = describe(format, &body);
        let last = described.lines().last().unwrap_or_default();
        assert!(!last.starts_with("error"), "{name}: {last}");
        let lines = body.split(|byte| *byte == b'\n').filter(|line| {
            let comment = line.starts_with(b"#");
            !line.is_empty()
                && (!comment
                    || line[2..].starts_with(b"HELP")
                    || line[2..].starts_with(b"TYPE")
                    || line[2..].starts_with(b"UNIT"))
        });
        assert_eq!(described.lines().count(), lines.count(), "{name}");
    }
}
