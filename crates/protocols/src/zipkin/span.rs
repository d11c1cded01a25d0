//! Translating Zipkin's spans to OpenTelemetry's, as the collector does.

use std::sync::Arc;

use model::{
    Attributes, Event, Resource, Scope, Span, SpanId, SpanKind, Status, StatusCode, TraceId, Value,
};

use crate::Limits;
use crate::wire::fields;
use crate::wire::json::JsonReader;

/// A span as Zipkin has it.
#[derive(Debug, Default)]
pub(super) struct ZipkinSpan {
    pub(super) trace_id: Option<TraceId>,
    pub(super) id: Option<SpanId>,
    pub(super) parent_id: Option<SpanId>,
    pub(super) kind: SpanKind,
    pub(super) name: String,
    /// Microseconds since the epoch; 0 when nobody said.
    pub(super) timestamp_us: i64,
    pub(super) duration_us: i64,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) annotations: Vec<Annotation>,
    pub(super) tags: Attributes,
    pub(super) debug: bool,
    pub(super) shared: bool,
}

/// Where a span was recorded, or whom it talked to.
#[derive(Debug, Default)]
pub(super) struct Endpoint {
    pub(super) service: String,
    pub(super) ipv4: String,
    pub(super) ipv6: String,
    pub(super) port: i64,
}

/// Something that happened during a span.
#[derive(Debug)]
pub(super) struct Annotation {
    pub(super) timestamp_us: i64,
    pub(super) value: String,
}

/// The resources of a batch; neighbours mostly have the same.
#[derive(Default)]
pub(super) struct Resources(Vec<Arc<Resource>>);

/// How many resources are compared before another one is made.
const RESOURCES_COMPARED: usize = 16;

impl Resources {
    fn of_service(&mut self, service: String) -> Arc<Resource> {
        let recent = self.0.iter().rev().take(RESOURCES_COMPARED);
        if let Some(known) = recent.into_iter().find(|known| known.service() == service) {
            return known.clone();
        }
        let mut attributes = Attributes::new();
        if !service.is_empty() {
            attributes.push(("service.name".into(), Value::Str(service)));
        }
        let resource = Arc::new(Resource { attributes });
        self.0.push(resource.clone());
        resource
    }
}

impl ZipkinSpan {
    /// The span as it is stored, or which of the required fields are missing.
    pub(super) fn finish(
        mut self,
        received_ns: i64,
        resources: &mut Resources,
    ) -> Result<Span, &'static str> {
        let (trace_id, span_id) = match (self.trace_id, self.id) {
            (Some(trace_id), Some(span_id)) => (trace_id, span_id),
            (None, Some(_)) => return Err("Missing : traceId"),
            (Some(_), None) => return Err("Missing : id"),
            (None, None) => return Err("Missing : traceId id"),
        };
        let start_ns = self.start_ns(received_ns);
        let kind = self.kind();
        let status = status(&mut self.tags);
        let trace_state = take_text(&mut self.tags, "w3c.tracestate");
        let scope = self.scope();
        let events = self.annotations.drain(..).map(Annotation::into_event).collect();
        let mut attributes = std::mem::take(&mut self.tags);
        self.local.describe("net.host", &mut attributes);
        if !self.remote.service.is_empty() {
            let service = std::mem::take(&mut self.remote.service);
            attributes.push(("peer.service".into(), Value::Str(service)));
        }
        self.remote.describe("net.peer", &mut attributes);
        for (name, set) in [("zipkin.shared", self.shared), ("zipkin.debug", self.debug)] {
            if set {
                attributes.push((name.into(), Value::Bool(true)));
            }
        }
        Ok(Span {
            trace_id,
            span_id,
            parent_span_id: self.parent_id.filter(|parent| *parent != span_id),
            trace_state,
            flags: 0,
            name: self.name,
            kind,
            start_ns,
            duration_ns: self.duration_us.max(0).saturating_mul(1000),
            status,
            resource: resources.of_service(self.local.service),
            scope: Arc::new(scope),
            attributes,
            events,
            links: Vec::new(),
        })
    }

    /// Late server spans come without a time; their annotations mostly have one.
    fn start_ns(&self, received_ns: i64) -> i64 {
        let earliest = self.annotations.iter().map(|annotation| annotation.timestamp_us).min();
        match (self.timestamp_us, earliest) {
            (0, Some(timestamp_us)) => timestamp_us.saturating_mul(1000),
            (0, None) => received_ns,
            (timestamp_us, _) => timestamp_us.saturating_mul(1000),
        }
    }

    fn kind(&mut self) -> SpanKind {
        if self.kind == SpanKind::Unspecified
            && take_text(&mut self.tags, "span.kind") == "internal"
        {
            return SpanKind::Internal;
        }
        self.kind
    }

    fn scope(&mut self) -> Scope {
        let mut take = |new: &str, old: &str| match take_text(&mut self.tags, new) {
            name if name.is_empty() => take_text(&mut self.tags, old),
            name => name,
        };
        Scope {
            name: take("otel.scope.name", "otel.library.name"),
            version: take("otel.scope.version", "otel.library.version"),
            attributes: Attributes::new(),
        }
    }
}

impl Endpoint {
    fn describe(&self, prefix: &str, out: &mut Attributes) {
        let ip = if self.ipv4.is_empty() { &self.ipv6 } else { &self.ipv4 };
        if !ip.is_empty() {
            out.push((format!("{prefix}.ip"), Value::Str(ip.clone())));
        }
        if self.port > 0 {
            out.push((format!("{prefix}.port"), Value::Int(self.port)));
        }
    }
}

impl Annotation {
    /// OpenTelemetry's exporters write events as name, JSON of the attributes and a count, with bars
    /// between; anything else is a name.
    fn into_event(self) -> Event {
        let time_ns = self.timestamp_us.saturating_mul(1000);
        let parts = self.value.split_once('|').and_then(|(name, rest)| {
            let (json, dropped) = rest.rsplit_once('|')?;
            dropped.parse::<u32>().ok()?;
            let limits = Limits { decoded_bytes: 64 * json.len(), ..Limits::default() };
            let mut reader = JsonReader::new(json.as_bytes(), &limits);
            match (reader.value(), reader.finish()) {
                (Ok(Value::Map(attributes)), Ok(())) => Some((name.to_owned(), attributes)),
                _ => None,
            }
        });
        let (name, attributes) = parts.unwrap_or((self.value, Attributes::new()));
        Event { time_ns, name, attributes }
    }
}

fn take_text(tags: &mut Attributes, name: &str) -> String {
    fields::remove(tags, name).map_or_else(String::new, |value| value.to_text().into_owned())
}

/// An `error` tag means failure whatever it says, except `false`; more than `true` is a message.
fn status(tags: &mut Attributes) -> Status {
    let code = match take_text(tags, "otel.status_code").to_ascii_uppercase().as_str() {
        "OK" | "STATUS_CODE_OK" => StatusCode::Ok,
        "ERROR" | "STATUS_CODE_ERROR" => StatusCode::Error,
        _ => StatusCode::Unset,
    };
    let mut status = Status { code, message: take_text(tags, "otel.status_description") };
    let error = tags.iter().find(|(name, _)| name == "error").map(|(_, value)| value.to_text());
    match error.as_deref() {
        None | Some("false") => {}
        Some("true" | "") => {
            status.code = StatusCode::Error;
            fields::remove(tags, "error");
        }
        Some(message) => {
            status.code = StatusCode::Error;
            if status.message.is_empty() {
                status.message = message.to_owned();
            }
        }
    }
    status
}
