//! From a rule file and an alertmanager.yml to a webhook, a chat, and amtool.

use std::time::Duration;

use e2e::deadline::eventually;
use e2e::debian::amtool;
use e2e::folder::Folder;
use e2e::needs::have;
use e2e::receiver::{Answer, Received, Receiver};
use e2e::server::Server;
use serde_json::Value as Json;

const WAIT: Duration = Duration::from_secs(30);
const TEXT: &str = "text/plain; version=0.0.4";

const RULES: &str = r#"
groups:
  - name: load
    interval: 1s
    rules:
      - record: job:load:sum
        expr: sum by (job) (load)
      - alert: HighLoad
        expr: job:load:sum > 10
        for: 2s
        labels: {severity: page}
        annotations:
          summary: "{{ $labels.job }} has a load of {{ $value | humanize }}"
"#;

/// A server that watches an application and tells two receivers.
struct Stage {
    server: Server,
    application: Receiver,
    webhook: Receiver,
    chat: Receiver,
    _folder: Folder,
}

impl Stage {
    fn set() -> Stage {
        let application = Receiver::answering(Answer::body(TEXT, "load 4\n"));
        let webhook = Receiver::answering(Answer::status(200));
        let chat = Receiver::answering(Answer::body("text/plain", "ok"));
        let folder = Folder::new("alerts");
        folder.write("rules.yml", RULES);
        let target = application.address();
        let prometheus = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\n\
             scrape_configs: [{{job_name: application, static_configs: [{{targets: ['{target}']}}]}}]\n"
        );
        let alertmanager = format!(
            "route:\n  receiver: team\n  group_by: [alertname]\n  group_wait: 1s\n  group_interval: 1s\n  \
             repeat_interval: 1h\nreceivers:\n  - name: team\n    webhook_configs:\n      \
             - url: http://{}/hook\n    slack_configs:\n      - api_url: http://{}/slack\n        \
             channel: '#pages'\n        send_resolved: true\n        \
             title: '{{{{ .Status }}}}: {{{{ .CommonLabels.alertname }}}}'\n        \
             text: '{{{{ range .Alerts }}}}{{{{ .Annotations.summary }}}}{{{{ end }}}}'\n",
            webhook.address(),
            chat.address()
        );
        let prometheus = folder.write("prometheus.yml", &prometheus);
        let alertmanager = folder.write("alertmanager.yml", &alertmanager);
        let server = Server::start(&[
            "--prometheus-config",
            &prometheus,
            "--alertmanager-config",
            &alertmanager,
        ]);
        Stage { server, application, webhook, chat, _folder: folder }
    }

    /// What the webhook was told first with a status.
    fn told(&self, status: &str) -> Json {
        eventually(WAIT, || {
            let told = self.webhook.received("/hook");
            let found = told.iter().map(Received::json).find(|json| json["status"] == status);
            found.ok_or(format!("{} notifications, none {status}", told.len()))
        })
    }

    /// What the chat was told first with a title.
    fn chatted(&self, title: &str) -> Json {
        eventually(WAIT, || {
            let told = self.chat.received("/slack");
            let mut attachments = told.iter().map(|r| r.json()["attachments"][0].clone());
            attachments.find(|a| a["title"] == title).ok_or(format!("{} messages", told.len()))
        })
    }

    fn amtool(&self, arguments: &[&str]) -> String {
        amtool(self.server.address("alertmanager"), arguments)
    }
}

