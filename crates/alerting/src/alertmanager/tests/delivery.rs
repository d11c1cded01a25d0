//! The whole, with a real server at the other end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use env::Fs;
use http_client::{Clients, ProxyEnvironment};
use model::{Labels, METRIC_NAME, MetricBatch};
use store::{MemStore, MetricStore};
use testkit::http::{Answer, HttpServer, Received};

use crate::{
    Alerting, AlertingConfig, AlertingError, Dependencies, NotificationQuery, NotificationRecord,
    Outcome, PostableAlert, PostableSilence, SilenceError, SilenceMatcher, SilenceState,
};

/// Longer than anything here takes; only a broken test waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Running {
    alerting: Alerting,
    store: Arc<MemStore>,
    server: HttpServer,
    folder: testkit::TempDir,
    config: AlertingConfig,
}

fn dependencies(store: &Arc<MemStore>) -> Dependencies {
    let env = env::Env::real();
    let clients = Clients::new(env.clone(), ProxyEnvironment::default(), "test");
    let (metrics, documents) = (Arc::clone(store), Arc::clone(store));
    Dependencies { env, metrics, documents, clients: Arc::new(clients) }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    env::RealFs.write_atomic(&path, text.as_bytes()).unwrap();
    path.to_string_lossy().into_owned()
}

/// Starts with a webhook at the server; `URL` stands for its address.
async fn start(
    config: &str,
    rules: &str,
    answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
) -> Running {
    let server = HttpServer::start(answer).await;
    let folder = testkit::TempDir::new("alerting");
    let text = config.replace("URL", &server.url("/s3cret-path"));
    let config = AlertingConfig {
        rule_files: vec![write(folder.path(), "rules.yml", rules)],
        alertmanager_file: Some(write(folder.path(), "am.yml", &text)),
        external_url: "http://me".to_owned(),
        ..AlertingConfig::default()
    };
    let store = Arc::new(MemStore::new());
    let alerting = Alerting::start(&config, dependencies(&store)).await.unwrap();
    Running { alerting, store, server, folder, config }
}

/// Waits until something is so.
async fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = found() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(found) => found,
        Err(_) => panic!("{what} did not happen"),
    }
}

impl Running {
    fn post(&self, name: &str) {
        let labels = [("alertname".to_owned(), name.to_owned())].into();
        let alert = PostableAlert { labels, ..PostableAlert::default() };
        self.alerting.alertmanager().post_alerts(&[alert]).unwrap();
    }

    async fn notification(&self, outcome: Outcome) -> NotificationRecord {
        until("a notification", || {
            let all = self.alerting.notifications(&NotificationQuery::default());
            all.into_iter().find(|record| record.outcome == outcome)
        })
        .await
    }
}

const CONFIG: &str = "
route: {receiver: a, group_wait: 0s, group_interval: 1m}
receivers: [{name: a, webhook_configs: [{url: URL, http_config: {authorization: {credentials: hunter2}}}]}]
";

#[tokio::test]
async fn from_a_post_to_a_webhook() {
    let running = start(CONFIG, "", |_| Answer::ok("thanks")).await;
    running.post("A");
    let record = running.notification(Outcome::Sent).await;
    let request = running.server.received().remove(0);
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/s3cret-path"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some("Bearer hunter2"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["groupLabels"], serde_json::json!({}));
    assert_eq!(body["alerts"][0]["labels"]["alertname"], "A");

    assert_eq!((record.attempts, record.status_code), (1, Some(200)));
    assert_eq!(record.response.as_deref(), Some("thanks"));
    assert_eq!((record.receiver.as_str(), record.integration.as_str()), ("a", "webhook[0]"));
    assert_eq!(
        (record.group_key.as_str(), record.reason.as_str()),
        ("{}:{}", "first notification")
    );
    assert_eq!(record.payload.unwrap().as_bytes(), request.body, "nothing in it is secret");

    let metrics = running.alerting.metrics();
    let value = |name: &str| metrics.iter().find(|metric| metric.name == name).unwrap().value;
    assert_eq!(value("alertmanager_notifications_total"), 1.0);
    assert_eq!(value("alertmanager_alerts"), 1.0);
    running.alerting.stop().await;
}

