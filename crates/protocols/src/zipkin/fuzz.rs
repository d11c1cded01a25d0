//! The fuzz entry of Zipkin, and what it starts from.

use super::decode;
use crate::Limits;

/// Decodes `data` as a list of spans.
pub(crate) fn fuzz(data: &[u8]) {
    let _batch = decode(data, 1, &Limits::default());
}

/// A span with everything a span can have.
pub(super) const SPANS: &str = r#"[{"traceId":"5af7183fb1d4cf5f","id":"352bff9a74ca9ad2",
  "parentId":"6b221d5bc9e6496c","kind":"CLIENT","name":"get /api","timestamp":1556604172355737,
  "duration":1431,"localEndpoint":{"serviceName":"backend","ipv4":"192.168.99.1","port":3306},
  "remoteEndpoint":{"serviceName":"db","ipv6":"2001:db8::c001","port":5432},
  "annotations":[{"timestamp":1556604172355800,"value":"ws"},
    {"timestamp":1556604172355900,"value":"log|{\"level\":\"info\",\"n\":3}|0"}],
  "tags":{"http.method":"GET","error":"timeout","otel.scope.name":"lib","n":5},
  "debug":true,"shared":false,"unknown":{"a":[null]}}]"#;

/// One list.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    vec![SPANS.into()]
}
