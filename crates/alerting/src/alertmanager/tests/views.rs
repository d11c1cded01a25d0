//! What the API shows.

use model::Labels;
use serde_json::json;

use super::timelines::{SIMPLE, Timeline, at};
use crate::alertmanager::AlertQuery;
use crate::silence::{PostableSilence, SilenceMatcher};

const CONFIG: &str = "
route:
  receiver: a
  group_by: [alertname]
  routes:
    - {receiver: b, matchers: ['team=~\"b|c\"'], group_by: ['...'], labels: {why: '{{ .GroupLabels.team }}'}}
inhibit_rules: [{source_matchers: [i=source], target_matchers: [i=target]}]
receivers: [{name: a, labels: {owner: x}}, {name: b}]
";

fn timeline() -> Timeline {
    let mut timeline = Timeline::new(CONFIG);
    for labels in [
        "alertname=A i=source",
        "alertname=A i=target",
        "alertname=B team=b",
        "alertname=C i=silenced",
    ] {
        timeline.fire(labels, 0);
    }
    let matcher = crate::matcher::parse_matcher("i=silenced").unwrap();
    let silence = PostableSilence {
        id: String::new(),
        matchers: vec![SilenceMatcher::from(&matcher)],
        starts_at: at(0).wall,
        ends_at: at(1000).wall,
        created_by: String::new(),
        comment: String::new(),
        annotations: Default::default(),
    };
    timeline.core.silences.set(&silence, "sil", at(0).wall).unwrap();
    timeline
}

fn without(change: impl FnOnce(&mut AlertQuery)) -> AlertQuery {
    let mut query = AlertQuery::default();
    change(&mut query);
    query
}

#[test]
fn alerts() {
    let timeline = timeline();
    let names = |query: &AlertQuery| {
        let alerts = timeline.core.alerts(query, at(5).wall);
        let mut names: Vec<_> = alerts
            .iter()
            .map(|a| a.labels.get("i").or(a.labels.get("team")).unwrap().clone())
            .collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(names(&AlertQuery::default()), "b silenced source target");
    assert_eq!(names(&without(|query| query.active = false)), "silenced target");
    assert_eq!(names(&without(|query| query.silenced = false)), "b source target");
    assert_eq!(names(&without(|query| query.inhibited = false)), "b silenced source");
    let query = |filter: &[&str], receiver: Option<&str>, matchers: &[&str]| {
        let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        AlertQuery::new(&owned(filter), receiver, &owned(matchers))
    };
    assert_eq!(names(&query(&["alertname=A", "i!=source"], None, &[]).unwrap()), "target");
    assert_eq!(names(&query(&[], Some("b|c"), &[]).unwrap()), "b");
    assert_eq!(names(&query(&[], None, &["owner=x"]).unwrap()), "silenced source target");
    assert!(query(&["{a=b}"], None, &[]).is_err() && query(&[], Some("("), &[]).is_err());
    let error = query(&[], None, &["x"]).unwrap_err();
    assert!(error.starts_with("failed to parse receiver_matchers param: "), "{error}");
}

#[test]
fn an_alert_in_json() {
    let timeline = timeline();
    let query = AlertQuery::new(&["i=target".to_owned()], None, &[]).unwrap();
    let alerts = serde_json::to_value(timeline.core.alerts(&query, at(5).wall)).unwrap();
    let source = timeline.core.alerts.iter().find(|(_, a)| a.labels.get("i") == Some("source"));
    let expected = json!([{
        "annotations": {}, "endsAt": "2024-01-02T03:46:40.000Z", "startsAt": "2024-01-01T00:00:00.000Z",
        "updatedAt": "2024-01-01T00:00:00.000Z", "fingerprint": alerts[0]["fingerprint"],
        "receivers": [{"name": "a"}], "labels": {"alertname": "A", "i": "target"},
        "status": {
            "inhibitedBy": [source.unwrap().0.to_string()], "mutedBy": [], "silencedBy": [],
            "state": "suppressed",
        },
    }]);
    assert_eq!(alerts, expected);
    let counts = timeline.core.count_states(at(5).wall);
    assert_eq!((counts["active"], counts["suppressed"]), (2, 2));
}

#[test]
fn groups() {
    let timeline = timeline();
    let groups = timeline.core.groups(&AlertQuery::default(), at(5).wall);
    let shown: Vec<_> = groups
        .iter()
        .map(|group| (group.receiver.name.as_str(), group.labels.len(), group.alerts.len()))
        .collect();
    assert_eq!(shown, [("a", 1, 2), ("a", 1, 1), ("b", 2, 1)]);
    let json = serde_json::to_value(&groups[2]).unwrap();
    assert_eq!(json["routeLabels"], json!({"why": "b"}));
    assert_eq!(json["labels"], json!({"alertname": "B", "team": "b"}));
    let none = without(|query| {
        (query.active, query.inhibited, query.silenced) = (false, false, false);
    });
    assert!(timeline.core.groups(&none, at(5).wall).is_empty());
}

#[test]
fn routes() {
    let timeline = timeline();
    let test = timeline.core.test_routes(&Labels::from_pairs([("team", "c")]));
    let expected =
        json!([{"path": ["{}", "{team=~\"b|c\"}"], "receiver": "b", "group_by": ["..."]}]);
    assert_eq!(serde_json::to_value(test).unwrap(), expected);
    let tree = serde_json::to_value(timeline.core.routes()).unwrap();
    assert_eq!(
        (&tree["group_wait"], &tree["repeat_interval"], &tree["continue"]),
        (&json!("30s"), &json!("4h"), &json!(false))
    );
    assert_eq!(tree["routes"][0]["matchers"], json!(["team=~\"b|c\""]));
    assert_eq!(tree["routes"][0]["group_interval"], json!("5m"));
    assert!(Timeline::new(SIMPLE).core.routes().routes.is_empty());
}
