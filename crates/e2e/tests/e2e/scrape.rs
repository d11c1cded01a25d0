//! An application with prometheus_client, scraped as an unmodified prometheus.yml says.

use std::time::Duration;

use e2e::deadline::{eventually, now};
use e2e::folder::Folder;
use e2e::http::form;
use e2e::needs::have;
use e2e::python::service;
use e2e::server::Server;

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn configuration(target: &str) -> String {
    format!(
        r#"
global:
  scrape_interval: 1s
  external_labels: {{cluster: test}}
scrape_configs:
  - job_name: shop
    metrics_path: /metrics
    basic_auth: {{username: scraper, password: s3cret}}
    static_configs:
      - targets: ["{target}"]
        labels: {{zone: a}}
    relabel_configs:
      - source_labels: [__address__, zone]
        regex: '(.+):\d+;(.+)'
        target_label: place
        replacement: '$1 in $2'
      - target_label: instance
        replacement: shop-1
    metric_relabel_configs:
      - source_labels: [__name__]
        regex: debug_.*
        action: drop
      - regex: internal_id
        action: labeldrop
  - job_name: locked out
    static_configs:
      - targets: ["{target}"]
"#
    )
}

#[test]
fn prometheus_client_behind_a_password() {
    if !have(&["python"]) {
        return;
    }
    let (_application, first) = service("prometheus_exporter.py", &[]);
    let target = first["address"].as_str().unwrap();
    let folder = Folder::new("scrape");
    let file = folder.write("prometheus.yml", &configuration(target));
    let server = Server::start(&["--prometheus-config", &file]);
    eventually(Duration::from_secs(20), || {
        match server.metrics().value("up{job=\"shop\"}", None) {
            Ok(1.0) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    values_are_exact(&server);
    synthetic_series(&server);
    exemplars_lead_to_traces(&server);
    targets_are_shown(&server);
}

fn values_are_exact(server: &Server) {
    let value = |expression: &str| {
        let expression = expression
            .replace('@', r#"job="shop",instance="shop-1",zone="a",place="127.0.0.1 in a""#);
        server.metrics().value(&expression, None).unwrap_or_else(|error| panic!("{error}"))
    };
    assert_eq!(value(r#"requests_total{@,path="/cart",internal_id=""}"#), 5.0);
    assert_eq!(value(r#"requests_total{@,path="/pay",internal_id=""}"#), 2.0);
    assert_eq!(value("temperature_celsius{@}"), -3.5);
    assert_eq!(value(r#"took_seconds_bucket{@,le="0.5"}"#), 1.0);
    assert_eq!(value(r#"took_seconds_bucket{@,le="2.0"}"#), 2.0);
    assert_eq!(value(r#"took_seconds_bucket{@,le="+Inf"}"#), 3.0);
    assert_eq!(value("took_seconds_sum{@}"), 17.25);
    assert_eq!(value("size_bytes_count{@}"), 1.0);
    assert_eq!(value(r#"build_info{@,version="1.0 \"beta\"\n"}"#), 1.0);
    assert_eq!(value(r#"light{@,light="green"}"#), 1.0);
    assert_eq!(server.metrics().instant("debug_noise", now()).unwrap(), []);
}

fn synthetic_series(server: &Server) {
    let value = |expression: &str| server.metrics().value(expression, None);
    assert!(value(r#"scrape_duration_seconds{job="shop"}"#).unwrap() > 0.0);
    let scraped = value(r#"scrape_samples_scraped{job="shop"}"#).unwrap();
    let kept = value(r#"scrape_samples_post_metric_relabeling{job="shop"}"#).unwrap();
    assert_eq!(scraped - kept, 1.0);
    eventually(Duration::from_secs(10), || match value(r#"up{job="locked out"}"#) {
        Ok(0.0) => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

fn exemplars_lead_to_traces(server: &Server) {
    let (end, start) = (now().to_string(), (now() - 60.0).to_string());
    for query in ["requests_total", "took_seconds_bucket"] {
        let range = form(&[("query", query), ("start", &start), ("end", &end)]);
        let found = server.metrics().call(&format!("query_exemplars?{range}")).unwrap();
        let exemplar = &found[0]["exemplars"][0];
        assert_eq!(exemplar["labels"]["trace_id"], TRACE_ID, "{query}: {found}");
        assert_eq!(found[0]["seriesLabels"]["instance"], "shop-1");
    }
}

fn targets_are_shown(server: &Server) {
    let targets = server.metrics().call("targets?state=active").unwrap();
    let targets = targets["activeTargets"].as_array().unwrap();
    let of = |job: &str| targets.iter().find(|t| t["labels"]["job"] == job).unwrap().clone();
    assert_eq!(of("shop")["health"], "up");
    assert_eq!(of("locked out")["health"], "down");
    let error = of("locked out")["lastError"].as_str().unwrap().to_owned();
    assert!(error.contains("401"), "{error}");
}
