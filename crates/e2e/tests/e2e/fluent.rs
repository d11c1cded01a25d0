//! fluent-logger over Fluentd's forward protocol.

use e2e::deadline::{eventually, now_ms};
use e2e::needs::have;
use e2e::python::client;
use e2e::server::Server;
use std::time::Duration;

#[test]
fn events_with_nanoseconds() {
    if !have(&["python"]) {
        return;
    }
    let server = Server::start(&[]);
    let time_ns = (now_ms() - 60_000) * 1_000_000 + 123_456;
    let port = server.address("fluent-forward").port().to_string();
    let sent = client("fluent_events.py", &[&port, &time_ns.to_string()]);
    assert_eq!(sent["sent"], 101, "{sent}");
    assert!(sent["error"].is_null(), "{sent}");

    // The client asks for no acknowledgement, so what it sent is still on its way.
    let records = eventually(Duration::from_secs(10), || {
        let records = server.logs("stream: shop.cart");
        if records.len() == 100 { Ok(records) } else { Err(format!("{} records", records.len())) }
    });
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record["time_ns"], (time_ns + number as i64).to_string());
        assert_eq!(record["message"], format!("event {number}"));
        assert_eq!(record["severity"], "warn");
        assert_eq!(record["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(record["fields"]["nested.yes"], true);
    }
    let seconds = eventually(Duration::from_secs(10), || {
        server.logs("stream: shop.seconds").pop().ok_or("no record".to_owned())
    });
    let whole = time_ns / 1_000_000_000 * 1_000_000_000;
    assert_eq!(seconds["time_ns"], whole.to_string());
}
