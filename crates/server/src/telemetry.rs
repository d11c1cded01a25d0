//! Sightglass observes itself: what it logs and the spans it records go to its own stores, from the
//! first second, by the same appends as everybody's.

mod console;
mod fields;
mod forward;
mod sampling;

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use env::Env;
use model::{
    LogRecord, Resource, Scope, Severity, Span, SpanId, SpanKind, Status, StatusCode, TraceId,
};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use self::console::Console;
use self::fields::Fields;
pub(crate) use self::forward::{Forwarder, Forwarding};
use self::sampling::Sampler;
use crate::settings::{LogFormat, LogLevel};

/// Records and spans that wait for the stores at most; more are dropped and counted.
const WAITING_MAX: usize = 8192;

/// The service under which Sightglass finds itself.
pub(crate) const SERVICE: &str = "sightglass";

/// Something on its way to a store.
pub(crate) enum Item {
    /// To the logs.
    Log(LogRecord),
    /// To the traces.
    Span(Box<Span>),
}

/// Starts logging to standard error, and keeps everything for the stores until they are open.
pub(crate) fn start(env: &Env, format: LogFormat, level: LogLevel, hostname: &str) -> Forwarder {
    let (sender, forwarder) = Forwarder::new(WAITING_MAX);
    let attribute = |name: &str, value: &str| (name.to_owned(), value.into());
    let resource = Arc::new(Resource {
        attributes: vec![
            attribute("service.name", SERVICE),
            attribute("service.version", env!("CARGO_PKG_VERSION")),
            attribute("host.name", hostname),
        ],
    });
    let layer = SelfLayer {
        env: env.clone(),
        console: Console::new(format),
        level: level.0,
        sampler: Sampler::new(env.clock.clone()),
        resource,
        scope: Arc::default(),
        sender,
        dropped: forwarder.dropped(),
    };
    let registry =
        tracing_subscriber::layer::SubscriberExt::with(tracing_subscriber::registry(), layer);
    if tracing::subscriber::set_global_default(registry).is_err() {
        // Only a second server in one process gets here, as tests may start.
        tracing::debug!("another server in this process logs already");
    }
    forwarder
}

/// Turns events into log records and closed spans into spans.
struct SelfLayer {
    env: Env,
    console: Console,
    level: Level,
    sampler: Sampler,
    resource: Arc<Resource>,
    scope: Arc<Scope>,
    sender: SyncSender<Item>,
    dropped: Arc<std::sync::atomic::AtomicU64>,
}

/// What is known of a span while it is open.
struct OpenSpan {
    trace_id: TraceId,
    span_id: SpanId,
    parent: Option<SpanId>,
    is_sampled: bool,
    start_ns: i64,
    started_ns: u64,
    fields: Fields,
}

impl SelfLayer {
    fn send(&self, item: Item) {
        if self.sender.try_send(item).is_err() {
            self.dropped.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn new_trace_id(&self) -> TraceId {
        let mut bytes = [0; 16];
        loop {
            self.env.random.fill(&mut bytes);
            if let Some(id) = TraceId::new(bytes) {
                return id;
            }
        }
    }

    fn new_span_id(&self) -> SpanId {
        loop {
            if let Some(id) = SpanId::new(self.env.random.next_u64().to_be_bytes()) {
                return id;
            }
        }
    }

    /// The trace and parent of a new span: its parent's, or those a caller sent, or new ones.
    fn lineage(&self, parent: Option<(TraceId, SpanId, bool)>, fields: &Fields) -> Lineage {
        if let Some((trace_id, parent, is_sampled)) = parent {
            return Lineage { trace_id, parent: Some(parent), is_sampled };
        }
        if let Some((trace_id, parent)) = fields.traceparent() {
            return Lineage { trace_id, parent: Some(parent), is_sampled: self.sampler.take() };
        }
        Lineage { trace_id: self.new_trace_id(), parent: None, is_sampled: self.sampler.take() }
    }
}

struct Lineage {
    trace_id: TraceId,
    parent: Option<SpanId>,
    is_sampled: bool,
}

/// The crates of this workspace; libraries are heard from warnings on.
const OURS: [&str; 14] = [
    "alerting",
    "api",
    "collect",
    "env",
    "http_client",
    "logstore",
    "metricstore",
    "promql",
    "protocols",
    "records",
    "sightglass",
    "storage",
    "store",
    "tracestore",
];

fn is_ours(metadata: &Metadata<'_>) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    OURS.contains(&crate_name)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SelfLayer {
    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        let least = if is_ours(metadata) { self.level } else { Level::WARN };
        *metadata.level() <= least
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let fields = Fields::of(attributes);
        let parent = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            let open = extensions.get::<OpenSpan>()?;
            Some((open.trace_id, open.span_id, open.is_sampled))
        });
        let Lineage { trace_id, parent, is_sampled } = self.lineage(parent, &fields);
        span.extensions_mut().insert(OpenSpan {
            trace_id,
            span_id: self.new_span_id(),
            parent,
            is_sampled,
            start_ns: self.env.clock.now_ns(),
            started_ns: self.env.clock.monotonic_ns(),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<OpenSpan>()
        {
            values.record(&mut open.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut record = LogRecord {
            time_ns: self.env.clock.now_ns(),
            severity: severity(*event.metadata().level()),
            message: fields.take_message(),
            service: SERVICE.to_owned(),
            stream: SERVICE.to_owned(),
            ..LogRecord::default()
        };
        if let Some(span) = context.event_span(event)
            && let Some(open) = span.extensions().get::<OpenSpan>()
            && open.is_sampled
        {
            record.trace_id = Some(open.trace_id);
            record.span_id = Some(open.span_id);
        }
        record.fields = fields.into_attributes();
        let target = ("logger".to_owned(), event.metadata().target().into());
        record.fields.push(target);
        self.console.write(&record);
        self.send(Item::Log(record));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<OpenSpan>() else { return };
        let is_error = open.fields.is_error();
        if !open.is_sampled && !is_error {
            return;
        }
        let duration_ns = self.env.clock.monotonic_ns().saturating_sub(open.started_ns);
        let mut fields = open.fields;
        let name = fields.take_name().unwrap_or_else(|| span.name().to_owned());
        let kind = fields.take_kind();
        self.send(Item::Span(Box::new(Span {
            trace_id: open.trace_id,
            span_id: open.span_id,
            parent_span_id: open.parent,
            trace_state: String::new(),
            flags: 1,
            name,
            kind,
            start_ns: open.start_ns,
            duration_ns: i64::try_from(duration_ns).unwrap_or(i64::MAX),
            status: status(is_error),
            resource: self.resource.clone(),
            scope: self.scope.clone(),
            attributes: fields.into_attributes(),
            events: Vec::new(),
            links: Vec::new(),
        })));
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::ERROR => Severity::ERROR,
        Level::WARN => Severity::WARN,
        Level::INFO => Severity::INFO,
        Level::DEBUG => Severity::DEBUG,
        Level::TRACE => Severity::TRACE,
    }
}

fn status(is_error: bool) -> Status {
    let code = if is_error { StatusCode::Error } else { StatusCode::Unset };
    Status { code, message: String::new() }
}

impl Fields {
    fn take_kind(&mut self) -> SpanKind {
        match self.take("otel.kind").as_deref() {
            Some("server") => SpanKind::Server,
            Some("client") => SpanKind::Client,
            _ => SpanKind::Internal,
        }
    }
}
