//! Bodies of the calls that clients make before they send anything.
//!
//! What a client insists on is said at the function that satisfies it.

use serde_json::{Value, json};

/// The version that is claimed when a client does not want a certain one.
pub const VERSION: &str = "8.19.0";

/// The header without which Elastic's own clients refuse to go on; every answer needs it.
pub const PRODUCT_HEADER: (&str, &str) = ("X-Elastic-Product", "Elasticsearch");

/// Who the answers claim to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The node's name.
    pub node_name: String,
    /// The cluster's name.
    pub cluster_name: String,
    /// An identifier that stays the same over restarts; Logstash tells clusters apart by it.
    pub cluster_uuid: String,
}

/// The version to claim: Beats refuse servers that are older than they are, so they are told their
/// own.
pub fn version_for(user_agent: Option<&str>) -> &str {
    let agent = user_agent.unwrap_or_default();
    let product = agent.split_whitespace().next().unwrap_or_default();
    match product.strip_prefix("Elastic-").and_then(|beat| beat.split_once('/')) {
        Some((_, version)) if is_version(version) => version,
        _ => VERSION,
    }
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}

/// `GET /`
pub fn root(cluster: &Cluster, version: &str) -> Value {
    json!({
        "name": cluster.node_name,
        "cluster_name": cluster.cluster_name,
        "cluster_uuid": cluster.cluster_uuid,
        "version": {
            "number": version,
            "build_flavor": "default",
            "build_type": "tar",
            "build_hash": "0000000000000000000000000000000000000000",
            "build_date": "2025-07-23T22:10:57.067596094Z",
            "build_snapshot": false,
            "lucene_version": "9.12.2",
            "minimum_wire_compatibility_version": "7.17.0",
            "minimum_index_compatibility_version": "7.0.0",
        },
        "tagline": "You Know, for Search",
    })
}

/// `GET /_license`; Logstash takes a node without an active license for dead.
pub fn license(cluster: &Cluster) -> Value {
    json!({
        "license": {
            "status": "active",
            "uid": cluster.cluster_uuid,
            "type": "basic",
            "issue_date": "2025-01-01T00:00:00.000Z",
            "issue_date_in_millis": 1_735_689_600_000_u64,
            "max_nodes": null,
            "max_resource_units": null,
            "issued_to": cluster.cluster_name,
            "issuer": "elasticsearch",
            "start_date_in_millis": -1,
        }
    })
}

/// `GET /_cluster/health`, Vector's health check.
pub fn cluster_health(cluster: &Cluster) -> Value {
    json!({
        "cluster_name": cluster.cluster_name,
        "status": "green",
        "timed_out": false,
        "number_of_nodes": 1,
        "number_of_data_nodes": 1,
        "active_primary_shards": 1,
        "active_shards": 1,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": 0,
        "unassigned_primary_shards": 0,
        "delayed_unassigned_shards": 0,
        "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0,
        "task_max_waiting_in_queue_millis": 0,
        "active_shards_percent_as_number": 100.0,
    })
}

/// `GET /_xpack`; Fluentd's plug-in wants to see that index life cycles exist before it uses them.
pub fn xpack() -> Value {
    let feature = json!({ "available": true, "enabled": true });
    json!({
        "build": { "hash": "0000000000000000000000000000000000000000", "date": "2025-07-23T22:10:57.067Z" },
        "license": { "mode": "basic", "type": "basic", "status": "active" },
        "features": { "ilm": feature, "data_streams": feature, "index_management": feature },
        "tagline": "You know, for X",
    })
}

/// `GET /_nodes/http` and `GET /_nodes/_all/http`: where clients that sniff find the one node.
pub fn nodes_http(cluster: &Cluster, version: &str, publish_address: &str) -> Value {
    json!({
        "_nodes": { "total": 1, "successful": 1, "failed": 0 },
        "cluster_name": cluster.cluster_name,
        "nodes": {
            &cluster.cluster_uuid: {
                "name": cluster.node_name,
                "transport_address": publish_address,
                "host": publish_address.rsplit_once(':').map_or(publish_address, |(host, _)| host),
                "ip": publish_address.rsplit_once(':').map_or(publish_address, |(host, _)| host),
                "version": version,
                "build_flavor": "default",
                "build_type": "tar",
                "build_hash": "0000000000000000000000000000000000000000",
                "roles": ["data", "ingest", "master"],
                "http": {
                    "bound_address": [publish_address],
                    "publish_address": publish_address,
                    "max_content_length_in_bytes": 104_857_600,
                },
            }
        },
    })
}

/// `GET /_nodes/ingest`: Filebeat looks for processors before it loads pipelines.
pub fn nodes_ingest(cluster: &Cluster, version: &str) -> Value {
    let processors: Vec<Value> =
        ["geoip", "user_agent", "grok", "date", "set"].map(|name| json!({ "type": name })).into();
    json!({
        "_nodes": { "total": 1, "successful": 1, "failed": 0 },
        "cluster_name": cluster.cluster_name,
        "nodes": {
            &cluster.cluster_uuid: {
                "name": cluster.node_name,
                "version": version,
                "ingest": { "processors": processors },
            }
        },
    })
}

/// The answer to storing a template, policy, pipeline, alias or data stream.
pub fn acknowledged() -> Value {
    json!({ "acknowledged": true })
}

/// `PUT /<index>`
pub fn index_created(index: &str) -> Value {
    json!({ "acknowledged": true, "shards_acknowledged": true, "index": index })
}

/// `GET /_template/<name>`, the older kind of template.
pub fn legacy_template(name: &str, template: &Value) -> Value {
    json!({ name: template })
}

/// `GET /_index_template/<name>`
pub fn index_template(name: &str, template: &Value) -> Value {
    json!({ "index_templates": [{ "name": name, "index_template": template }] })
}

/// `GET /_component_template/<name>`
pub fn component_template(name: &str, template: &Value) -> Value {
    json!({ "component_templates": [{ "name": name, "component_template": template }] })
}

/// `GET /_ilm/policy/<name>`; `stored` is the body it was put with.
pub fn ilm_policy(name: &str, stored: &Value) -> Value {
    json!({
        name: {
            "version": 1,
            "modified_date": "2025-01-01T00:00:00.000Z",
            "policy": stored.get("policy").unwrap_or(stored),
            "in_use_by": { "indices": [], "data_streams": [], "composable_templates": [] },
        }
    })
}

/// `GET /_ingest/pipeline/<name>`
pub fn ingest_pipeline(name: &str, stored: &Value) -> Value {
    json!({ name: stored })
}

/// `GET /_data_stream/<name>`
pub fn data_stream(name: &str) -> Value {
    json!({
        "data_streams": [{
            "name": name,
            "timestamp_field": { "name": "@timestamp" },
            "indices": [{ "index_name": format!(".ds-{name}-000001"), "index_uuid": "_na_" }],
            "generation": 1,
            "status": "GREEN",
            "template": name,
            "hidden": false,
            "system": false,
            "replicated": false,
        }]
    })
}
