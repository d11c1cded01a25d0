use model::{LogRecord, Severity};
use testkit::corpora;

use super::*;
use crate::Limits;

const RECEIVED_NS: i64 = 1_700_000_000_000_000_000;

fn bulk(body: &str) -> Bulk {
    decode_bulk(body.as_bytes(), Some("default"), RECEIVED_NS, &Limits::default()).unwrap()
}

fn fields(record: &LogRecord) -> String {
    let pairs: Vec<_> = record.fields.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
    pairs.join(" ")
}

/// The items of the reply to a body.
fn check_items(body: &str, expected: &[&str]) {
    let reply = accepted(&bulk(body).items, 3, None);
    let json: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    let found: Vec<_> = json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let (action, item) = item.as_object().unwrap().iter().next().unwrap();
            let result = item.get("result").unwrap_or(&item["error"]);
            format!("{action} {} {} {result}", item["_index"], item["status"])
        })
        .collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn documents_become_records() {
    let bulk = bulk(concat!(
        "{\"index\":{\"_index\":\"logstash-2026.08.22\",\"_id\":\"7\",\"_type\":\"_doc\",\"pipeline\":\"p\"}}\n",
        "{\"@timestamp\":\"2026-08-22T10:00:00Z\",\"level\":\"warn\",\"log\":\"it broke\",",
        "\"kubernetes\":{\"pod_name\":\"web-1\",\"labels\":{\"app\":\"shop\"}},\"tags\":[\"a\",\"b\"],",
        "\"a.b\":1,\"a\":{\"b\":2},\"_id\":\"x\",\"none\":null}\n",
        "{\"create\":{}}\n{}\n",
    ));
    let [first, second] = &bulk.batch.records[..] else { panic!("{bulk:?}") };
    assert_eq!(first.time_ns, 1_787_392_800_000_000_000);
    assert_eq!((first.severity, first.message.as_str()), (Severity::WARN, "it broke"));
    assert_eq!((first.service.as_str(), first.stream.as_str()), ("shop", "logstash"));
    assert_eq!(
        fields(first),
        "kubernetes.pod_name=web-1 tags=[\"a\",\"b\"] a.b=[1,2] _index=logstash-2026.08.22 _id=7",
    );
    assert_eq!((second.time_ns, second.stream.as_str()), (RECEIVED_NS, "default"));
    assert_eq!(fields(second), "_index=default");
    assert_eq!(bulk.items[1].id.len(), 20);
}

#[test]
fn items_answer_actions_one_by_one() {
    check_items(
        concat!(
            "{\"index\":{\"_index\":\"a\"}}\n{\"m\":1}\n\n",
            "{\"create\":{\"_index\":\"b\"}}\r\n{\"m\":1}\r\n",
            "{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{\"m\":1},\"doc_as_upsert\":true}\n",
            "{\"update\":{\"_id\":\"2\"}}\n{\"script\":{},\"upsert\":{\"m\":1}}\n",
            "{\"update\":{\"_id\":\"3\"}}\n{\"doc\":{\"m\":1}}\n",
            "{\"delete\":{\"_id\":\"4\"}}\n",
            "{\"index\":{\"_index\":\"Upper\"}}\n{}\n",
            "{\"index\":{}}\n[1]\n",
            "{\"index\":{}}\n{\"m\":}\n",
        ),
        &[
            "index \"a\" 201 \"created\"",
            "create \"b\" 201 \"created\"",
            "update \"default\" 201 \"created\"",
            "update \"default\" 201 \"created\"",
            "update \"default\" 404 {\"reason\":\"[3]: document missing\",\"type\":\"document_missing_exception\"}",
            "delete \"default\" 404 \"not_found\"",
            "index \"Upper\" 400 {\"reason\":\"Invalid index name [Upper], must be lowercase\",\"type\":\"invalid_index_name_exception\"}",
            "index \"default\" 400 {\"reason\":\"[1:1] failed to parse: the document is not an object\",\"type\":\"document_parsing_exception\"}",
            "index \"default\" 400 {\"reason\":\"[1:6] failed to parse: expected a value, found '}'\",\"type\":\"document_parsing_exception\"}",
        ],
    );
}

#[test]
fn the_reply_is_compact_and_in_order() {
    let items = bulk("{\"index\":{\"_id\":\"a\\\"b\"}}\n{}\n").items;
    let text = |filter| String::from_utf8(accepted(&items, 5, filter).body).unwrap();
    assert_eq!(
        text(None),
        concat!(
            r#"{"took":5,"errors":false,"items":[{"index":{"_index":"default","_id":"a\"b","#,
            r#""_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"#,
            r#""_seq_no":0,"_primary_term":1,"status":201}}]}"#,
        ),
    );
    assert_eq!(
        text(Some("errors,items.*.error,items.*.status")),
        r#"{"errors":false,"items":[{"index":{"status":201}}]}"#,
    );
}

