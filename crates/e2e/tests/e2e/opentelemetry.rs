//! OpenTelemetry's SDK with both of its OTLP exporters.

use e2e::needs::have;
use e2e::python::client;
use e2e::queries::tags;
use e2e::server::Server;
use serde_json::{Value as Json, json};

#[test]
fn sdk_over_grpc() {
    sdk("grpc", "otlp-grpc");
}

#[test]
fn sdk_over_http() {
    sdk("http", "otlp-http");
}

fn sdk(protocol: &str, listener: &str) {
    if !have(&["python"]) {
        return;
    }
    let server = Server::start(&[]);
    let endpoint = format!("http://{}", server.address(listener));
    let sent = client("opentelemetry_app.py", &[protocol, &endpoint]);
    assert_eq!(sent["flushed"], json!([true, true, true]));
    let service = format!("shop-{protocol}");
    trace_is_whole(&server, &service, &sent);
    log_leads_to_its_trace(&server, &service, &sent);
    metrics_are_exact(&server, &service);
}

fn trace_is_whole(server: &Server, service: &str, sent: &Json) {
    let trace = server.trace(sent["trace_id"].as_str().unwrap()).expect("the trace is there");
    assert_eq!(trace.spans().len(), 2);
    let [outer, inner] = [trace.span("checkout"), trace.span("charge")];
    assert_eq!(inner["spanID"], sent["span_id"]);
    let parent = &inner["references"][0];
    assert_eq!(parent["refType"], "CHILD_OF");
    assert_eq!(parent["spanID"], outer["spanID"]);

    let outer_tags = tags(&outer["tags"]);
    assert_eq!(outer_tags["http.request.method"], "POST");
    assert_eq!(outer_tags["retries"], 3);
    assert_eq!(outer_tags["ratio"], 0.5);
    assert_eq!(outer_tags["vip"], true);
    assert_eq!(outer_tags["span.kind"], "server");
    let inner_tags = tags(&inner["tags"]);
    assert_eq!(inner_tags["error"], true);
    assert_eq!(inner_tags["otel.status_description"], "card declined");
    let event = tags(&inner["logs"][0]["fields"]);
    assert_eq!((&event["event"], &event["code"]), (&json!("declined"), &json!(51)));

    let process = trace.process(outer);
    assert_eq!(process["serviceName"], service);
    assert_eq!(tags(&process["tags"])["rack"], 7);
    let found = server.traces(&[("service", service), ("tags", r#"{"error":"true"}"#)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0["traceID"], sent["trace_id"]);
}

fn log_leads_to_its_trace(server: &Server, service: &str, sent: &Json) {
    let records = server.logs(&format!("service.name: {service} and severity: warn"));
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(record["message"], "card 4711 declined");
    assert_eq!(record["service"], service);
    assert_eq!(record["trace_id"], sent["trace_id"]);
    assert_eq!(record["span_id"], sent["span_id"]);
    assert_eq!(record["fields"]["user_id"], "u-1", "user.id is one of its names");
    assert_eq!(record["fields"]["amount"], 12.5);
    let of_trace = server.logs(&format!("trace_id: {}", sent["trace_id"].as_str().unwrap()));
    assert_eq!(of_trace.len(), 1);
}

fn metrics_are_exact(server: &Server, service: &str) {
    let value = |expression: &str| {
        let expression = expression.replace('@', &format!("job=\"{service}\",instance=\"one\""));
        server.metrics().value(&expression, None).unwrap_or_else(|error| panic!("{error}"))
    };
    assert_eq!(value(r#"shop_orders_total{@,payment_method="card"}"#), 5.0);
    assert_eq!(value(r#"shop_orders_total{@,payment_method="invoice"}"#), 7.0);
    assert_eq!(value("shop_queue_length{@}"), 42.0);
    assert_eq!(value("shop_stock_bytes{@}"), 6.0);
    assert_eq!(value("shop_took_seconds_count{@}"), 4.0);
    assert_eq!(value("shop_took_seconds_sum{@}"), 9.125);
    for (le, count) in [("0.25", 1.0), ("1", 3.0), ("4", 3.0), ("+Inf", 4.0)] {
        // Some write whole bounds with a fraction, and both are the same bound.
        let bucket =
            format!(r#"shop_took_seconds_bucket{{@,le=~"{}(\\.0)?"}}"#, le.replace('+', "\\\\+"));
        assert_eq!(value(&bucket), count, "{le}");
    }
    let metadata = server.metrics().call("metadata?metric=shop_orders_total").unwrap();
    assert_eq!(metadata["shop_orders_total"][0]["help"], "Orders taken");
    assert_eq!(metadata["shop_orders_total"][0]["type"], "counter");
}
