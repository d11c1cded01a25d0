//! What a service counts, for Prometheus to scrape: the names are OpenTelemetry's for HTTP and
//! databases, as Prometheus writes them.

use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::{Duration, UNIX_EPOCH};

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::exemplar::{CounterWithExemplar, HistogramWithExemplars};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::trace::{SpanContext, hex};

/// What `/metrics` answers.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The buckets that OpenTelemetry advises for the durations of requests.
const BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The labels of an exemplar.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct TraceLabels {
    trace_id: String,
    span_id: String,
}

/// A request that was served.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct ServedLabels {
    pub(crate) http_request_method: &'static str,
    pub(crate) http_route: &'static str,
    pub(crate) http_response_status_code: u16,
}

/// A request that was sent to another service; the code is 0 when no answer came.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct SentLabels {
    pub(crate) server_address: &'static str,
    pub(crate) http_request_method: &'static str,
    pub(crate) http_response_status_code: u16,
}

/// A statement that a database ran.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct StatementLabels {
    pub(crate) db_operation_name: &'static str,
    pub(crate) db_collection_name: &'static str,
}

/// An order.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct OrderLabels {
    pub(crate) outcome: &'static str,
    pub(crate) currency: &'static str,
}

/// A charge of a card.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct ChargeLabels {
    pub(crate) outcome: &'static str,
    pub(crate) card: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) acquirer: &'static str,
}

type Histogram = HistogramWithExemplars<TraceLabels>;
type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// Everything that is counted; what a service never touches does not show.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) served: Histograms<ServedLabels>,
    pub(crate) in_flight: Gauge<i64, AtomicI64>,
    pub(crate) sent: Histograms<SentLabels>,
    pub(crate) statements: Histograms<StatementLabels>,
    pub(crate) orders: Family<OrderLabels, Counter>,
    pub(crate) charges: Family<ChargeLabels, CounterWithExemplar<TraceLabels, u64, AtomicU64>>,
    pub(crate) dropped_spans: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let histograms: fn() -> Histogram = || Histogram::new(BUCKETS.into_iter());
        let mut metrics = Metrics {
            registry: Registry::default(),
            served: Family::new_with_constructor(histograms),
            in_flight: Gauge::default(),
            sent: Family::new_with_constructor(histograms),
            statements: Family::new_with_constructor(histograms),
            orders: Family::default(),
            charges: Family::default(),
            dropped_spans: Counter::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let Metrics { registry, .. } = self;
        let seconds = Unit::Seconds;
        registry.register_with_unit(
            "http_server_request_duration",
            "Duration of requests that were served",
            seconds.clone(),
            self.served.clone(),
        );
        registry.register_with_unit(
            "http_client_request_duration",
            "Duration of requests to other services",
            seconds.clone(),
            self.sent.clone(),
        );
        registry.register_with_unit(
            "db_client_operation_duration",
            "Duration of statements in the database",
            seconds,
            self.statements.clone(),
        );
        registry.register(
            "http_server_active_requests",
            "Requests that are being served",
            self.in_flight.clone(),
        );
        registry.register("shop_orders", "Orders by how they ended", self.orders.clone());
        registry.register("shop_charges", "Charges of cards by outcome", self.charges.clone());
        registry.register(
            "shop_dropped_spans",
            "Spans that could not be sent",
            self.dropped_spans.clone(),
        );
        let build = Info::new(vec![("version", super::VERSION)]);
        registry.register("shop_build", "What is running", build);
    }

    /// Everything in OpenMetrics' text format.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a string does not fail.
        let _infallible = text::encode(&mut page, &self.registry);
        page
    }
}

/// Counts a duration, with an exemplar that leads to its trace.
pub(crate) fn observe(histogram: &Histogram, took: Duration, span: SpanContext, now_ns: i64) {
    let at = Duration::from_nanos(now_ns.unsigned_abs());
    histogram.observe(took.as_secs_f64(), exemplar(span), Some(UNIX_EPOCH + at));
}

/// The exemplar of a span, if its trace is recorded.
pub(crate) fn exemplar(span: SpanContext) -> Option<TraceLabels> {
    let labels = || TraceLabels { trace_id: hex(&span.trace_id), span_id: hex(&span.span_id) };
    span.sampled.then(labels)
}
