//! Tracing clients that are older than OpenTelemetry: Zipkin's and Jaeger's.

use e2e::http::Request;
use e2e::needs::have;
use e2e::python::client;
use e2e::queries::tags;
use e2e::server::Server;
use e2e::wire::thrift::Struct;

#[test]
fn py_zipkin() {
    if !have(&["python"]) {
        return;
    }
    let server = Server::start(&[]);
    let address = server.address("zipkin").to_string();
    let sent = client("zipkin_spans.py", &[&address]);
    let trace = server.trace(sent["trace_id"].as_str().unwrap()).expect("the trace is there");
    let [outer, inner] = [trace.span("get /cart"), trace.span("select")];
    assert_eq!(outer["spanID"], sent["span_id"]);
    assert_eq!(inner["references"][0]["spanID"], outer["spanID"]);
    assert_eq!(trace.process(outer)["serviceName"], "zipkin-shop");
    assert_eq!(tags(&outer["tags"])["http.path"], "/cart");
    let inner_tags = tags(&inner["tags"]);
    assert_eq!(inner_tags["span.kind"], "client");
    assert_eq!(inner_tags["error"], true);
    assert_eq!(tags(&inner["logs"][0]["fields"])["event"], "rows read");
    let services = server.json("/jaeger/api/services");
    assert!(services["data"].as_array().unwrap().contains(&"zipkin-shop".into()), "{services}");
}

/// A tag's types in jaeger.thrift.
const STRING: i32 = 0;
const LONG: i32 = 3;

/// What the Jaeger clients send to a collector, on the port and path they know.
#[test]
fn jaeger_thrift_over_http() {
    let server = Server::start(&[]);
    let tag = |key: &str, value: &str| Struct::new().text(1, key).i32(2, STRING).text(3, value);
    let span = |id: i64, parent: i64, name: &str, start_us: i64| {
        let retries = Struct::new().text(1, "retries").i32(2, LONG).i64(6, 2);
        let fields = vec![tag("event", "retry")];
        let log = Struct::new().i64(1, start_us + 5).records(2, fields);
        Struct::new()
            .i64(1, 0x0a)
            .i64(2, 0x0b)
            .i64(3, id)
            .i64(4, parent)
            .text(5, name)
            .i32(7, 1)
            .i64(8, start_us)
            .i64(9, 1500)
            .records(10, vec![tag("component", "db"), retries])
            .records(11, vec![log])
    };
    let start_us = e2e::deadline::now_ms() * 1000 - 1_000_000;
    let process = Struct::new().text(1, "billing").records(2, vec![tag("hostname", "h1")]);
    let spans = vec![span(1, 0, "invoice", start_us), span(2, 1, "query", start_us + 10)];
    let batch = Struct::new().record(1, process).records(2, spans).finish();
    let request =
        Request::post("/api/traces?format=jaeger.thrift", "application/x-thrift", batch.clone());
    assert_eq!(request.to(server.address("jaeger-collector")).status, 202);

    let trace = server.trace("000000000000000b000000000000000a").expect("the trace is there");
    let [outer, inner] = [trace.span("invoice"), trace.span("query")];
    assert_eq!(inner["references"][0]["spanID"], outer["spanID"]);
    assert_eq!(outer["startTime"], start_us);
    assert_eq!(outer["duration"], 1500);
    assert_eq!(tags(&outer["tags"])["retries"], 2);
    assert_eq!(outer["logs"][0]["timestamp"], start_us + 5);
    let process = trace.process(outer);
    assert_eq!(process["serviceName"], "billing");
    assert_eq!(tags(&process["tags"])["host.name"], "h1", "OpenTelemetry's name for it");

    let torn = &batch[..batch.len() / 2];
    let torn = Request::post("/api/traces?format=jaeger.thrift", "application/x-thrift", torn);
    let answer = torn.to(server.address("jaeger-collector"));
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(!answer.text().is_empty());
}
