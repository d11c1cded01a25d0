//! Merging, order and what is refused.

use chrono::TimeDelta;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).unwrap()
}

fn alert(starts: i64, ends: i64, updated: i64, timeout: bool) -> Alert {
    Alert {
        labels: Labels::from_pairs([("alertname", "A")]),
        annotations: Annotations::from([("updated".to_owned(), updated.to_string())]),
        starts_at: at(starts),
        ends_at: Some(at(ends)),
        updated_at: at(updated),
        generator_url: String::new(),
        timeout,
    }
}

#[test]
fn merging() {
    // (start, end, timeout) of the older and the newer, now, and what results.
    for (older, newer, now, starts, ends) in [
        ((0, 100, false), (10, 200, false), 50, 0, 200),
        ((0, 300, false), (10, 200, false), 50, 0, 300),
        ((0, 300, true), (10, 200, true), 50, 0, 200),
        ((0, 300, false), (10, 40, false), 50, 0, 40),
        ((0, 45, false), (10, 40, false), 50, 0, 45),
    ] {
        let old = alert(older.0, older.1, 1, older.2);
        let new = alert(newer.0, newer.1, 2, newer.2);
        let merged = old.merge(&new, at(now));
        assert_eq!((merged.starts_at, merged.ends_at), (at(starts), Some(at(ends))), "{older:?}");
        assert_eq!(merged.annotations["updated"], "2", "the latest description");
        assert_eq!(new.merge(&old, at(now)), merged, "the order of arrival does not matter");
    }
}

#[test]
fn only_overlapping_alerts_merge() {
    let mut store = AlertStore::default();
    store.put(alert(0, 100, 1, false), at(1));
    let apart = store.put(alert(200, 300, 2, false), at(2));
    assert_eq!(apart.starts_at, at(200));
    let overlapping = store.put(alert(250, 400, 3, false), at(3));
    assert_eq!((overlapping.starts_at, store.len()), (at(200), 1));
    assert_eq!(store.collect_garbage(at(399), |_| false).len(), 0);
    assert_eq!(store.collect_garbage(at(400), |_| true).len(), 0, "somebody needs it");
    assert_eq!(store.collect_garbage(at(400), |_| false).len(), 1);
    assert!(store.get(overlapping.fingerprint()).is_none());
}

#[test]
fn alerts_from_outside() {
    let post = |json: &str| {
        let posted: PostableAlert = serde_json::from_str(json).unwrap();
        Alert::from_postable(&posted, at(1000), TimeDelta::seconds(300))
    };
    let alert = post(r#"{"labels":{"alertname":"A","empty":""}}"#).unwrap();
    assert_eq!(alert.labels.to_string(), r#"{alertname="A"}"#);
    assert_eq!((alert.starts_at, alert.ends_at, alert.timeout), (at(1000), Some(at(1300)), true));
    let alert = post(r#"{"labels":{"a":"b"},"endsAt":"1970-01-01T00:00:10Z"}"#).unwrap();
    assert_eq!((alert.starts_at, alert.ends_at, alert.timeout), (at(10), Some(at(10)), false));
    let zero =
        r#"{"labels":{"a":"b"},"startsAt":"0001-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z"}"#;
    assert_eq!(post(zero).unwrap().starts_at, at(1000));
    for (json, expected) in [
        (r#"{"labels":{}}"#, "at least one label pair required"),
        (r#"{"labels":{"a":""}}"#, "at least one label pair required"),
        (r#"{"labels":{"":"b"}}"#, "invalid label set: invalid name \"\""),
        (
            r#"{"labels":{"a":"b"},"startsAt":"1970-01-01T00:00:10Z","endsAt":"1970-01-01T00:00:09Z"}"#,
            "start time must be before end time",
        ),
    ] {
        assert_eq!(post(json).unwrap_err(), expected, "{json}");
    }
}

#[test]
fn order_in_notifications() {
    let alert = |pairs: &[(&str, &str)]| Alert {
        labels: Labels::from_pairs(pairs.iter().copied()),
        ..alert(0, 1, 0, false)
    };
    let sorted = [
        alert(&[("job", "a"), ("instance", "1"), ("z", "z")]),
        alert(&[("job", "a"), ("instance", "2")]),
        alert(&[("job", "a"), ("b", "1")]),
        alert(&[("job", "b")]),
        alert(&[("instance", "1")]),
        alert(&[("b", "1")]),
        alert(&[("a", "2")]),
        alert(&[("a", "1"), ("b", "1")]),
    ];
    let mut shuffled: Vec<_> = sorted.iter().rev().cloned().collect();
    shuffled.sort_by(order);
    assert_eq!(shuffled, sorted);
}
