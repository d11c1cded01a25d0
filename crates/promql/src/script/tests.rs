use store::MemStore;

use super::*;

fn run_text(text: &str) -> Report {
    run(text, Engine::Fast, &mut || Box::new(MemStore::new())).unwrap()
}

/// The reasons of all failures.
fn reasons(text: &str) -> Vec<String> {
    run_text(text).failures.into_iter().map(|failure| failure.reason).collect()
}

const DATA: &str = "
load 1m
  up{job=\"a\"} 1 2+1x3 _ stale
  up{job=\"b\"} 10-1x5
";

#[test]
fn what_is_right_passes() {
    let report = run_text(&format!(
        "{DATA}
eval instant at 4m up
  up{{job=\"a\"}} 5
  up{{job=\"b\"}} 6

# Not there any more.
eval instant at 6m up{{job=\"a\"}}

eval range from 0 to 2m step 1m sum(up)
  {{}} 11 11 11

eval instant at 1m 2 * 3
  6

eval instant at 1m (\"text\")
  expect string `text`

eval instant at 2m up{{job=\"b\"}}[2m]
  expect range vector from 1m to 2m step 1m
  up{{job=\"b\"}} 9 8

eval_ordered instant at 4m sort_desc(up)
  up{{job=\"b\"}} 6
  up{{job=\"a\"}} 5

eval_fail instant at 0 up / on() up
  expected_fail_regexp duplicate series .* on the right

eval instant at 5m rate(up{{job=\"b\"}}[5m])
  expect no_warn
  expect info msg: PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"up\" (1:6)
  {{job=\"b\"}} 0.108333333

clear
eval instant at 4m up
"
    ));
    assert_eq!((report.passed, report.failures), (10, vec![]));
}

#[test]
fn what_is_wrong_is_said() {
    let one = |eval: &str| reasons(&format!("{DATA}\n{eval}")).join("|");
    for (eval, reason) in [
        ("eval instant at 1m up{job=\"a\"}\n  up{job=\"a\"} 3", {
            "for {__name__=\"up\", job=\"a\"}, 2 should be 3"
        }),
        ("eval instant at 1m up{job=\"a\"}", "{__name__=\"up\", job=\"a\"} should not be there"),
        ("eval instant at 1m nope\n  {} 1", "{} is missing"),
        ("eval instant at 1m 1\n  2", "1 should be 2"),
        ("eval instant at 1m up\n  1", "it should be a scalar"),
        ("eval instant at 1m \"a\"\n  expect string \"b\"", "the text is another one"),
        ("eval instant at 1m up +", "it fails"),
        ("eval instant at 1m up\n  expect fail", "it should fail"),
        ("eval instant at 1m up +\n  expect fail msg: no", "it fails in another way"),
        ("eval instant at 1m 1\n  expect warn\n  1", "there should be a warning"),
        ("eval_ordered instant at 1m sort(up)\n  up{job=\"b\"} 9\n  up{job=\"a\"} 2", {
            "{__name__=\"up\", job=\"a\"} stands in the place of {__name__=\"up\", job=\"b\"}"
        }),
        ("eval range from 0 to 1m step 1m sum(up)\n  {} 11 12", "{} has other samples"),
        ("eval range from 0 to 1m step 1m sum(up)\n  {} 11 11 11", {
            "more points are expected of {} than steps"
        }),
        ("eval instant at 1m quantile(2, up)\n  expect no_warn\n  {} Inf", {
            "there should be no warning"
        }),
    ] {
        assert_eq!(one(eval), reason, "{eval}");
    }
}

#[test]
fn failures_say_where_and_what_is_wrong() {
    let report = run_text(
        "load 1m\n  h {{sum:1}}x2\n  f 1\n\neval instant at 0 h\n  h {{sum:2}}\n\n\
         eval instant at 0 count(f)\n  {} 2\n\neval instant at 0 h\n  h {{sum:1}}\n",
    );
    let texts: Vec<_> = report.failures.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "5: h\n  for {__name__=\"h\"}, {{sum:1}} should be {{sum:2}}\n  expected \
             {__name__=\"h\"} {{sum:2}}\n  got {__name__=\"h\"} {{sum:1}}",
            "8: count(f)\n  for {}, 1 should be 2\n  expected {} 2\n  got {} 1",
        ]
    );
    assert_eq!(report.passed, 1);
}

#[test]
fn start_timestamps_stand_before_their_samples() {
    let passes =
        "load 1m\n  a@st _ -30s\n  a 1 2\n\neval instant at 1m start_timestamp(a)\n  {} 30\n";
    assert_eq!(run_text(passes).passed, 1);
    for text in ["load 1m\n a@st 1s\n b 1", "load 1m\n a@st 1s\n a 1 2", "load 1m\n a@st 1s\n"] {
        assert!(run(text, Engine::Fast, &mut || Box::new(MemStore::new())).is_err(), "{text}");
    }
}

#[test]
fn series_are_written_in_a_shorthand() {
    let points = |line: &str| {
        let text = |point: Point| match point {
            Point::Absent => "_".to_owned(),
            Point::Float(value) if model::is_stale_nan(value) => "stale".to_owned(),
            Point::Float(value) => crate::format_float(value),
            Point::Histogram(literal) => histogram::print(&literal.histogram),
        };
        series::parse(line).map(|line| match line {
            series::Line::Samples(series) => {
                series.points.into_iter().map(text).collect::<Vec<_>>().join(" ")
            }
            series::Line::Starts(starts) => format!("{:?}", starts.starts_ms),
        })
    };
    for (line, expected) in [
        ("a 1 -2.5 +Inf nan 1e-3", "1 -2.5 +Inf NaN 0.001"),
        ("a 1+2x3 5-1x2 -1-1x1", "1 3 5 7 5 4 3 -1 -2"),
        ("a 7x2 _x2 _ stalex1", "7 7 7 _ _ _ stale stale"),
        ("{a=\"x y\"} 1e2+1e1x1 0-.5x1", "100 110 0 -0.5"),
        ("a {{count:2 sum:1}}x1 3", "{{count:2 sum:1}} {{count:2 sum:1}} 3"),
        ("a {{sum:1}}+{{sum:2}}x2", "{{sum:1}} {{sum:3}} {{sum:5}}"),
        ("a {{sum:1}}-{{sum:2}}x1", "{{sum:1}} {{sum:-1}}"),
        ("a", ""),
    ] {
        assert_eq!(points(line).as_deref(), Ok(expected), "{line}");
    }
    for line in [
        "a 1+2",
        "a x3",
        "a 1+2x",
        "a 1y",
        "a {{sum:1",
        "a {{}}+{{}}",
        "a {{}}*{{}}x1",
        "a {{}}y",
        "a 1x99999999999",
        "a{b=1} 1",
    ] {
        assert!(points(line).is_err(), "{line}");
    }
}

#[test]
fn what_is_no_script_is_refused_with_its_line() {
    for (text, line, message) in [
        ("\nfoo", 2, "invalid command \"foo\""),
        ("load x\n", 1, "not a valid duration string: \"x\""),
        ("load 1m\n  a 1 b\n", 2, "\"b\" is neither a point nor a sequence of points"),
        (
            "eval instant 1m up",
            1,
            "an evaluation is \"instant at <time> <query>\" or \"range from <start> to <end> step <step> <query>\"",
        ),
        (
            "eval range from 1m to 0 step 1m up",
            1,
            "a range ends after it starts and has a step, unlike from 1m to 0 step 1m up",
        ),
        ("eval instant at 0 up\n  expect nothing", 2, "there is nothing to expect called nothing"),
        (
            "eval instant at 0 up\n  expect warn\n  expect no_warn",
            3,
            "remarks cannot be expected and excluded at once",
        ),
        ("eval instant at 0 up\n  up 1 2", 2, "an instant vector has one point for each series"),
    ] {
        let error = run(text, Engine::Fast, &mut || Box::new(MemStore::new())).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (line, message));
    }
}
