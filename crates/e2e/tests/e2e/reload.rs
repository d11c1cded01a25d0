//! A changed configuration is taken while the server runs; a broken one changes nothing.

use std::time::Duration;

use e2e::deadline::{eventually, wait_until};
use e2e::folder::Folder;
use e2e::http::Request;
use e2e::process::Signal;
use e2e::receiver::{Answer, Receiver};
use e2e::server::Server;
use serde_json::Value as Json;

const WAIT: Duration = Duration::from_secs(20);

fn configuration(job: &str, target: &str) -> String {
    format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\n\
         scrape_configs:\n  - job_name: {job}\n    static_configs:\n      - targets: ['{target}']\n"
    )
}

fn rules(name: &str) -> String {
    format!("groups:\n  - name: g\n    rules:\n      - record: {name}\n        expr: vector(1)\n")
}

/// A server with a configuration that can be changed.
struct Stage {
    server: Server,
    target: Receiver,
    folder: Folder,
}

impl Stage {
    fn set() -> Stage {
        let target = Receiver::answering(Answer::body("text/plain; version=0.0.4", "x 1\n"));
        let folder = Folder::new("reload");
        folder.write("rules.yml", &rules("first:rule"));
        let address = target.address().to_string();
        let file = folder.write("prometheus.yml", &configuration("first", &address));
        let server = Server::start(&["--prometheus-config", &file]);
        Stage { server, target, folder }
    }

    fn change(&self, job: &str, rule: &str) {
        let address = self.target.address().to_string();
        self.folder.write("prometheus.yml", &configuration(job, &address));
        self.folder.write("rules.yml", &rules(rule));
    }

    fn wait_for(&self, expression: &str) {
        eventually(WAIT, || self.server.metrics().value(expression, None));
    }

    fn jobs(&self) -> Vec<Json> {
        let targets = self.server.metrics().call("targets?state=active").unwrap();
        let targets = targets["activeTargets"].as_array().unwrap();
        targets.iter().map(|target| target["labels"]["job"].clone()).collect()
    }
}

#[test]
fn a_changed_configuration_is_taken() {
    let mut stage = Stage::set();
    stage.wait_for("up{job=\"first\"}");
    stage.wait_for("first:rule");

    stage.change("second", "second:rule");
    stage.server.post("/-/reload", &Json::Null).ok();
    stage.wait_for("up{job=\"second\"}");
    stage.wait_for("second:rule");
    assert!(!stage.jobs().contains(&"first".into()), "{:?}", stage.jobs());
    wait_until(WAIT, "the old target's series end", || {
        stage.server.metrics().instant("up{job=\"first\"}", e2e::deadline::now()) == Ok(vec![])
    });

    stage.change("third", "third:rule");
    stage.server.process().signal(Signal::HUP);
    stage.wait_for("up{job=\"third\"}");
    stage.wait_for("third:rule");

    // Prometheus' port takes what Prometheus' tools send: no header.
    stage.change("fourth", "fourth:rule");
    Request::post("/-/reload", "", "").to(stage.server.address("prometheus")).ok();
    stage.wait_for("up{job=\"fourth\"}");
}

#[test]
fn a_reload_needs_the_header_that_pages_cannot_send() {
    let stage = Stage::set();
    let refused = Request::post("/-/reload", "text/plain", "").to(stage.server.address("main"));
    assert_eq!(refused.status, 403, "{}", refused.text());
}

#[test]
fn a_broken_configuration_changes_nothing_and_says_where() {
    let stage = Stage::set();
    stage.wait_for("up{job=\"first\"}");
    let broken = [
        ("prometheus.yml", "scrape_configs:\n  - job_name: x\n    scrape_intervall: 1s\n", "3"),
        ("prometheus.yml", "scrape_configs: [", "prometheus.yml"),
        (
            "rules.yml",
            "groups:\n  - name: g\n    rules:\n      - record: r\n        expr: sum(\n",
            "5",
        ),
    ];
    for (file, text, place) in broken {
        stage.change("first", "first:rule");
        stage.folder.write(file, text);
        let refused = stage.server.post("/-/reload", &Json::Null);
        assert!((400..600).contains(&refused.status), "{}: {text}", refused.status);
        let said = refused.text();
        assert!(said.contains(file) && said.contains(place), "{text} → {said}");
        assert!(stage.jobs().contains(&"first".into()));
        let status = stage.server.status();
        let files = status["configuration"]["files"].as_array().unwrap();
        assert!(files.iter().any(|file| file["ok"] == false), "{files:?}");
    }
    // Still scraping and evaluating as before.
    let before =
        stage.server.metrics().value("count_over_time(up{job=\"first\"}[1h])", None).unwrap();
    stage.wait_for(&format!("count_over_time(up{{job=\"first\"}}[1h]) > {before}"));
    stage.change("mended", "first:rule");
    stage.server.post("/-/reload", &Json::Null).ok();
    stage.wait_for("up{job=\"mended\"}");
    let status = stage.server.status();
    let files = status["configuration"]["files"].as_array().unwrap();
    assert!(files.iter().all(|file| file["ok"] == true), "{files:?}");
}