#[tokio::test]
async fn tried_again_until_it_works() {
    let count = AtomicUsize::new(0);
    let running = start(CONFIG, "", move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Answer { body: b"s3cret-path hunter2".to_vec(), ..Answer::status(503) },
        _ => Answer::status(200),
    })
    .await;
    running.post("A");
    let failed = running.notification(Outcome::Failed).await;
    let error = failed.error.unwrap();
    assert_eq!(error, "unexpected status code 503: s3cret-path <secret>");
    let sent = running.notification(Outcome::Sent).await;
    assert_eq!((sent.attempts, sent.id == failed.id, sent.error), (3, true, None));
    let tries: Vec<_> = sent.tries.iter().map(|attempt| attempt.status_code.unwrap()).collect();
    assert_eq!(tries, [503, 503, 200]);
    running.alerting.stop().await;
}

#[tokio::test]
async fn not_tried_again_when_that_is_useless() {
    let running = start(CONFIG, "", |_| Answer::status(400)).await;
    running.post("A");
    let metrics = until("the end of the delivery", || {
        let metrics = running.alerting.metrics();
        metrics
            .iter()
            .any(|m| m.name == "alertmanager_notifications_failed_total")
            .then_some(metrics)
    })
    .await;
    let failed = metrics.iter().find(|m| m.name == "alertmanager_notifications_failed_total");
    let labels = Labels::from_pairs([("integration", "webhook"), ("reason", "clientError")]);
    assert_eq!(failed.unwrap().labels, labels);
    assert_eq!(running.server.received().len(), 1);
    running.alerting.stop().await;
}

#[tokio::test]
async fn from_a_rule_to_a_webhook_and_across_a_restart() {
    let rules = "
groups:
- name: g
  interval: 100ms
  rules:
  - {record: 'copy', expr: up}
  - {alert: Down, expr: copy == 0, annotations: {text: '{{ $labels.job }}'}}
";
    let config = CONFIG.replace("1m", "50ms");
    let running = start(&config, rules, |_| Answer::ok("")).await;
    let load = |value: f64| {
        let mut batch = MetricBatch::default();
        let now_ms = env::Clock::now_ms(&env::RealClock::new());
        let labels = Labels::from_pairs([(METRIC_NAME, "up"), ("job", "x")]);
        batch.push(labels, now_ms, value);
        running.store.append(batch).map(drop).unwrap();
    };
    load(0.0);
    let record = running.notification(Outcome::Sent).await;
    assert_eq!(record.alerts[0].labels["job"], "x");
    until("the view", || {
        let alerts = running.alerting.active_alerts();
        alerts.first().filter(|alert| alert.annotations["text"] == "x").cloned()
    })
    .await;
    let evaluated = |metric: &crate::Metric| {
        metric.name == "prometheus_rule_evaluations_total" && metric.value > 0.0
    };
    assert!(running.alerting.metrics().iter().any(evaluated));
    running.alerting.stop().await;

    // After a restart the receiver hears of the end, and of nothing else.
    let before = running.server.received().len();
    let alerting = Alerting::start(&running.config, dependencies(&running.store)).await.unwrap();
    let firing = alerting.alertmanager().alerts(&crate::AlertQuery::default());
    assert_eq!(firing.len(), 1, "believed to fire");
    assert_eq!(alerting.notifications(&NotificationQuery::default()).len(), before);
    load(1.0);
    let resolved = serde_json::from_value(serde_json::json!({
        "labels": firing[0].labels, "endsAt": chrono_now(),
    }));
    alerting.alertmanager().post_alerts(&[resolved.unwrap()]).unwrap();
    let last = until("the end", || running.server.received().get(before).cloned()).await;
    let body: serde_json::Value = serde_json::from_slice(&last.body).unwrap();
    assert_eq!(body["notification_reason"], "all alerts resolved");
    alerting.stop().await;
}

