//! The state machine over time: events in, notifications out.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use model::Labels;

use crate::alert::{Alert, Annotations};
use crate::alertmanager::core::{Core, Setup};
use crate::config::Config;
use crate::document::Change;
use crate::message::Templates;
use crate::nflog::{self, NotificationLog};
use crate::notify::Kept;
use crate::silence::{PostableSilence, SilenceLimits, SilenceMatcher, Silences};
use crate::{Moment, Timestamp};

/// A state machine and its clock; times are seconds.
pub(super) struct Timeline {
    pub(super) core: Core,
    /// What was told: `time receiver: reason firing/resolved`.
    told: Vec<String>,
    /// What is kept across restarts.
    documents: BTreeMap<(&'static str, String), String>,
    /// Whether the next deliveries fail.
    failing: bool,
}

pub(super) fn at(seconds: i64) -> Moment {
    // 2024-01-01T00:00:00Z, a Monday.
    let wall = Timestamp::from_timestamp(1_704_067_200 + seconds, 0).unwrap();
    Moment { wall, mono_ms: seconds * 1000 }
}

fn setup(text: &str) -> Setup {
    let config = Config::load(text, "test").unwrap_or_else(|e| panic!("{e}"));
    Setup { config, templates: Templates::built_in("http://am"), local_zone: None }
}

/// A route with short times and a webhook.
pub(super) const SIMPLE: &str = "
route: {receiver: a, group_by: [alertname], group_wait: 10s, group_interval: 60s, repeat_interval: 10m}
receivers: [{name: a, webhook_configs: [{url: 'http://h'}]}]
";

pub(super) fn alert(labels: &str, starts: i64, ends: i64, updated: i64) -> Alert {
    let pairs = labels.split(' ').map(|pair| pair.split_once('=').unwrap());
    Alert {
        labels: Labels::from_pairs(pairs),
        annotations: Annotations::new(),
        starts_at: at(starts).wall,
        ends_at: Some(at(ends).wall),
        updated_at: at(updated).wall,
        generator_url: String::new(),
        timeout: false,
    }
}

impl Timeline {
    pub(super) fn new(config: &str) -> Self {
        let silences = Silences::new(SilenceLimits::default(), Vec::new());
        let core = Core::new(setup(config), silences, NotificationLog::default(), at(0));
        Timeline { core, told: Vec::new(), documents: BTreeMap::new(), failing: false }
    }

    /// The same after a restart: only documents are left.
    fn restarted(&self, config: &str, now: i64) -> Self {
        let kept = self.documents.iter().filter(|((kind, _), _)| *kind == nflog::KIND);
        let kept = kept.map(|(_, body)| serde_json::from_str(body).unwrap()).collect();
        let silences = Silences::new(SilenceLimits::default(), Vec::new());
        let core = Core::new(setup(config), silences, NotificationLog::new(kept), at(now));
        let documents = self.documents.clone();
        Timeline { core, told: Vec::new(), documents, failing: false }
    }

    pub(super) fn fire(&mut self, labels: &str, now: i64) {
        self.core.put_all(vec![alert(labels, now, now + 100_000, now)], at(now));
    }

    pub(super) fn resolve(&mut self, labels: &str, now: i64) {
        self.core.put_all(vec![alert(labels, now - 1, now, now)], at(now));
    }

    fn keep(&mut self, changes: Vec<Change>) {
        for Change { kind, id, body } in changes {
            match body {
                Some(body) => drop(self.documents.insert((kind, id), body)),
                None => drop(self.documents.remove(&(kind, id))),
            }
        }
    }

    /// Does what is due at one instant and returns the deliveries, which are not finished.
    fn tick(&mut self, now: i64) -> Vec<u64> {
        let tick = self.core.tick(at(now));
        self.keep(tick.changes);
        let mut ids = Vec::new();
        for delivery in tick.deliveries {
            let notification = &delivery.notification;
            let names = |resolved: bool| {
                let alerts = notification.alerts.iter();
                let names =
                    alerts.filter(|alert| alert.ends_at.is_some() == resolved).map(|alert| {
                        alert.labels.get("i").or(alert.labels.get("alertname")).unwrap_or("?")
                    });
                names.collect::<Vec<_>>().join(",")
            };
            let (receiver, reason) = (&notification.receiver, notification.reason);
            let (firing, resolved) = (names(false), names(true));
            self.told.push(format!("{now} {receiver}: {reason} {firing}/{resolved}"));
            ids.push(delivery.id);
        }
        ids
    }

