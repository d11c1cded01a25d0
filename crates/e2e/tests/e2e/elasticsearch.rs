//! Elastic's client with its bulk helper, and what other shippers say before they send.

use e2e::deadline::now_ms;
use e2e::http::Request;
use e2e::needs::have;
use e2e::python::client;
use e2e::server::Server;
use serde_json::json;

#[test]
fn client_and_its_bulk_helper() {
    if !have(&["python"]) {
        return;
    }
    let server = Server::start(&["--body-size-max", "2MB"]);
    let url = format!("http://{}", server.address("elasticsearch"));
    let time_ms = now_ms() - 60_000;
    let sent = client("elasticsearch_bulk.py", &[&url, &time_ms.to_string()]);
    assert!(sent["version"].as_str().unwrap().starts_with("8."), "{sent}");
    assert_eq!(sent["health"], "green");
    assert_eq!(sent["template"], true);
    assert_eq!(sent["stored"], 506);
    assert_eq!(sent["single"], "created");
    assert_eq!(sent["too_large"], 413);
    // Records are not deleted one by one: that is refused, and said so.
    let failed = sent["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{sent}");
    assert_eq!(failed[0]["delete"]["_id"], "gone");

    assert_eq!(server.count_logs("_index: orders-2026.03.01"), 167);
    assert_eq!(server.count_logs("stream: orders and number >= 100 and number < 200"), 100);
    // The second type of a field is a reason for Elasticsearch to refuse; here it is kept.
    let statuses: Vec<_> = server.logs("stream: conflicts");
    assert_eq!(statuses.len(), 5);
    assert_eq!(server.count_logs("stream: conflicts and status: 200"), 2);
    assert_eq!(server.count_logs("stream: conflicts and status: ok"), 1);
    assert_eq!(server.count_logs("stream: conflicts and status.code: 200"), 1);

    let pods = server.logs("stream: pods");
    assert_eq!(pods.len(), 1);
    assert_eq!(pods[0]["message"], "up\n");
    assert_eq!(pods[0]["time_ns"], format!("{time_ms}000000"));
    assert_eq!(pods[0]["fields"]["kubernetes.pod.name"], "cart-1");
    assert_eq!(server.count_logs(r"kubernetes.labels.app.kubernetes.io/name: cart"), 1);
}

/// Fluent Bit probes nothing; Fluentd and Beats ask who is there and set up what they know.
#[test]
fn calls_of_other_shippers() {
    let server = Server::start(&[]);
    let address = server.address("elasticsearch");
    let root = Request::get("/").to(address).ok();
    assert_eq!(root.header("x-elastic-product"), Some("Elasticsearch"));
    assert_eq!(root.json()["tagline"], "You Know, for Search");
    assert_eq!(Request::new("HEAD", "/").to(address).status, 200);
    let license = Request::get("/_license").to(address).ok().json();
    assert_eq!(license["license"]["status"], "active");
    let template = "/_index_template/fluentd";
    assert_eq!(Request::get(template).to(address).status, 404);
    let body = json!({"index_patterns": ["fluentd-*"]}).to_string();
    Request::new("PUT", template)
        .header("Content-Type", "application/json")
        .body(body)
        .to(address)
        .ok();
    assert_eq!(Request::new("HEAD", template).to(address).status, 200);

    // What Fluent Bit's output sends with `Suppress_Type_Name Off` and `Compress gzip`.
    let lines = "{\"create\":{\"_index\":\"fluent-bit\",\"_type\":\"_doc\"}}\n\
                 {\"log\":\"GET / 200\",\"stream\":\"stdout\"}\n";
    let bulk = Request::post("/_bulk", "application/x-ndjson", e2e::wire::gzip(lines.as_bytes()))
        .header("Content-Encoding", "gzip")
        .header("User-Agent", "Fluent-Bit");
    let answer = bulk.to(address).ok().json();
    assert_eq!(answer["errors"], false);
    assert_eq!(answer["items"][0]["create"]["status"], 201);
    assert_eq!(server.logs("\"GET / 200\"").len(), 1);

    // An address with credentials is an address like any other.
    let open = Request::get("/").header("Authorization", "Basic ZWxhc3RpYzpjaGFuZ2VtZQ==");
    assert_eq!(open.to(address).status, 200);
    let broken = Request::post("/_bulk", "application/x-ndjson", "{\"index\":{}\n{}\n").to(address);
    assert_eq!(broken.status, 400, "{}", broken.text());
}
