//! Routing, keys and the life of groups.

use chrono::TimeDelta;

use super::*;
use crate::Timestamp;
use crate::config::Config;

const ROUTES: &str = "
route:
  receiver: default
  group_by: [alertname, cluster]
  routes:
    - matchers: [team=\"x\"]
      receiver: x
      group_interval: 1m
      labels: {reason: x}
      routes:
        - matchers: [severity=critical]
          receiver: pager
          group_by: [...]
          group_wait: 0s
          continue: true
        - match: {severity: critical}
          receiver: mail
          group_by: []
    - match_re: {service: ^(foo|bar)$}
      receiver: foo
      continue: true
    - matchers: ['service=~\"f.*\"']
      receiver: f
      repeat_interval: 1h
receivers: [{name: default}, {name: x}, {name: pager}, {name: mail}, {name: foo}, {name: f}]
";

fn tree() -> RouteTree {
    RouteTree::new(&Config::load(ROUTES, "test").unwrap().route)
}

fn at(seconds: i64) -> Moment {
    let wall = Timestamp::from_timestamp(1_000_000 + seconds, 0).unwrap();
    Moment { wall, mono_ms: seconds * 1000 }
}

fn alert(pairs: &[(&str, &str)], starts: i64, ends: i64, updated: i64) -> Arc<Alert> {
    Arc::new(Alert {
        labels: Labels::from_pairs(pairs.iter().copied()),
        annotations: Default::default(),
        starts_at: at(starts).wall,
        ends_at: Some(at(ends).wall),
        updated_at: at(updated).wall,
        generator_url: String::new(),
        timeout: false,
    })
}

#[test]
fn routes_and_keys() {
    let tree = tree();
    let check = |pairs: &[(&str, &str)], expected: &[(&str, &str)]| {
        let labels = Labels::from_pairs(pairs.iter().copied());
        let found: Vec<_> = tree
            .matching(&labels)
            .into_iter()
            .map(|index| {
                let route = tree.get(index);
                let group = route.options.group_labels(&labels);
                let key = format!("{}:{}", route.key, crate::fingerprint::label_set_text(&group));
                (route.options.receiver.as_str(), key)
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(r, k)| (*r, (*k).to_owned())).collect();
        assert_eq!(found, expected, "{pairs:?}");
    };
    check(&[("alertname", "A"), ("z", "1")], &[("default", r#"{}:{alertname="A"}"#)]);
    check(&[("alertname", "A"), ("team", "x")], &[("x", r#"{}/{team="x"}:{alertname="A"}"#)]);
    check(
        &[("team", "x"), ("severity", "critical")],
        &[
            ("pager", r#"{}/{team="x"}/{severity="critical"}:{severity="critical", team="x"}"#),
            ("mail", r#"{}/{team="x"}/{severity="critical"}:{}"#),
        ],
    );
    check(
        &[("service", "foo"), ("cluster", "c")],
        &[
            ("foo", r#"{}/{service=~"^(foo|bar)$"}:{cluster="c"}"#),
            ("f", r#"{}/{service=~"f.*"}:{cluster="c"}"#),
        ],
    );
    check(&[("service", "bar")], &[("foo", r#"{}/{service=~"^(foo|bar)$"}:{}"#)]);
}

#[test]
fn options_are_inherited() {
    let tree = tree();
    let labels = Labels::from_pairs([("team", "x"), ("severity", "critical")]);
    let [pager, mail] = tree.matching(&labels)[..] else { panic!("two routes") };
    let options = &tree.get(pager).options;
    assert_eq!(options.group_wait, TimeDelta::zero());
    assert_eq!(options.group_interval, TimeDelta::minutes(1));
    assert_eq!(options.repeat_interval, TimeDelta::hours(4));
    assert_eq!(options.labels["reason"], "x");
    assert!(options.group_by_all && !tree.get(mail).options.group_by_all);
    assert_eq!(tree.path(pager), ["{}", r#"{team="x"}"#, r#"{severity="critical"}"#]);
    assert_eq!(tree.children(0).len(), 3);
}

#[test]
fn a_group_waits_then_keeps_its_interval() {
    let mut dispatcher = Dispatcher::new(tree());
    dispatcher.insert(&alert(&[("alertname", "A")], 0, 10_000, 0), at(0));
    assert_eq!((dispatcher.due(29_999).len(), dispatcher.next_due()), (0, Some(30_000)));
    let [id] = &dispatcher.due(30_000)[..] else { panic!("one group") };
    let flush = dispatcher.flush(id, at(30)).unwrap();
    assert_eq!((flush.alerts.len(), flush.deadline_ms), (1, 330_000));
    assert_eq!(flush.alerts[0].ends_at, None, "firing");
    assert_eq!(dispatcher.next_due(), None, "nothing is due while it is told");
    dispatcher.finish(id, true);
    assert_eq!(dispatcher.next_due(), Some(330_000), "five minutes after the last began");
    dispatcher.insert(&alert(&[("alertname", "A"), ("i", "2")], 100, 10_000, 100), at(100));
    assert_eq!(dispatcher.due(330_000).len(), 1, "a new alert waits for the interval");
}

#[test]
fn an_old_alert_does_not_wait() {
    let mut dispatcher = Dispatcher::new(tree());
    dispatcher.insert(&alert(&[("alertname", "A")], -31, 10_000, 0), at(0));
    assert_eq!(dispatcher.due(0).len(), 1);
}

#[test]
fn resolved_alerts_are_forgotten_once_told() {
    let mut dispatcher = Dispatcher::new(tree());
    let pairs = [("alertname", "A")];
    dispatcher.insert(&alert(&pairs, 0, 20, 1), at(0));
    let id = dispatcher.due(30_000).remove(0);
    let told = |dispatcher: &mut Dispatcher, now: i64, success| {
        let flush = dispatcher.flush(&id, at(now)).unwrap();
        dispatcher.finish(&id, success);
        flush.alerts[0].ends_at.is_some()
    };
    assert!(told(&mut dispatcher, 30, false), "resolved");
    assert_eq!(dispatcher.len(), 1, "a failure forgets nothing");
    dispatcher.flush(&id, at(330)).unwrap();
    dispatcher.insert(&alert(&pairs, 331, 10_000, 331), at(331));
    dispatcher.finish(&id, true);
    assert_eq!(dispatcher.len(), 1, "it fired again while its end was told");
    assert!(!told(&mut dispatcher, 630, true), "firing");
    dispatcher.insert(&alert(&pairs, 331, 700, 700), at(700));
    assert!(told(&mut dispatcher, 930, true), "resolved again");
    assert_eq!(dispatcher.len(), 0);
}
