//! Rules over time: what they find, what they write, what they send.

use std::sync::Arc;

use env::SimClock;
use model::{Labels, METRIC_NAME, Matcher, MetricBatch, is_stale_nan};
use store::{Cancel, MemStore, QueryContext, Select};

use crate::rules::group::Group;
use crate::rules::view::{GroupView, RuleHealth, RuleView};
use crate::rules::world::{Settings, World};
use crate::rules::{SentAlert, parse};

/// A group and the world it is evaluated in; times are seconds.
struct Timeline {
    world: World,
    group: Group,
    sent: Vec<SentAlert>,
}

fn spec(rules: &str) -> crate::rules::file::GroupSpec {
    let text = format!("groups:\n- name: g\n{rules}");
    parse(&text, "f").unwrap_or_else(|errors| panic!("{}", errors[0])).remove(0)
}

impl Timeline {
    fn new(rules: &str) -> Self {
        Timeline::with(rules, Arc::new(MemStore::new()), true)
    }

    fn with(rules: &str, store: Arc<MemStore>, restored: bool) -> Self {
        let external_url = "http://am".to_owned();
        let external_labels = Labels::from_pairs([("region", "eu"), ("job", "never")]);
        let settings = Settings { external_url, external_labels, ..Settings::default() };
        let clock = Arc::new(SimClock::at_ms(0));
        let world = World { store, clock, settings, cancel: Cancel::default() };
        let group = Group::new("f", spec(rules), &world, restored);
        Timeline { world, group, sent: Vec::new() }
    }

    fn load(&self, at: i64, samples: &[(&str, &str, f64)]) {
        let mut batch = MetricBatch::default();
        for (name, job, value) in samples {
            batch.push(
                Labels::from_pairs([(METRIC_NAME, *name), ("job", *job)]),
                at * 1000,
                *value,
            );
        }
        self.world.store.append(batch).unwrap().wait().unwrap();
    }

    fn evaluate(&mut self, at: i64) {
        let sent = &mut self.sent;
        self.group.evaluate(at * 1000, &self.world, &mut |alerts| sent.extend(alerts));
    }

    /// The alerts of the first rule: `state since value`.
    fn alerts(&self) -> Vec<String> {
        let view = GroupView::of(&self.group);
        let RuleView::Alerting(rule) = &view.rules[0] else { panic!("a rule that alerts") };
        rule.alerts
            .iter()
            .map(|a| format!("{} {} {}", a.state.name(), a.active_at.timestamp(), a.value))
            .collect()
    }

    /// The alerts sent since the last call: `job start-end`.
    fn sent(&mut self) -> Vec<String> {
        let name = |alert: &SentAlert| alert.labels.get("job").unwrap_or_default().to_owned();
        let sent = std::mem::take(&mut self.sent);
        sent.iter()
            .map(|a| format!("{} {}-{}", name(a), a.starts_at.timestamp(), a.ends_at.timestamp()))
            .collect()
    }

    /// The samples of a metric: `labels time=value`, where a marker that it is gone is a cross.
    fn samples(&self, metric: &str) -> Vec<String> {
        let matchers = vec![Matcher::equal(METRIC_NAME, metric)];
        let select = Select { matchers, start_ms: 0, end_ms: i64::MAX };
        let found = self.world.store.select(&select, &QueryContext::default()).unwrap();
        let mut shown = Vec::new();
        for series in found {
            let labels = series.labels.without(|name| name == METRIC_NAME || name == "alertname");
            for sample in series.samples {
                let value = match sample.value {
                    gone if is_stale_nan(gone) => "x".to_owned(),
                    value => value.to_string(),
                };
                shown.push(format!("{labels} {}={value}", sample.t_ms / 1000));
            }
        }
        shown
    }

    fn error(&self, rule: usize) -> &str {
        &self.group.rules[rule].last_error
    }
}

const DOWN: &str = "  interval: 60s
  rules:
  - alert: Down
    expr: up == 0
    for: 2m
    labels: {severity: '{{ if eq $labels.job \"a\" }}page{{ end }}'}
    annotations: {text: '{{ $labels.job }} is {{ $value }} in {{ $externalLabels.region }}'}
