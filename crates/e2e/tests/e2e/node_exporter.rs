//! The node exporter, scraped by Debian's Prometheus and by us: the same values with both.
//! `cargo xtask compare node-exporter` asks a whole Grafana dashboard.

use e2e::compare::Stage;
use e2e::needs::have;
use serde_json::json;

/// Questions as the usual dashboards of hosts ask them.
const EXPRESSIONS: [&str; 10] = [
    r#"sum by (mode) (rate(node_cpu_seconds_total{instance="$node",job="$job"}[$__rate_interval]))"#,
    r#"100 * (1 - node_memory_MemAvailable_bytes{job="$job"} / node_memory_MemTotal_bytes{job="$job"})"#,
    r#"rate(node_network_receive_bytes_total{instance="$node",job="$job"}[$__rate_interval]) * 8"#,
    r#"100 - node_filesystem_avail_bytes{job="$job",device!~"rootfs"} * 100 / node_filesystem_size_bytes{job="$job"}"#,
    r#"irate(node_disk_io_time_seconds_total{instance="$node",job="$job"}[$__rate_interval])"#,
    r#"node_time_seconds{job="$job"} - node_boot_time_seconds{job="$job"}"#,
    r#"topk(1, node_network_mtu_bytes{job="$job"})"#,
    r#"count(count by (cpu) (node_cpu_seconds_total{job="$job"}))"#,
    r#"avg_over_time(node_load1{job="$job"}[5s]) / on (instance) group_left () node_load5{job="$job"}"#,
    r#"predict_linear(node_memory_MemFree_bytes{job="$job"}[$__rate_interval], 60)"#,
];

#[test]
fn values_agree_with_prometheus() {
    if !have(&["prometheus", "prometheus-node-exporter"]) {
        return;
    }
    let stage = Stage::set();
    for (what, ours, theirs) in stage.steady() {
        assert_eq!(ours, theirs, "{what}");
    }
    let panel = |expression: &&str| json!({"title": "p", "targets": [{"expr": expression}]});
    let panels: Vec<_> = EXPRESSIONS.iter().map(panel).collect();
    let variable = json!({
        "name": "node", "type": "query", "query": "label_values(node_uname_info{job=\"$job\"}, instance)",
    });
    let dashboard = json!({"panels": panels, "templating": {"list": [variable]}});
    let compared = stage.compare(&dashboard);
    assert_eq!(compared.len(), EXPRESSIONS.len());
    for panel in compared {
        assert_eq!(panel.wrong, Vec::<String>::new(), "over the same samples");
        assert_eq!(panel.matched, panel.theirs, "{:?}", panel.panel);
    }
}
