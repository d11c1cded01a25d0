//! The life of silences.

use env::SimRandom;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).unwrap()
}

fn posted(id: &str, matcher: &str, starts: i64, ends: i64) -> PostableSilence {
    let matcher = crate::matcher::parse_matcher(matcher).unwrap();
    PostableSilence {
        id: id.to_owned(),
        matchers: vec![SilenceMatcher::from(&matcher)],
        starts_at: at(starts),
        ends_at: at(ends),
        created_by: "ann".to_owned(),
        comment: "why".to_owned(),
        annotations: BTreeMap::new(),
    }
}

fn silences() -> Silences {
    Silences::new(SilenceLimits::default(), Vec::new())
}

#[test]
fn created_muting_and_expired() {
    let mut silences = silences();
    let (id, changes) = silences.set(&posted("", "a=~x.*", 10, 100), "one", at(5)).unwrap();
    assert_eq!((id.as_str(), changes.len()), ("one", 1));
    let labels = Labels::from_pairs([("a", "xy")]);
    assert!(silences.muting(&labels, at(9)).is_empty(), "pending");
    assert_eq!(silences.muting(&labels, at(10)), ["one"]);
    assert!(silences.muting(&Labels::from_pairs([("a", "y")]), at(10)).is_empty());
    assert_eq!(silences.expire("one", at(50)).unwrap().len(), 1);
    assert!(silences.muting(&labels, at(51)).is_empty());
    assert!(silences.expire("one", at(52)).unwrap().is_empty(), "already over");
    assert_eq!(silences.expire("two", at(52)), Err(SilenceError::NotFound));
    assert!(silences.collect_garbage(at(51)).is_empty());
    assert_eq!(silences.collect_garbage(at(50 + 120 * 3600)), [Change::remove(KIND, "one")]);
    assert!(silences.get("one", at(60)).is_none());
}

#[test]
fn an_update_keeps_the_identity_unless_the_past_would_change() {
    for (update, now, expected) in [
        (posted("old", "a=b", 10, 300), 50, "old"),
        (posted("old", "a=c", 10, 300), 50, "new"),
        (posted("old", "a=b", 20, 300), 50, "new"),
        (posted("old", "a=b", 30, 300), 5, "old"),
        (posted("old", "a=b", 4, 300), 5, "new"),
        (posted("old", "a=b", 10, 300), 150, "new"),
    ] {
        let mut silences = silences();
        silences.set(&posted("", "a=b", 10, 100), "old", at(0)).unwrap();
        let (id, changes) = silences.set(&update, "new", at(now)).unwrap();
        assert_eq!(id, expected, "{update:?} at {now}");
        let expired_old = changes.len() == 2;
        assert_eq!(expired_old, expected == "new" && now < 100, "{update:?} at {now}");
        let shown = silences.get(&id, at(now)).unwrap();
        assert!(shown.starts_at >= at(now) || expected == "old");
    }
}

#[test]
fn refused() {
    let limits = SilenceLimits { count: 1, bytes: 300, ..SilenceLimits::default() };
    let mut silences = Silences::new(limits, Vec::new());
    let mut fails = |posted: &PostableSilence, expected: &str| {
        let error = silences.set(posted, "id", at(50)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    fails(&posted("", "a=b", 100, 100), "start time must be before end time");
    fails(&posted("", "a=b", 10, 49), "end time can't be in the past");
    fails(&posted("none", "a=b", 10, 100), "silence not found");
    fails(&posted("", "a=~.*", 10, 100), "must not match the empty string");
    fails(&posted("", "a=\"\"", 10, 100), "must not match the empty string");
    fails(
        &PostableSilence { matchers: vec![], ..posted("", "a=b", 10, 100) },
        "at least one matcher",
    );
    let mut bad = posted("", "a=b", 10, 100);
    bad.matchers[0].value = "(".to_owned();
    bad.matchers[0].is_regex = true;
    fails(&bad, "invalid label matcher 0: error parsing regexp");
    fails(
        &PostableSilence { comment: "x".repeat(300), ..posted("", "a=b", 10, 100) },
        "exceeded maximum size",
    );
    silences.set(&posted("", "a!=b", 10, 100), "one", at(50)).unwrap();
    let error = silences.set(&posted("", "a=b", 10, 100), "two", at(50)).unwrap_err();
    assert_eq!(error.to_string(), "exceeded maximum number of silences: 1 (limit: 1)");
}

#[test]
fn listed_and_kept() {
    let mut silences = silences();
    let mut kept = BTreeMap::new();
    for (id, starts, ends) in
        [("late", 0, 90), ("soon", 0, 60), ("over", 0, 20), ("over2", 0, 30), ("next", 70, 99)]
    {
        let (_, changes) = silences.set(&posted("", "a=b", starts, ends), id, at(0)).unwrap();
        kept.extend(changes.into_iter().map(|change| (change.id, change.body.unwrap())));
    }
    let bodies = kept.values().map(|body| serde_json::from_str(body).unwrap()).collect();
    let silences = Silences::new(SilenceLimits::default(), bodies);
    let all = [SilenceState::Active, SilenceState::Pending, SilenceState::Expired];
    let ids = |states: &[SilenceState], filter: &[&str]| -> Vec<String> {
        let filter: Vec<_> =
            filter.iter().map(|f| crate::matcher::parse_matcher(f).unwrap()).collect();
        silences.list(states, &filter, at(50)).into_iter().map(|silence| silence.id).collect()
    };
    assert_eq!(ids(&all, &[]), ["soon", "late", "next", "over2", "over"]);
    assert_eq!(ids(&[SilenceState::Pending], &["a=b"]), ["next"]);
    assert!(ids(&all, &["a!=b"]).is_empty() && ids(&all, &["a=b", "c=d"]).is_empty());
    assert_eq!(silences.count(SilenceState::Active, at(50)), 2);
    let json = serde_json::to_value(silences.get("next", at(50)).unwrap()).unwrap();
    let expected = serde_json::json!({
        "id": "next", "status": {"state": "pending"}, "updatedAt": "1970-01-01T00:00:00.000Z",
        "comment": "why", "createdBy": "ann", "startsAt": "1970-01-01T00:01:10.000Z",
        "endsAt": "1970-01-01T00:01:39.000Z",
        "matchers": [{"isEqual": true, "isRegex": false, "name": "a", "value": "b"}],
    });
    assert_eq!(json, expected);
}

#[test]
fn identifiers() {
    let id = random_id(&SimRandom::seeded(1));
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
    assert!(id[14..].starts_with('4') && "89ab".contains(&id[19..20]), "{id}");
}
