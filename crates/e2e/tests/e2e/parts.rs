//! Parts on disk are Parquet, and so belong to whoever has a reader of it.

use e2e::deadline::now_ms;
use e2e::http::Request;
use e2e::needs::have;
use e2e::python::client;
use e2e::server::Server;
use e2e::wire::protobuf::Message;
use serde_json::json;

#[test]
fn pyarrow_reads_logs_and_spans() {
    if !have(&["python"]) {
        return;
    }
    let mut server = Server::start(&[]);
    let time_ms = now_ms() - 60_000;
    let document = json!({
        "@timestamp": time_ms, "message": "parquet", "service": {"name": "cart"},
        "level": "error", "took": 12.5, "user_id": 7,
    });
    let path = "/orders/_doc";
    Request::post(path, "application/json", document.to_string())
        .to(server.address("elasticsearch"))
        .ok();
    let span = Message::new()
        .bytes(1, &[0xab; 16])
        .bytes(2, &[0xcd; 8])
        .text(5, "parquet")
        .varint(6, 2)
        .fixed64(7, time_ms as u64 * 1_000_000)
        .fixed64(8, time_ms as u64 * 1_000_000 + 42);
    let scope = Message::new().message(2, &span);
    let export = Message::new().message(1, &Message::new().message(2, &scope)).finish();
    Request::post("/v1/traces", "application/x-protobuf", export)
        .to(server.address("otlp-http"))
        .ok();
    // Memory becomes parts when the server stops.
    assert!(server.stop().success());

    let read = |store: &str, column: &str| {
        let folder = server.data_dir().join(store).display().to_string();
        let read = client("read_parts.py", &[&folder, column, "parquet"]);
        assert!(read["total"].as_u64().unwrap() > 1, "the server's own are there too: {read}");
        let rows = read["rows"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 1, "{read}");
        rows[0].clone()
    };
    let record = read("logs", "message");
    assert_eq!(record["timestamp"], time_ms * 1_000_000);
    assert_eq!(record["severity"], "error");
    assert_eq!(record["service.name"], "cart");
    assert_eq!(record["stream"], "orders");
    let of_name = |name: &str| {
        let columns = record.as_object().unwrap();
        let mut named = columns.iter().filter(|(column, _)| column.split('@').next() == Some(name));
        named.next().map(|(_, value)| value.clone())
    };
    assert_eq!(of_name("took"), Some(json!(12.5)));
    assert_eq!(of_name("user_id"), Some(json!(7)));
    let span = read("traces", "name");
    assert_eq!(span["start_time"], time_ms * 1_000_000);
    assert_eq!(span["duration_ns"], 42);
    assert_eq!(span["trace_id"], "ab".repeat(16));
    assert_eq!(span["span_id"], "cd".repeat(8));
    assert_eq!(span["kind"], "server");
}
