//! Input that is meant to harm: refused with a clear answer, and without taking memory for it.

use e2e::http::{Request, Response};
use e2e::server::Server;
use e2e::wire::{gzip_bomb, snappy};

/// What a refusal may cost beyond the largest body, which is 64 MB; twice, for the request after it
/// may be under way before the first one's memory is given back.
const MEMORY_MAX: u64 = 256 << 20;

#[test]
fn a_gigabyte_of_zeros_in_a_megabyte() {
    let mut server = Server::start(&[]);
    let bomb = gzip_bomb(1024);
    let protobuf = "application/x-protobuf";
    let targets = [
        ("otlp-http", "/v1/logs", protobuf),
        ("otlp-http", "/v1/metrics", protobuf),
        ("otlp-http", "/v1/traces", "application/json"),
        ("main", "/otlp/v1/logs", protobuf),
        ("elasticsearch", "/_bulk", "application/x-ndjson"),
        ("zipkin", "/api/v2/spans", "application/json"),
        ("jaeger-collector", "/api/traces?format=jaeger.thrift", "application/x-thrift"),
    ];
    for (listener, path, content_type) in targets {
        let request = Request::post(path, content_type, bomb.clone());
        let refused = request.header("Content-Encoding", "gzip").to(server.address(listener));
        assert_eq!(refused.status, 413, "{path}: {}", refused.text());
    }
    still_well(&mut server);
}

#[test]
fn snappy_that_lies_about_its_length() {
    let mut server = Server::start(&[]);
    let write = |body: Vec<u8>| -> Response {
        Request::post("/api/v1/write", "application/x-protobuf", body)
            .header("Content-Encoding", "snappy")
            .header("X-Prometheus-Remote-Write-Version", "0.1.0")
            .to(server.address("prometheus"))
    };
    for body in [snappy::lie(u32::MAX), snappy::lie(1 << 30), snappy::lie(100), vec![0xff; 64]] {
        let refused = write(body);
        assert!(matches!(refused.status, 400 | 413), "{} {}", refused.status, refused.text());
        assert!(!refused.text().is_empty());
    }
    still_well(&mut server);
}

#[test]
fn bodies_without_end_and_nonsense() {
    let mut server = Server::start(&["--body-size-max", "1MB"]);
    let large = Request::post("/v1/logs", "application/x-protobuf", vec![b'x'; 2 << 20]);
    assert_eq!(large.to(server.address("otlp-http")).status, 413);
    let nonsense = [
        ("otlp-http", "/v1/logs", "application/json", 400),
        ("otlp-http", "/v1/logs", "application/x-protobuf", 400),
        ("otlp-http", "/v1/logs", "text/csv", 415),
        ("zipkin", "/api/v2/spans", "application/json", 400),
        ("prometheus", "/api/v1/write", "application/x-protobuf", 400),
    ];
    for (listener, path, content_type, status) in nonsense {
        let body = "{\"resourceLogs\": [{]}";
        let refused = Request::post(path, content_type, body).to(server.address(listener));
        assert_eq!(refused.status, status, "{path} {content_type}: {}", refused.text());
        assert!(!refused.body.is_empty(), "{path} {content_type} says why");
    }
    // Nesting that would overflow a stack, in a document and in a query.
    let deep = format!("{{\"index\":{{}}}}\n{}1{}\n", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let answer = Request::post("/deep/_bulk", "application/x-ndjson", deep);
    let answer = answer.to(server.address("elasticsearch"));
    assert!(answer.status == 400 || answer.json()["errors"] == true, "{}", answer.text());
    let nested = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(server.metrics().instant(&nested, 0.0).is_err());
    still_well(&mut server);
}

fn still_well(server: &mut Server) {
    assert_eq!(server.get("/-/healthy").status, 200);
    let memory = server.process().peak_memory();
    assert!(memory < MEMORY_MAX, "{} MB at the most", memory >> 20);
}
