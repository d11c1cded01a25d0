//! What is kept of notifications.

use super::*;

fn record(number: i64) -> NotificationRecord {
    NotificationRecord {
        id: format!("{number:013}"),
        time_ms: number,
        group_key: "{}:{}".to_owned(),
        receiver: format!("r{}", number % 2),
        integration: "webhook[0]".to_owned(),
        group_labels: BTreeMap::new(),
        alerts: vec![NotifiedAlert {
            fingerprint: Fingerprint(number.unsigned_abs()),
            status: "firing".to_owned(),
            labels: BTreeMap::new(),
        }],
        reason: "first notification".to_owned(),
        attempts: 0,
        outcome: Outcome::Failed,
        error: None,
        status_code: None,
        took_ms: 0,
        payload: None,
        response: None,
        tries: VecDeque::new(),
    }
}

#[test]
fn attempts_without_secrets() {
    let mut record = record(1);
    let secrets = ["http://hook/T0KEN".to_owned(), "x".to_owned()];
    record.add(
        AttemptOutcome {
            time_ms: 5,
            took_ms: 7,
            status_code: Some(500),
            error: Some("posting to http://hook/T0KEN failed".to_owned()),
            payload: Some("{\"x\":\"http://hook/T0KEN\"}".to_owned()),
            response: Some("ä".repeat(5000)),
        },
        &secrets,
    );
    assert_eq!(record.error.as_deref(), Some("posting to <secret> failed"));
    assert_eq!(record.payload.as_deref(), Some("{\"x\":\"<secret>\"}"));
    assert_eq!(record.response.as_ref().map(|text| text.chars().count()), Some(2049));
    assert_eq!((record.attempts, record.outcome), (1, Outcome::Failed));
    for _ in 0..20 {
        record
            .add(AttemptOutcome { status_code: Some(200), ..AttemptOutcome::default() }, &secrets);
    }
    assert_eq!((record.attempts, record.outcome, record.tries.len()), (21, Outcome::Sent, 10));
    assert!(record.payload.is_some() && record.error.is_none());
}

#[test]
fn queries() {
    let mut history = History::default();
    for number in 1..=6 {
        history.record(record(number));
    }
    let ids = |query: NotificationQuery| -> Vec<i64> {
        history.query(&query).iter().map(|record| record.time_ms).collect()
    };
    assert_eq!(ids(NotificationQuery::default()), [6, 5, 4, 3, 2, 1]);
    let limit = Some(2);
    assert_eq!(ids(NotificationQuery { limit, before_ms: Some(5), ..Default::default() }), [4, 3]);
    let receiver = Some("r0".to_owned());
    assert_eq!(ids(NotificationQuery { receiver, ..Default::default() }), [6, 4, 2]);
    let fingerprint = Some("0000000000000003".to_owned());
    assert_eq!(ids(NotificationQuery { fingerprint, ..Default::default() }), [3]);
}

#[test]
fn the_oldest_are_forgotten() {
    let mut history = History::default();
    for number in 0..RECORDS_MAX as i64 {
        assert_eq!(history.record(record(number)).len(), 1);
    }
    let mut again = record(5);
    again.attempts = 3;
    assert_eq!(history.record(again).len(), 1, "known already");
    let changes = history.record(record(5000));
    assert_eq!(changes[1], Change::remove(KIND, "0000000000000"));
    let kept = changes[0].body.as_deref().unwrap();
    let mut other = History::new(vec![record(9000), serde_json::from_str(kept).unwrap()]);
    assert_eq!(other.query(&NotificationQuery::default())[0].time_ms, 9000);
    assert_eq!(other.record(record(5000)).len(), 1);
}