    /// Lets time pass, second by second, with every delivery ending at once.
    pub(super) fn run(&mut self, from: i64, to: i64) -> Vec<String> {
        for now in from..=to {
            for id in self.tick(now) {
                let result = if self.failing { Err(()) } else { Ok(Kept::new()) };
                let changes = self.core.finished(id, result, at(now).wall);
                self.keep(changes);
            }
        }
        std::mem::take(&mut self.told)
    }
}

#[test]
fn a_group_from_first_to_last() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    assert_eq!(timeline.run(0, 20), ["10 a: first notification 1/"]);
    timeline.fire("alertname=A i=2", 30);
    assert_eq!(timeline.run(21, 80), ["70 a: new alerts added 1,2/"]);
    timeline.resolve("alertname=A i=1", 100);
    assert_eq!(timeline.run(81, 140), ["130 a: some alerts resolved 2/1"]);
    assert_eq!(timeline.run(141, 700), Vec::<String>::new(), "nothing is new");
    assert_eq!(timeline.run(701, 800), ["790 a: repeat interval elapsed 2/"], "after ten minutes");
    timeline.resolve("alertname=A i=2", 810);
    assert_eq!(timeline.run(801, 2000), ["850 a: all alerts resolved /2"]);
    assert_eq!(timeline.core.dispatcher.len(), 0);
    timeline.fire("alertname=A i=1", 2010);
    assert_eq!(timeline.run(2001, 2100), ["2020 a: first notification 1/"]);
}

#[test]
fn what_comes_and_goes_between_two_notifications_is_not_told() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    timeline.resolve("alertname=A i=1", 5);
    assert_eq!(timeline.run(0, 200), Vec::<String>::new());
    assert_eq!(timeline.core.dispatcher.len(), 0);
}

#[test]
fn a_failure_is_made_up_for_with_the_next_interval() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    timeline.failing = true;
    assert_eq!(timeline.run(0, 80), ["10 a: first notification 1/", "70 a: first notification 1/"]);
    timeline.failing = false;
    assert_eq!(timeline.run(81, 300), ["130 a: first notification 1/"]);
    timeline.resolve("alertname=A i=1", 301);
    timeline.failing = true;
    assert_eq!(timeline.run(301, 320), ["310 a: all alerts resolved /1"]);
    timeline.failing = false;
    assert_eq!(timeline.run(321, 500), ["370 a: all alerts resolved /1"]);
}

#[test]
fn a_slow_delivery_holds_its_group_back() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    let [id] = timeline.tick(10)[..] else { panic!("one delivery") };
    timeline.fire("alertname=A i=2", 20);
    assert!(timeline.tick(75).is_empty(), "the first is still under way");
    timeline.core.finished(id, Ok(Kept::new()), at(75).wall);
    assert_eq!(timeline.tick(76).len(), 1, "the interval has passed");
    let unknown = timeline.core.finished(99, Ok(Kept::new()), at(76).wall);
    assert!(unknown.is_empty());
}

#[test]
fn only_what_a_notifier_wants_is_told() {
    let config = "
route: {receiver: a, group_by: [], group_wait: 0s, group_interval: 60s}
receivers: [{name: a, webhook_configs: [{url: 'http://h', send_resolved: false}]}]
";
    let mut timeline = Timeline::new(config);
    timeline.fire("alertname=A i=1", 0);
    timeline.fire("alertname=B i=2", 0);
    assert_eq!(timeline.run(0, 10), ["0 a: first notification 1,2/"]);
    timeline.resolve("alertname=A i=1", 20);
    assert_eq!(timeline.run(11, 70), Vec::<String>::new());
    timeline.fire("alertname=C i=3", 80);
    assert_eq!(timeline.run(71, 130), ["120 a: new alerts added 2,3/"], "without what is resolved");
    for (labels, now) in [("alertname=B i=2", 140), ("alertname=C i=3", 141)] {
        timeline.resolve(labels, now);
    }
    assert_eq!(timeline.run(131, 200), Vec::<String>::new());
    timeline.fire("alertname=A i=1", 210);
    assert_eq!(timeline.run(201, 300), ["210 a: first notification 1/"], "the end was noted");
}

#[test]
fn nobody_is_told_twice_across_a_restart_and_nobody_forgotten() {
    let mut before = Timeline::new(SIMPLE);
    before.fire("alertname=A i=1", 0);
    before.fire("alertname=A i=2", 0);
    assert_eq!(before.run(0, 100), ["10 a: first notification 1,2/"]);

    let mut after = before.restarted(SIMPLE, 400);
    after.fire("alertname=A i=1", 430);
    assert_eq!(after.run(400, 600), Vec::<String>::new(), "both are believed to fire");
    assert_eq!(
        after.run(601, 800),
        ["640 a: repeat interval elapsed 1,2/", "700 a: some alerts resolved 1/2"],
        "the interval goes on; nobody said again that the second fires"
    );
    assert_eq!(after.core.alerts.iter().next().unwrap().1.starts_at, at(0).wall, "since when");
    after.resolve("alertname=A i=1", 810);
    assert_eq!(after.run(801, 900), ["820 a: all alerts resolved /1"]);
    let mut later = after.restarted(SIMPLE, 1000);
    assert_eq!(later.run(1000, 3000), Vec::<String>::new(), "all is told");
}

#[test]
fn a_reload_keeps_alerts_and_log() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    timeline.run(0, 20);
    timeline.core.configure(setup(SIMPLE), at(30));
    assert_eq!(timeline.run(30, 100), Vec::<String>::new(), "known already");
    let other = SIMPLE.replace("[alertname]", "[i]");
    timeline.core.configure(setup(&other), at(110));
    assert_eq!(timeline.run(110, 150), ["110 a: first notification 1/"], "another group");
    timeline.fire("alertname=A i=2", 160);
    let [id] = timeline.tick(170)[..] else { panic!("one delivery") };
    timeline.core.configure(setup(&other), at(171));
    assert!(timeline.core.finished(id, Ok(Kept::new()), at(171).wall).is_empty());
}