";

#[test]
fn pending_then_firing_then_resolved() {
    let mut timeline = Timeline::new(DOWN);
    for (at, value, alerts, sent) in [
        (0, 1.0, vec![], vec![]),
        (60, 0.0, vec!["pending 60 0e+00"], vec![]),
        (120, 0.0, vec!["pending 60 0e+00"], vec![]),
        (180, 0.0, vec!["firing 60 0e+00"], vec!["a 180-420"]),
        (240, 0.0, vec!["firing 60 0e+00"], vec![]),
        (300, 0.0, vec!["firing 60 0e+00"], vec!["a 180-540"]),
        (360, 1.0, vec![], vec!["a 180-360"]),
        (420, 1.0, vec![], vec![]),
        (480, 1.0, vec![], vec!["a 180-360"]),
        (540, 0.0, vec!["pending 540 0e+00"], vec![]),
        (600, 1.0, vec![], vec![]),
    ] {
        timeline.load(at, &[("up", "a", value), ("up", "b", 1.0)]);
        timeline.evaluate(at);
        assert_eq!(timeline.alerts(), alerts, "{at}");
        assert_eq!(timeline.sent(), sent, "{at}");
    }
    assert_eq!(
        timeline.samples("ALERTS"),
        [
            r#"{alertstate="firing", job="a", severity="page"} 180=1"#,
            r#"{alertstate="firing", job="a", severity="page"} 240=1"#,
            r#"{alertstate="firing", job="a", severity="page"} 300=1"#,
            r#"{alertstate="firing", job="a", severity="page"} 360=x"#,
            r#"{alertstate="pending", job="a", severity="page"} 60=1"#,
            r#"{alertstate="pending", job="a", severity="page"} 120=1"#,
            r#"{alertstate="pending", job="a", severity="page"} 180=x"#,
            r#"{alertstate="pending", job="a", severity="page"} 540=1"#,
            r#"{alertstate="pending", job="a", severity="page"} 600=x"#,
        ]
    );
    let since = timeline.samples("ALERTS_FOR_STATE");
    assert_eq!(since[0], r#"{job="a", severity="page"} 60=60"#);
    assert_eq!(since[5], r#"{job="a", severity="page"} 360=x"#);
}

#[test]
fn what_is_sent() {
    let mut timeline = Timeline::new(DOWN);
    for at in [0, 60, 120] {
        timeline.load(at, &[("up", "b", 0.0)]);
        timeline.evaluate(at);
    }
    let [alert] = timeline.sent.as_slice() else { panic!("{:?}", timeline.sent) };
    let labels = r#"{alertname="Down", job="b", region="eu"}"#;
    assert_eq!(alert.labels.to_string(), labels, "external labels do not replace others");
    assert_eq!(alert.annotations["text"], "b is 0 in eu");
    assert_eq!(alert.generator_url, "http://am/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
}

#[test]
fn a_resolved_alert_is_sent_for_a_quarter_of_an_hour() {
    let mut timeline = Timeline::new("  rules:\n  - alert: A\n    expr: up == 0\n");
    timeline.load(0, &[("up", "a", 0.0)]);
    timeline.evaluate(0);
    timeline.load(60, &[("up", "a", 1.0)]);
    let mut last = 0;
    for at in (60..60 * 30).step_by(60) {
        timeline.evaluate(at);
        if timeline.sent().contains(&"a 0-60".to_owned()) {
            last = at;
        }
    }
    assert_eq!(last, 60 + 14 * 60, "every other minute, for the delay must have passed");
    assert!(timeline.group.rules[0].state.active.is_empty());
}

#[test]
fn firing_is_kept_up() {
    let mut timeline =
        Timeline::new("  rules:\n  - alert: A\n    expr: up == 0\n    keep_firing_for: 2m\n");
    for (at, value, expected) in [
        (0, 0.0, vec!["firing 0 0e+00"]),
        (60, 1.0, vec!["firing 0 0e+00"]),
        (120, 1.0, vec!["firing 0 0e+00"]),
        (150, 0.0, vec!["firing 0 0e+00"]),
        (180, 1.0, vec!["firing 0 0e+00"]),
        (240, 1.0, vec!["firing 0 0e+00"]),
        (300, 1.0, vec![]),
    ] {
        timeline.load(at, &[("up", "a", value)]);
        timeline.evaluate(at);
        assert_eq!(timeline.alerts(), expected, "{at}");
    }
}

#[test]
fn recording() {
    let rules = "  query_offset: 10s
  rules:
  - record: sum
    expr: sum by (job) (up)
    labels: {extra: x}
  - record: twice
    expr: sum * 2
";
    let mut timeline = Timeline::new(rules);
    timeline.load(0, &[("up", "a", 1.0), ("up", "b", 2.0)]);
    timeline.evaluate(10);
    timeline.load(60, &[("up", "a", 3.0), ("up", "b", f64::from_bits(model::STALE_NAN_BITS))]);
    timeline.evaluate(70);
    assert_eq!(
        timeline.samples("sum"),
        [
            r#"{extra="x", job="a"} 0=1"#,
            r#"{extra="x", job="a"} 60=3"#,
            r#"{extra="x", job="b"} 0=2"#,
            r#"{extra="x", job="b"} 60=x"#,
        ]
    );
    assert_eq!(
        timeline.samples("twice")[1],
        r#"{extra="x", job="a"} 60=6"#,
        "reads the rule above"
    );
    assert_eq!(timeline.group.last_samples, 2);
}

#[test]
fn what_fails_says_why() {
    let rules = "  limit: 1
  rules:
  - alert: Limited
    expr: up >= 0
  - alert: Twice
    expr: up >= 0
    labels: {job: same}
  - record: twice
    expr: up
    labels: {job: same}
  - record: limited
    expr: up
  - record: text
    expr: '\"x\"'
  - alert: Template
    expr: vector(1)
    annotations: {a: '{{ .Nothing }}'}
";
    let mut timeline = Timeline::new(rules);
    timeline.load(0, &[("up", "a", 1.0), ("up", "b", 2.0)]);
    timeline.evaluate(0);
    let same = "vector contains metrics with the same labelset after applying";
    assert_eq!(timeline.error(0), "exceeded limit of 1 with 2 alerts");
    assert_eq!(timeline.error(1), format!("{same} alert labels"));
    assert_eq!(timeline.error(2), format!("{same} rule labels"));
    assert_eq!(timeline.error(3), "exceeded limit of 1 with 2 series");
    assert_eq!(timeline.error(4), "rule result is not a vector or scalar");
    assert_eq!(timeline.group.rules[0].health, RuleHealth::Bad);
    assert_eq!((timeline.group.counters.evaluations, timeline.group.counters.failures), (6, 5));
    let text = &timeline.sent[0].annotations["a"];
    assert!(
        text.starts_with("<error expanding template: annotation \"a\":1:4: can't evaluate"),
        "{text}"
    );
}

/// Runs `Down` with `for: 20m` until `down`, starts anew at `up`, and returns the alerts after the
/// restoration.
fn restarted(down: i64, up: i64) -> Vec<String> {
    let rules = "  interval: 60s\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 20m\n";
    let store = Arc::new(MemStore::new());
    let mut before = Timeline::with(rules, Arc::clone(&store), true);
    for at in (0..=down).step_by(60) {
        before.load(at, &[("up", "a", 0.0)]);
        before.evaluate(at);
    }
    let mut after = Timeline::with(rules, store, false);
    for at in [up, up + 60] {
        after.load(at, &[("up", "a", 0.0)]);
        after.evaluate(at);
    }
    let written = after.samples("ALERTS_FOR_STATE").len() as i64;
    assert_eq!(written, down / 60 + 1, "nothing is overwritten before it was read");
    after.group.restore((up + 60) * 1000, &after.world);
    after.load(up + 120, &[("up", "a", 0.0)]);
    after.evaluate(up + 120);
    after.alerts()
}

#[test]
fn how_long_an_alert_was_pending_survives_a_restart() {
    // It fired: it fires again.
    assert_eq!(restarted(1500, 1800), ["firing 0 0e+00"]);
    // Less than the grace period remained: it gets the grace period.
    assert_eq!(restarted(900, 1200), [format!("pending {} 0e+00", 1260 + 600 - 1200)]);
    // The time without a server does not count.
    assert_eq!(restarted(300, 900), [format!("pending {} 0e+00", 960 - 300)]);
    // Too long ago.
    assert_eq!(restarted(300, 300 + 3601), ["pending 3901 0e+00"]);
}

#[test]
fn a_reload_keeps_what_it_can() {
    let two = "  rules:
  - alert: A
    expr: up == 0
    for: 1m
  - record: gone
    expr: up
";
    let mut timeline = Timeline::new(two);
    for at in [0, 60] {
        timeline.load(at, &[("up", "a", 0.0)]);
        timeline.evaluate(at);
    }
    assert_eq!(timeline.alerts(), ["firing 0 0e+00"]);
    let longer = "  rules:\n  - alert: A\n    expr: up == 0\n    for: 10m\n";
    let mut reloaded = Group::new("f", spec(longer), &timeline.world, true);
    reloaded.take_over(timeline.group.clone());
    timeline.group = reloaded;
    timeline.load(120, &[("up", "a", 0.0)]);
    timeline.evaluate(120);
    assert_eq!(timeline.alerts(), ["pending 0 0e+00"], "more patience makes it pending again");
    assert_eq!(
        timeline.samples("gone"),
        [r#"{job="a"} 0=0"#, r#"{job="a"} 60=0"#, r#"{job="a"} 120=x"#]
    );
}

#[test]
fn a_clock_that_was_set_changes_no_length_of_time() {
    let mut timeline = Timeline::new(DOWN);
    timeline.load(0, &[("up", "a", 0.0)]);
    timeline.evaluate(0);
    let hour = 3600;
    timeline.group.shift_ms(hour * 1000);
    timeline.load(hour + 60, &[("up", "a", 0.0)]);
    timeline.evaluate(hour + 60);
    assert_eq!(timeline.alerts(), [format!("pending {hour} 0e+00")]);
    timeline.group.shift_ms(-hour * 1000);
    timeline.load(121, &[("up", "a", 0.0)]);
    timeline.evaluate(121);
    assert_eq!(timeline.alerts(), ["firing 0 0e+00"]);
}

#[test]
fn the_view_is_that_of_prometheus() {
    let mut timeline = Timeline::new(DOWN);
    let view = serde_json::to_value(GroupView::of(&timeline.group)).unwrap();
    assert_eq!(view["rules"][0]["state"], "unknown");
    assert_eq!(view["lastEvaluation"], "0001-01-01T00:00:00Z");
    timeline.load(0, &[("up", "a", 0.0)]);
    timeline.evaluate(0);
    let view = serde_json::to_value(GroupView::of(&timeline.group)).unwrap();
    let severity = "{{ if eq $labels.job \"a\" }}page{{ end }}";
    let text = "{{ $labels.job }} is {{ $value }} in {{ $externalLabels.region }}";
    let expected = serde_json::json!({
        "name": "g", "file": "f", "interval": 60.0, "limit": 0, "evaluationTime": 0.0,
        "lastEvaluation": "1970-01-01T00:00:00Z",
        "rules": [{
            "type": "alerting", "state": "pending", "name": "Down", "query": "up == 0",
            "duration": 120.0, "keepFiringFor": 0.0, "labels": {"severity": severity},
            "annotations": {"text": text}, "health": "ok", "evaluationTime": 0.0,
            "lastEvaluation": "1970-01-01T00:00:00Z",
            "alerts": [{
                "labels": {"alertname": "Down", "job": "a", "severity": "page"},
                "annotations": {"text": "a is 0 in eu"}, "state": "pending",
                "activeAt": "1970-01-01T00:00:00Z", "value": "0e+00",
            }],
        }],
    });
    assert_eq!(view, expected);
}
