//! The fuzz entry of Elasticsearch, and what it starts from.

use super::{accepted, decode_bulk, filter_path, stream_name};
use crate::Limits;

/// Decodes `data` as a bulk body, answers it, and takes it for an index name and a filter.
pub(crate) fn fuzz(data: &[u8]) {
    if let Ok(bulk) = decode_bulk(data, Some("logs"), 1, &Limits::default()) {
        let _reply = accepted(&bulk.items, 0, Some("items.*.error,-**.reason"));
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _stream = stream_name(text);
        let _filtered = filter_path(serde_json::json!({ "a": [{ "b": 1 }] }), text);
    }
}

/// A body with every action, and index names with every suffix.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let bulk = concat!(
        "{\"index\":{\"_index\":\"logstash-2026.08.22\",\"_id\":\"1\",\"_type\":\"_doc\"}}\n",
        "{\"@timestamp\":\"2026-08-22T10:00:00Z\",\"msg\":\"h\\u00fc\",\"a\":{\"b\":[1,2.5]},\"a.c\":null}\n",
        "{\"create\":{}}\r\n{\"log\":\"x\"}\r\n\n",
        "{\"update\":{\"_id\":7}}\n{\"doc\":{\"m\":1},\"doc_as_upsert\":true}\n",
        "{\"delete\":{\"_id\":\"9\"}}\n",
        "{\"index\":{\"_index\":\"UPPER\"}}\n{}\n{\"index\":{}}\nno document\n",
    );
    let names = ".ds-logs-2026.08.22-000001";
    vec![bulk.into(), names.into(), "<a-{now/d}-000001>".into()]
}
