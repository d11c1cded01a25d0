//! Starting and stopping, ports and folders that others have, and the first look at the interface.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use e2e::crash::write_for;
use e2e::deadline::eventually;
use e2e::folder::Folder;
use e2e::ports::Ports;
use e2e::process::run;
use e2e::server::{Server, command};
use serde_json::json;

#[test]
fn a_stop_writes_everything_down() {
    let mut server = Server::start(&[]);
    let ledgers = write_for(&server, 0, Duration::from_secs(1));
    let status = server.stop();
    assert!(status.success(), "{status}: {}", server.output());
    let output = server.output();
    assert!(!output.contains("panicked") && !output.contains(" error "), "{output}");
    server.start_again();
    for ledger in &ledgers {
        assert!(ledger.acknowledged() > 0, "{}", ledger.writer());
        ledger.check(&server);
    }
    // What was written as parts is not replayed as well.
    for signal in ["logs", "traces"] {
        assert!(server.store(signal)["parts"].as_u64().unwrap() > 0, "{signal}");
    }
}

#[test]
fn a_taken_port_is_left_to_whom_it_belongs() {
    let ports = Ports::lease();
    let owner = TcpListener::bind(ports.address("elasticsearch")).unwrap();
    let folder = Folder::new("taken");
    let server = Server::start_on(ports, &folder.join("data"), &[]);
    let status = server.status();
    let listeners = status["listeners"].as_array().unwrap();
    let state = |name| listeners.iter().find(|l| l["name"] == name).unwrap()["state"].clone();
    assert_eq!(state("elasticsearch"), "busy");
    assert_eq!(state("zipkin"), "listening");
    let port = owner.local_addr().unwrap().port().to_string();
    let output = server.output();
    let said = output.lines().any(|line| line.contains(" warn ") && line.contains(&port));
    assert!(said, "no warning names port {port}:\n{output}");
    // The same API is on the main listener under its name.
    assert_eq!(server.json("/elasticsearch/")["tagline"], "You Know, for Search");

    let mut visitor = TcpStream::connect(owner.local_addr().unwrap()).unwrap();
    drop(owner.accept().unwrap());
    assert_eq!(visitor.read(&mut [0]).unwrap(), 0, "the owner was reached");
}

#[test]
fn a_port_that_must_be_had_stops_the_start() {
    let ports = Ports::lease();
    let owner = TcpListener::bind(ports.address("zipkin")).unwrap();
    let address = owner.local_addr().unwrap().to_string();
    let folder = Folder::new("must");
    let arguments = ["--listen-zipkin".to_owned(), address.clone()];
    let refused = run(command(&ports, &folder.join("data"), &arguments), Duration::from_secs(30));
    assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
    assert!(refused.stderr.contains(&address), "{}", refused.stderr);
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let server = Server::start(&[]);
    let other = command(&Ports::lease(), server.data_dir(), &[]);
    let refused = run(other, Duration::from_secs(30));
    assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
    let folder = server.data_dir().display().to_string();
    assert!(refused.stderr.contains(&folder), "{}", refused.stderr);
    assert!(refused.stderr.contains("another"), "{}", refused.stderr);
    assert_eq!(server.get("/-/healthy").status, 200);
}

#[test]
fn health_and_metrics() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/-/healthy").status, 200);
    assert_eq!(server.get("/-/ready").status, 200);
    let metrics = server.get("/metrics").ok().text();
    for name in
        ["sightglass_store_series", "process_resident_memory_bytes", "process_start_time_seconds"]
    {
        assert!(metrics.lines().any(|line| line.starts_with(name)), "{name}");
    }
    let page = server.get("/").ok();
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
}

/// What the overview asks for has answers before anybody has set up anything.
#[test]
fn the_first_screen_is_not_empty() {
    let started = Instant::now();
    let server = Server::start(&[]);
    let within = Duration::from_secs(10).saturating_sub(started.elapsed());
    let expressions = [
        "up{job=\"sightglass\"}",
        "node_memory_MemAvailable_bytes",
        "node_load1",
        "sum by (mode) (rate(node_cpu_seconds_total[1m]))",
        "sum by (device) (rate(node_network_receive_bytes_total[1m]))",
        "node_filesystem_avail_bytes",
        "sightglass_store_head_rows",
        "rate(sightglass_scrape_samples_total[1m])",
        "rate(process_cpu_seconds_total[1m])",
    ];
    eventually(within, || {
        for expression in expressions {
            match server.metrics().instant(expression, e2e::deadline::now()) {
                Ok(samples) if !samples.is_empty() => {}
                other => return Err(format!("{expression}: {other:?}")),
            }
        }
        Ok(())
    });
    let search = server.post("/api/logs/search", &json!({"query": "service.name: sightglass"}));
    assert!(!search.ok().json()["records"].as_array().unwrap().is_empty());
    eventually(Duration::from_secs(10), || {
        let found = server.traces(&[("service", "sightglass")]);
        found.first().map(|_| ()).ok_or("the server has no traces of its own".to_owned())
    });
}
