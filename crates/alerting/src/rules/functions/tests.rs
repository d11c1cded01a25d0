//! The functions, called from templates as rules do it.

use std::sync::Arc;

use env::SimClock;
use model::{Labels, MetricBatch};
use store::{Cancel, MemStore, MetricStore};

use super::*;
use crate::rules::world::Settings;
use crate::template::{Library, Limits, execute, parse};

fn world() -> World {
    let store = MemStore::new();
    let mut batch = MetricBatch::default();
    for (instance, value) in [("b", 21.0), ("a", 11.0)] {
        let labels = Labels::from_pairs([("__name__", "metric"), ("instance", instance)]);
        batch.push(labels, 1_000, value);
    }
    store.append(batch).unwrap().wait().unwrap();
    let external_url = "http://host:9090/path/prefix".to_owned();
    World {
        store: Arc::new(store),
        clock: Arc::new(SimClock::at_ms(0)),
        settings: Settings { external_url, ..Settings::default() },
        cancel: Cancel::default(),
    }
}

fn run(text: &str) -> Result<String, String> {
    let world = world();
    let functions = RuleFunctions { world: &world, at_ms: 1_500 };
    let parsed = parse("t", text, &names(), &[]).map_err(|error| error.to_string())?;
    let (library, limits) = (Library::default(), Limits::default());
    execute(&parsed, &library, &functions, &[], &Value::Nil, limits).map_err(|e| e.to_string())
}

#[test]
fn all_of_them() {
    for (text, expected) in [
        ("{{ query \"metric\" | first | value }}", "11"),
        ("{{ query \"metric{instance='b'}\" | first | label \"instance\" }}", "b"),
        ("{{ (query \"metric\" | first).Labels.instance }}", "a"),
        (
            "{{ range query \"metric\" | sortByLabel \"instance\" }}{{.Labels.instance}}:{{.Value}} {{end}}",
            "a:11 b:21 ",
        ),
        ("{{ with query \"none\" }}x{{ else }}none{{ end }}", "none"),
        ("{{ query \"1 + 1\" | first | value }}{{ query \"metric\" | first | strvalue }}", "2"),
        ("{{ with args 1 \"b\" }}{{ .arg0 }}{{ .arg1 }}{{ end }}", "1b"),
        ("{{ reReplaceAll \"(a)b\" \"x$1\" \"abab\" }} {{ match \"a+\" \"aa\" }}", "xaxa true"),
        ("{{ title \"aa bB\" }} {{ toUpper \"a\" }}{{ toLower \"B\" }}", "Aa BB Ab"),
        (
            "{{ graphLink \"up == 0\" }} {{ tableLink \"up\" }}",
            "/graph?g0.expr=up+%3D%3D+0&g0.tab=0 /graph?g0.expr=up&g0.tab=1",
        ),
        (
            "{{ humanize 1234567.0 }} {{ humanize \"0.12\" }} {{ humanize1024 1048576 }}",
            "1.235M 120m 1Mi",
        ),
        ("{{ humanizeDuration 3661 }} {{ humanizePercentage 0.5 }}", "1h 1m 1s 50%"),
        ("{{ humanizeTimestamp 1435065584.128 }}", "2015-06-23 13:19:44.128 +0000 UTC"),
        (
            "{{ (toTime 1435065584.128).Year }} {{ (toDuration 90).Minutes }} {{ now }}",
            "2015 1.5 1.5",
        ),
        ("{{ parseDuration \"1h2m10ms\" }} {{ parseDuration \"-1d\" }}", "3720.01 -86400"),
        (
            "{{ stripPort \"host:9100\" }} {{ stripPort \"[::1]:80\" }} {{ stripPort \"x\" }}",
            "host ::1 x",
        ),
        (
            "{{ stripDomain \"a.b.c:80\" }} {{ stripDomain \"1.2.3.4:5\" }} {{ stripDomain \"a.b\" }}",
            "a:80 1.2.3.4:5 a",
        ),
        (
            "{{ externalURL }} {{ pathPrefix }} {{ urlQueryEscape \"a b\" }}{{ safeHtml \"<b>\" }}",
            "http://host:9090/path/prefix /path/prefix a+b<b>",
        ),
    ] {
        assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn mistakes() {
    for (text, expected) in [
        (
            "{{ query \"none\" | first }}",
            "error calling first: first() called on vector with no elements",
        ),
        ("{{ query \"metric[\" }}", "error calling query"),
        ("{{ humanize \"x\" }}", "invalid syntax"),
        ("{{ humanize true }}", "can't convert bool to float"),
        ("{{ toUpper 1 }}", "expected string; got int"),
        ("{{ value \"x\" }}", "expected an element of a query; got string"),
        ("{{ toTime \"NaN\" }}", "value is NaN or Inf"),
        ("{{ reReplaceAll \"(\" \"\" \"\" }}", "error parsing regexp"),
        ("{{ parseDuration \"x\" }}", "error calling parseDuration"),
        ("{{ tmpl \"a\" . }}", "function \"tmpl\" not defined"),
        ("{{ $x := printf \"%5000s\" \"\" }}{{ reReplaceAll \"\" $x $x }}", "may have more than"),
    ] {
        let error = run(text).expect_err(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn they_are_found() {
    let names: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    assert!(names.is_sorted(), "the look-up needs them sorted: {names:?}");
}