/// The type and reason with which a body is refused.
fn check_refused(body: &str, default_index: Option<&str>, error_type: &str, reason: &str) {
    let result = decode_bulk(body.as_bytes(), default_index, 0, &Limits::default());
    let reply = refused(&result.unwrap_err());
    let json: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((json["status"].as_u64(), reply.status), (Some(400), 400), "{body}");
    assert_eq!(
        (&json["error"]["type"], &json["error"]["reason"]),
        (&error_type.into(), &reason.into())
    );
    assert_eq!(json["error"]["root_cause"][0]["reason"], reason);
}

#[test]
fn bodies_are_refused_in_elasticsearchs_words() {
    let illegal = "illegal_argument_exception";
    let index = Some("i");
    check_refused("", index, "parse_exception", "request body is required");
    let newline = "The bulk request must be terminated by a newline [\\n]";
    check_refused("{\"index\":{}}", index, illegal, newline);
    check_refused("{\"index\":{}}\n{}", index, illegal, newline);
    let line = |rest: &str| format!("Malformed action/metadata line [1], {rest}");
    check_refused(
        "\"x\"\n",
        index,
        illegal,
        &line("expected START_OBJECT but found [VALUE_STRING]"),
    );
    check_refused(
        "{\"upsert\":{}}\n{}\n",
        index,
        illegal,
        &line("expected field [create], [delete], [index] or [update] but found [upsert]"),
    );
    check_refused(
        "{\"index\":[]}\n{}\n",
        index,
        illegal,
        &line("expected START_OBJECT or END_OBJECT but found [START_ARRAY]"),
    );
    check_refused("{}\n", index, illegal, &line("expected FIELD_NAME but found [END_OBJECT]"));
    check_refused(
        "{\"index\":{},\"create\":{}}\n{}\n",
        index,
        illegal,
        &line("expected END_OBJECT but found [FIELD_NAME]"),
    );
    check_refused("{\"index\"\n", index, illegal, &line("byte 8: expected a colon"));
    let validation = "action_request_validation_exception";
    check_refused("\n\n", index, validation, "Validation Failed: 1: no requests added;");
    check_refused(
        "{\"index\":{}}\n",
        index,
        validation,
        "Validation Failed: 1: no requests added;",
    );
    check_refused(
        "{\"index\":{}}\n{}\n",
        None,
        validation,
        "Validation Failed: 1: index is missing;",
    );
}

#[test]
fn limits_hold_over_all_lines() {
    let limits = Limits { decoded_bytes: 1 << 20, depth: 20, ..Limits::default() };
    let many = "{\"create\":{}}\n{}\n".repeat(10_000);
    let error = decode_bulk(many.as_bytes(), Some("i"), 0, &limits).unwrap_err();
    assert_eq!(refused(&error).status, 413);
    let deep = format!("{{\"create\":{{}}}}\n{{\"a\":{}\n", "[".repeat(100_000));
    let bulk = decode_bulk(deep.as_bytes(), Some("i"), 0, &limits).unwrap();
    let Outcome::Failed(error) = &bulk.items[0].outcome else { panic!("{bulk:?}") };
    assert!(error.reason.ends_with("nested deeper than 20 levels"), "{}", error.reason);
}

#[test]
fn clients_are_told_what_they_insist_on() {
    let cluster = startup::Cluster {
        node_name: "n".into(),
        cluster_name: "c".into(),
        cluster_uuid: "u".into(),
    };
    let root = startup::root(&cluster, startup::VERSION);
    assert_eq!(root["tagline"], "You Know, for Search");
    assert_eq!(root["version"]["build_flavor"], "default");
    assert_eq!(startup::license(&cluster)["license"]["status"], "active");
    assert_eq!(startup::xpack()["features"]["ilm"]["enabled"], true);
    let nodes = startup::nodes_http(&cluster, "8.1.0", "127.0.0.1:9200");
    assert_eq!(nodes["nodes"]["u"]["http"]["publish_address"], "127.0.0.1:9200");
    let version = startup::version_for;
    assert_eq!(version(Some("Elastic-filebeat/9.1.3 (linux; amd64)")), "9.1.3");
    assert_eq!(version(Some("Elastic-filebeat/9.1")), startup::VERSION);
    assert_eq!(version(Some("elasticsearch-py/8.15.0")), startup::VERSION);
    assert_eq!(version(None), startup::VERSION);
}

/// The data set of Quickwit's suite: a hundred events of GitHub.
#[test]
fn decodes_a_real_bulk_body() {
    let Some(folder) = corpora::corpus("elasticsearch") else { return };
    let compressed = corpora::read(&folder.join("gharchive-bulk.json.gz"));
    let body = crate::content::decode("gzip", &compressed, 64 << 20).unwrap();
    let bulk = decode_bulk(&body, None, RECEIVED_NS, &Limits::default()).unwrap();
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!((bulk.items.len(), bulk.batch.records.len()), (lines / 2, lines / 2));
    assert!(bulk.items.iter().all(|item| item.outcome == Outcome::Created));
    let record = &bulk.batch.records[0];
    assert_eq!(record.stream, "gharchive");
    assert!(record.get("actor.login").is_some(), "{record:?}");
}
