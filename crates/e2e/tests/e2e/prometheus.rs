//! Debian's Prometheus, which writes to us what it scrapes, and its promtool, which asks us.

use std::time::Duration;

use e2e::deadline::{eventually, now};
use e2e::debian::{Program, prometheus, promtool_query};
use e2e::folder::Folder;
use e2e::needs::have;
use e2e::queries::PrometheusApi;
use e2e::receiver::{Answer, Receiver};
use e2e::server::Server;

const TEXT: &str = "text/plain; version=0.0.4";

/// Expressions that both must answer alike, down to the last bit. Rates of counters that have just
/// begun are not among them: Debian's Prometheus 2.42 and Prometheus 3 extrapolate those to zero in
/// different ways, and ours is the later one.
const EXPRESSIONS: [&str; 12] = [
    "up",
    "temperature",
    "scrape_samples_scraped",
    "irate(prometheus_http_requests_total[8s])",
    "increase(go_memstats_alloc_bytes_total[8s])",
    "sum by (handler) (prometheus_http_requests_total)",
    "topk(3, prometheus_http_requests_total)",
    "histogram_quantile(0.9, sum by (le) (prometheus_http_response_size_bytes_bucket))",
    "stddev_over_time(process_resident_memory_bytes[8s])",
    "prometheus_tsdb_head_series offset 2s",
    "max_over_time(go_goroutines[6s:1s])",
    r#"label_replace(go_info, "short", "$1", "version", "go(\\d+).*")"#,
];

fn configuration(own: &str, application: &str, target: &str) -> String {
    format!(
        "global: {{scrape_interval: 1s, external_labels: {{replica: one}}}}\n\
         remote_write:\n  - url: http://{target}/api/v1/write\n    \
         queue_config: {{batch_send_deadline: 100ms, min_backoff: 30ms}}\n\
         scrape_configs:\n  - job_name: prometheus\n    static_configs: [{{targets: ['{own}']}}]\n  \
         - job_name: application\n    static_configs: [{{targets: ['{application}']}}]\n"
    )
}

/// A Prometheus that writes to a server, and the application it scrapes.
struct Stage {
    server: Server,
    prometheus: Program,
    application: Receiver,
    _folder: Folder,
}

impl Stage {
    fn set() -> Stage {
        let server = Server::start(&[]);
        let application = Receiver::answering(Answer::body(TEXT, "temperature 21.5\n"));
        let folder = Folder::new("remote-write");
        let [own, target] = [server.spare(0), server.address("prometheus")].map(|a| a.to_string());
        let text = configuration(&own, &application.address().to_string(), &target);
        let file = folder.write("prometheus.yml", &text);
        let prometheus = prometheus(file.as_ref(), server.spare(0));
        let stage = Stage { server, prometheus, application, _folder: folder };
        stage.wait_for("count_over_time(temperature[1h]) >= 10");
        stage
    }

    fn theirs(&self) -> PrometheusApi {
        PrometheusApi::at(self.prometheus.address())
    }

    /// Waits until an expression has a value with us.
    fn wait_for(&self, expression: &str) {
        eventually(Duration::from_secs(40), || {
            match self.server.metrics().instant(expression, now()) {
                Ok(samples) if !samples.is_empty() => Ok(()),
                other => Err(format!("{expression}: {other:?}")),
            }
        });
    }

    /// Both answers at an instant; ours without the label that Prometheus adds for others only.
    fn assert_equal(&self, expression: &str, time: f64) -> usize {
        let theirs = self.theirs().instant(expression, time).unwrap();
        let selected = |sample: &e2e::queries::Sample| {
            let job = sample.labels.get("job").map(String::as_str);
            !matches!(job, Some("sightglass" | "node"))
        };
        let mut ours = self.server.metrics().instant(expression, time).unwrap();
        ours.retain(selected);
        for sample in &mut ours {
            sample.labels.remove("replica");
        }
        ours.sort();
        assert_eq!(ours, theirs, "{expression} at {time}");
        ours.len()
    }
}

#[test]
fn remote_write_carries_every_sample() {
    if !have(&["prometheus"]) {
        return;
    }
    let stage = Stage::set();
    // Everything up to here has arrived, for the queue keeps order within a series.
    let time = (now() - 2.0).floor();
    stage.wait_for(&format!("timestamp(up{{job=\"prometheus\"}}) > {}", time + 1.0));
    stage.wait_for(&format!("timestamp(temperature) > {}", time + 1.0));
    for expression in EXPRESSIONS {
        let count = stage.assert_equal(expression, time);
        assert!(count > 0, "{expression} has no value at {time}");
    }
    series_end_where_they_end(&stage);
}

/// A target that fails ends its series at once, not after five minutes.
fn series_end_where_they_end(stage: &Stage) {
    stage.application.answer(Answer::status(500));
    stage.wait_for("up{job=\"application\"} == 0");
    let gone_with_us = || match stage.server.metrics().instant("temperature", now()) {
        Ok(samples) if samples.is_empty() => Ok(now()),
        other => Err(format!("{other:?}")),
    };
    let gone = eventually(Duration::from_secs(20), gone_with_us);
    for back in [0.0, 1.0, 2.0, 3.0, 4.0, 5.0] {
        stage.assert_equal("temperature", (gone - back).floor());
    }
    stage.application.answer(Answer::body(TEXT, "temperature 22\n"));
    stage.wait_for("temperature == 22");
}

#[test]
fn promtool_asks_us() {
    if !have(&["promtool"]) {
        return;
    }
    let server = Server::start(&[]);
    let address = server.address("prometheus");
    eventually(Duration::from_secs(20), || {
        server.metrics().value("up{job=\"sightglass\"} == 1", None)
    });
    let instant = promtool_query(address, "instant", &["up{job=\"sightglass\"}"]);
    assert_eq!(instant[0]["metric"]["__name__"], "up");
    assert_eq!(instant[0]["value"][1], "1");
    let scalar = promtool_query(address, "instant", &["1 + 2 * 3"]);
    assert_eq!(scalar[1], "7");
    let end = now().floor();
    let [from, to] = [format!("--start={}", end - 2.0), format!("--end={end}")];
    let range = promtool_query(address, "range", &[&from, &to, "--step=1s", "vector(3)"]);
    assert_eq!(range[0]["values"].as_array().unwrap().len(), 3);
    let series = promtool_query(address, "series", &["--match=up"]);
    let jobs: Vec<_> = series.as_array().unwrap().iter().map(|s| s["job"].as_str()).collect();
    assert!(jobs.contains(&Some("sightglass")), "{series}");
    let labels = promtool_query(address, "labels", &["job"]);
    assert!(labels.as_array().unwrap().contains(&"sightglass".into()), "{labels}");
}
