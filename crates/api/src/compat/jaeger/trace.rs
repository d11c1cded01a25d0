//! Traces as Jaeger's interface reads them: tags with types, processes shared by key.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::{Resource, Span, SpanId, StatusCode, TraceId, Value};
use serde_json::{Value as Json, json};

/// One trace; `spans` are of one trace and not empty.
pub(super) fn to_json(spans: &[Span]) -> Json {
    let mut processes: Vec<(&Arc<Resource>, String)> = Vec::new();
    let mut list = Vec::with_capacity(spans.len());
    for span in spans {
        let known = processes.iter().find(|(resource, _)| **resource == span.resource);
        let key = match known {
            Some((_, key)) => key.clone(),
            None => {
                let key = format!("p{}", processes.len() + 1);
                processes.push((&span.resource, key.clone()));
                key
            }
        };
        list.push(span_json(span, &key));
    }
    let processes: serde_json::Map<_, _> =
        processes.into_iter().map(|(resource, key)| (key, process_json(resource))).collect();
    json!({
        "traceID": spans[0].trace_id.to_string(),
        "spans": list,
        "processes": processes,
        "warnings": null,
    })
}

fn process_json(resource: &Resource) -> Json {
    let rest = resource.attributes.iter().filter(|(name, _)| name != "service.name");
    let tags: Vec<_> = rest.map(|(name, value)| tag(name, value)).collect();
    json!({"serviceName": resource.service(), "tags": tags})
}

fn span_json(span: &Span, process: &str) -> Json {
    let parent = span.parent_span_id.map(|id| reference("CHILD_OF", span.trace_id, id));
    let links =
        span.links.iter().map(|link| reference("FOLLOWS_FROM", link.trace_id, link.span_id));
    json!({
        "traceID": span.trace_id.to_string(),
        "spanID": span.span_id.to_string(),
        "flags": span.flags & 0xff,
        "operationName": span.name,
        "references": parent.into_iter().chain(links).collect::<Vec<_>>(),
        "startTime": span.start_ns / 1000,
        "duration": span.duration_ns / 1000,
        "tags": span_tags(span),
        "logs": span.events.iter().map(event_json).collect::<Vec<_>>(),
        "processID": process,
        "warnings": null,
    })
}

fn reference(kind: &str, trace_id: TraceId, span_id: SpanId) -> Json {
    json!({"refType": kind, "traceID": trace_id.to_string(), "spanID": span_id.to_string()})
}

/// A span's own attributes, and what OpenTelemetry's mapping to Jaeger adds as tags.
fn span_tags(span: &Span) -> Vec<Json> {
    let mut tags: Vec<_> = span.attributes.iter().map(|(name, value)| tag(name, value)).collect();
    let mut add = |name: &str, text: &str| {
        if !text.is_empty() {
            tags.push(tag(name, &Value::from(text)));
        }
    };
    add("otel.scope.name", &span.scope.name);
    add("otel.scope.version", &span.scope.version);
    add("span.kind", span.kind.name());
    match span.status.code {
        StatusCode::Unset => {}
        StatusCode::Ok => add("otel.status_code", "OK"),
        StatusCode::Error => {
            add("otel.status_code", "ERROR");
            add("otel.status_description", &span.status.message);
        }
    }
    add("w3c.tracestate", &span.trace_state);
    if span.status.code == StatusCode::Error {
        tags.push(tag("error", &Value::Bool(true)));
    }
    tags
}

fn event_json(event: &model::Event) -> Json {
    let name = (!event.name.is_empty()).then(|| tag("event", &Value::from(event.name.as_str())));
    let rest = event.attributes.iter().map(|(name, value)| tag(name, value));
    json!({
        "timestamp": event.time_ns / 1000,
        "fields": name.into_iter().chain(rest).collect::<Vec<_>>(),
    })
}

fn tag(name: &str, value: &Value) -> Json {
    let (kind, value) = match value {
        Value::Bool(value) => ("bool", Json::Bool(*value)),
        Value::Int(value) => ("int64", Json::from(*value)),
        Value::Float(_) => ("float64", value.to_json()),
        Value::Bytes(_) => ("binary", value.to_json()),
        other => ("string", Json::String(other.to_text().into_owned())),
    };
    json!({"key": name, "type": kind, "value": value})
}

/// Calls between services in these traces, as parent and child of a call with their count.
pub(super) fn dependencies(traces: &[Vec<Span>]) -> Vec<Json> {
    let mut calls: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for spans in traces {
        let services: HashMap<SpanId, &str> =
            spans.iter().map(|span| (span.span_id, span.resource.service())).collect();
        for span in spans {
            let parent = span.parent_span_id.and_then(|id| services.get(&id));
            if let Some(parent) = parent
                && *parent != span.resource.service()
            {
                *calls.entry((parent, span.resource.service())).or_default() += 1;
            }
        }
    }
    let link =
        |((parent, child), count)| json!({"parent": parent, "child": child, "callCount": count});
    calls.into_iter().map(link).collect()
}

/// Whether attributes hold a name; used by tests of the mapping.
#[cfg(test)]
fn has(tags: &[Json], name: &str, value: &Json) -> bool {
    tags.iter().any(|tag| tag["key"] == name && &tag["value"] == value)
}

#[cfg(test)]
mod tests {
    use model::{Attributes, Event, SpanKind, Status};

    use super::*;

    fn span(service: &str, id: &str, parent: Option<&str>) -> Span {
        let attributes: Attributes =
            vec![("service.name".into(), service.into()), ("host".into(), "h1".into())];
        Span {
            trace_id: "1f".parse().unwrap(),
            span_id: id.parse().unwrap(),
            parent_span_id: parent.map(|id| id.parse().unwrap()),
            trace_state: String::new(),
            flags: 1,
            name: "GET /".into(),
            kind: SpanKind::Server,
            start_ns: 5_000_000,
            duration_ns: 2_500,
            status: Status { code: StatusCode::Error, message: "boom".into() },
            resource: Arc::new(Resource { attributes }),
            scope: Arc::default(),
            attributes: vec![("http.status".into(), Value::Int(500))],
            events: vec![Event {
                time_ns: 5_001_000,
                name: "exception".into(),
                attributes: Vec::new(),
            }],
            links: Vec::new(),
        }
    }

    #[test]
    fn a_span_has_tags_process_and_references() {
        let trace =
            to_json(&[span("a", "1", None), span("b", "2", Some("1")), span("b", "3", Some("2"))]);
        assert_eq!(trace["processes"].as_object().unwrap().len(), 2);
        assert_eq!(trace["processes"]["p2"]["serviceName"], "b");
        let child = &trace["spans"][1];
        assert_eq!(child["references"][0]["spanID"], "0000000000000001");
        assert_eq!(
            (child["startTime"].as_i64(), child["duration"].as_i64()),
            (Some(5000), Some(2))
        );
        assert_eq!(child["logs"][0]["fields"][0]["value"], "exception");
        let tags = child["tags"].as_array().unwrap();
        assert!(has(tags, "span.kind", &json!("server")));
        assert!(has(tags, "error", &json!(true)));
        assert!(has(tags, "otel.status_description", &json!("boom")));
        assert!(has(tags, "http.status", &json!(500)));
    }

    #[test]
    fn calls_between_services_are_counted() {
        let spans =
            vec![span("a", "1", None), span("b", "2", Some("1")), span("b", "3", Some("2"))];
        let calls = dependencies(&[spans.clone(), spans]);
        assert_eq!(calls, [json!({"parent": "a", "child": "b", "callCount": 2})]);
    }
}