#[test]
fn muted_alerts_wait() {
    let config = "
route:
  receiver: a
  group_by: [alertname]
  group_wait: 0s
  group_interval: 60s
  routes:
    - {receiver: b, matchers: [team=b], mute_time_intervals: [first], continue: true}
    - {receiver: c, matchers: [team=b], active_time_intervals: [first]}
time_intervals:
  - {name: first, time_intervals: [{times: [{start_time: '00:00', end_time: '00:02'}]}]}
inhibit_rules: [{source_matchers: [severity=page], target_matchers: [severity=warn], equal: [job]}]
receivers:
  - {name: a, webhook_configs: [{url: 'http://h'}]}
  - {name: b, webhook_configs: [{url: 'http://h'}]}
  - {name: c, webhook_configs: [{url: 'http://h'}]}
";
    let mut timeline = Timeline::new(config);
    timeline.fire("alertname=T team=b", 0);
    assert_eq!(
        timeline.run(0, 200),
        ["0 c: first notification T/", "120 b: first notification T/"],
        "one only in the first two minutes, the other only after them"
    );
    timeline.fire("alertname=P severity=page job=x", 300);
    timeline.fire("alertname=W severity=warn job=x", 301);
    timeline.fire("alertname=V severity=warn job=y", 301);
    assert_eq!(
        timeline.run(300, 400),
        ["300 a: first notification P/", "301 a: first notification V/"]
    );
    timeline.resolve("alertname=P severity=page job=x", 410);
    assert_eq!(
        timeline.run(401, 500),
        ["420 a: all alerts resolved /P", "421 a: first notification W/"]
    );
    let matcher = crate::matcher::parse_matcher("alertname=S").unwrap();
    let silence = PostableSilence {
        id: String::new(),
        matchers: vec![SilenceMatcher::from(&matcher)],
        starts_at: at(600).wall,
        ends_at: at(700).wall,
        created_by: String::new(),
        comment: String::new(),
        annotations: Default::default(),
    };
    timeline.core.silences.set(&silence, "s", at(600).wall).unwrap();
    timeline.fire("alertname=S", 610);
    assert_eq!(timeline.run(600, 800), ["730 a: first notification S/"]);
    let suppressed = &timeline.core.counters.suppressed;
    assert!(suppressed["silence"] == 2 && suppressed["inhibition"] >= 2, "{suppressed:?}");
    assert!(suppressed["mute_time_interval"] == 2 && suppressed["active_time_interval"] >= 2);
}

#[test]
fn several_notifiers_are_told_apart() {
    let config = "
route: {receiver: a, group_wait: 0s, group_interval: 60s}
receivers:
  - name: a
    webhook_configs: [{url: 'http://h/1'}, {url: 'http://h/2'}]
    slack_configs: [{api_url: 'http://s'}]
";
    let mut timeline = Timeline::new(config);
    timeline.fire("alertname=A", 0);
    let ids = timeline.tick(0);
    assert_eq!(ids.len(), 3);
    for (id, result) in ids.into_iter().zip([Ok(Kept::new()), Err(()), Ok(Kept::new())]) {
        let changes = timeline.core.finished(id, result, at(1).wall);
        timeline.keep(changes);
    }
    let keys: Vec<_> = timeline.documents.keys().map(|(_, id)| id.as_str()).collect();
    assert_eq!(keys, ["{}:{}:a/slack/0", "{}:{}:a/webhook/0"]);
    assert_eq!(timeline.tick(60).len(), 1, "only the one that failed");
}

#[test]
fn what_a_notifier_keeps_comes_back() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    let [id] = timeline.tick(10)[..] else { panic!("one delivery") };
    let kept = Kept::from([("ts".to_owned(), "1".to_owned())]);
    timeline.core.finished(id, Ok(kept.clone()), at(10).wall);
    timeline.fire("alertname=A i=2", 20);
    let tick = timeline.core.tick(at(70));
    assert_eq!(tick.deliveries[0].notification.kept, kept);
}

#[test]
fn garbage_is_forgotten() {
    let mut timeline = Timeline::new(SIMPLE);
    timeline.fire("alertname=A i=1", 0);
    timeline.resolve("alertname=A i=1", 1);
    timeline.run(0, 299);
    assert_eq!(timeline.core.alerts.len(), 1);
    timeline.run(300, 300);
    assert_eq!(timeline.core.alerts.len(), 0);
    assert_eq!(timeline.core.next_due(), 600_000);
    let forever = TimeDelta::days(30).num_seconds();
    timeline.fire("alertname=A i=1", 310);
    timeline.run(310, 330);
    assert_eq!(timeline.documents.len(), 1);
    timeline.core.dispatcher =
        crate::dispatch::Dispatcher::new(timeline.core.dispatcher.routes().clone());
    timeline.run(forever, forever);
    assert!(timeline.documents.is_empty(), "entries of the log expire");
}