fn chrono_now() -> crate::Timestamp {
    crate::Timestamp::from_timestamp_nanos(env::Clock::now_ns(&env::RealClock::new()))
}

#[tokio::test]
async fn a_bad_reload_changes_nothing() {
    let running = start(CONFIG, "", |_| Answer::ok("")).await;
    let problems = running.alerting.problems();
    assert!(problems.is_empty(), "{problems:?}");
    let with = |config: &AlertingConfig, name: &str, text: &str| {
        let file = write(running.folder.path(), name, text);
        match name.ends_with("rules") {
            true => AlertingConfig { rule_files: vec![file], ..config.clone() },
            false => AlertingConfig { alertmanager_file: Some(file), ..config.clone() },
        }
    };
    let bad = with(&running.config, "bad", "route: {receiver: none}");
    let error = running.alerting.reload(&bad).await.unwrap_err();
    assert!(matches!(error, AlertingError::Alertmanager(_)), "{error}");
    let bad = with(&running.config, "bad.rules", "groups: [{}]");
    let error = running.alerting.reload(&bad).await.unwrap_err();
    assert!(error.to_string().ends_with("bad.rules:1:10: Groupname must not be empty"), "{error}");
    let text = "route: {receiver: x}\nreceivers: [{name: x}]\ntemplates: [t.tmpl]";
    write(running.folder.path(), "t.tmpl", "{{ end }}");
    let error = running.alerting.reload(&with(&running.config, "good", text)).await.unwrap_err();
    assert!(matches!(error, AlertingError::Template(_)), "{error}");
    assert_eq!(running.alerting.alertmanager().receivers(&[]).unwrap()[0].name, "a");

    write(running.folder.path(), "t.tmpl", "");
    running.alerting.reload(&with(&running.config, "good", text)).await.unwrap();
    assert_eq!(running.alerting.alertmanager().receivers(&[]).unwrap()[0].name, "x");
    let none = AlertingConfig { alertmanager_file: None, ..running.config.clone() };
    running.alerting.reload(&none).await.unwrap();
    let status = running.alerting.alertmanager().status(Default::default());
    assert!(status.config.original.contains("receiver: none"));
    running.alerting.stop().await;
}

#[tokio::test]
async fn silences_are_kept() {
    let running = start(CONFIG, "", |_| Answer::ok("")).await;
    let now = chrono_now();
    let silence = PostableSilence {
        id: String::new(),
        matchers: vec![SilenceMatcher {
            is_equal: true,
            is_regex: false,
            name: "alertname".to_owned(),
            value: "A".to_owned(),
        }],
        starts_at: now,
        ends_at: now + chrono::TimeDelta::hours(1),
        created_by: "ann".to_owned(),
        comment: "why".to_owned(),
        annotations: Default::default(),
    };
    let alertmanager = running.alerting.alertmanager();
    let id = alertmanager.set_silence(&silence).await.unwrap();
    assert_eq!(alertmanager.expire_silence("none").await, Err(SilenceError::NotFound));
    running.alerting.stop().await;

    let alerting = Alerting::start(&running.config, dependencies(&running.store)).await.unwrap();
    let alertmanager = alerting.alertmanager();
    let active = |filter: &[String]| alertmanager.silences(filter, &[SilenceState::Active]);
    assert_eq!(active(&[]).unwrap()[0].id, id);
    assert!(active(&["alertname=B".to_owned()]).unwrap().is_empty());
    alertmanager.expire_silence(&id).await.unwrap();
    assert_eq!(alertmanager.silence(&id).unwrap().comment, "why");
    assert!(alertmanager.post_alerts(&[PostableAlert::default()]).is_err());
    alerting.stop().await;
}