#[test]
fn people_are_told_and_told_again_when_it_is_over() {
    let stage = Stage::set();
    eventually(WAIT, || stage.server.metrics().value("job:load:sum == 4", None));
    assert_eq!(stage.webhook.received("/hook").len(), 0, "nobody is told of what is well");

    stage.application.answer(Answer::body(TEXT, "load 12.5\n"));
    let firing = stage.told("firing");
    assert_eq!(firing["version"], "4");
    assert_eq!(firing["receiver"], "team");
    assert_eq!(firing["groupLabels"]["alertname"], "HighLoad");
    let alert = &firing["alerts"][0];
    assert_eq!(alert["labels"]["severity"], "page");
    assert_eq!(alert["annotations"]["summary"], "application has a load of 12.5");
    let chatted = stage.chatted("firing: HighLoad");
    assert_eq!(chatted["text"], "application has a load of 12.5");

    let rules = stage.server.metrics().call("rules?type=alert").unwrap();
    assert_eq!(rules["groups"][0]["rules"][0]["state"], "firing");
    let active =
        stage.server.metrics().value("ALERTS{alertname=\"HighLoad\",alertstate=\"firing\"}", None);
    assert_eq!(active, Ok(1.0));

    stage.application.answer(Answer::body(TEXT, "load 1\n"));
    let resolved = stage.told("resolved");
    assert_eq!(resolved["alerts"][0]["fingerprint"], alert["fingerprint"]);
    assert_eq!(resolved["alerts"][0]["startsAt"], alert["startsAt"]);
    stage.chatted("resolved: HighLoad");
    let history = stage.server.json("/api/notifications?limit=10");
    let sent = history["notifications"].as_array().unwrap();
    assert_eq!(sent.len(), 4, "one of each kind to each receiver: {history}");
    assert!(sent.iter().all(|notification| notification["outcome"] == "sent"), "{history}");
}

#[test]
fn a_receiver_that_fails_is_tried_again() {
    let stage = Stage::set();
    stage.webhook.answer(Answer::status(503));
    stage.application.answer(Answer::body(TEXT, "load 99\n"));
    eventually(WAIT, || match stage.webhook.received("/hook").len() {
        0 | 1 => Err("not tried twice".to_owned()),
        _ => Ok(()),
    });
    let refused = stage.webhook.received("/hook").len();
    stage.webhook.answer(Answer::status(200));
    eventually(WAIT, || {
        let history = stage.server.json("/api/notifications?limit=10");
        let sent = history["notifications"].as_array().unwrap();
        let webhook =
            sent.iter().find(|n| n["integration"] == "webhook[0]" && n["outcome"] == "sent");
        webhook.map(|_| ()).ok_or(format!("{refused} refused: {history}"))
    });
}

#[test]
fn amtool_lists_alerts_and_silences_them() {
    if !have(&["amtool"]) {
        return;
    }
    let stage = Stage::set();
    stage.application.answer(Answer::body(TEXT, "load 12.5\n"));
    stage.told("firing");
    let alerts: Json =
        serde_json::from_str(&stage.amtool(&["alert", "query", "-o", "json"])).unwrap();
    assert_eq!(alerts[0]["labels"]["alertname"], "HighLoad");
    assert_eq!(alerts[0]["status"]["state"], "active");
    let severe = stage.amtool(&["alert", "query", "severity=~pa.e", "alertname!=Other"]);
    assert!(severe.contains("HighLoad"), "{severe}");

    let add = ["silence", "add", "alertname=HighLoad", "-a", "me", "-c", "known", "-d", "1h"];
    let id = stage.amtool(&add).trim().to_owned();
    assert_eq!(stage.amtool(&["silence", "query", "-q"]).trim(), id);
    assert_eq!(
        stage.amtool(&["alert", "query", "-o", "simple"]).lines().count(),
        1,
        "the head line"
    );
    let silenced = stage.amtool(&["alert", "query", "--silenced", "-o", "simple"]);
    assert!(silenced.contains("HighLoad"), "{silenced}");

    stage.amtool(&["silence", "expire", &id]);
    assert_eq!(stage.amtool(&["silence", "query", "-q"]).trim(), "");
    let active = stage.amtool(&["alert", "query", "-o", "simple"]);
    assert!(active.contains("HighLoad"), "{active}");
    let routes = stage.amtool(&["config", "show"]);
    assert!(routes.contains("receiver: team"), "{routes}");
}
