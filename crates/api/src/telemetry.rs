//! What the API counts about itself, in Prometheus' terms.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ingest {
    signal: &'static str,
    protocol: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Rejection {
    signal: &'static str,
    protocol: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    handler: String,
    method: String,
    code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Handler {
    handler: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Language {
    language: &'static str,
}

const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

/// The API's counters; a clone counts into the same.
#[derive(Clone)]
pub struct Telemetry {
    received: Family<Ingest, Counter>,
    bytes: Family<Ingest, Counter>,
    rejected: Family<Rejection, Counter>,
    requests: Family<Request, Counter>,
    durations: Family<Handler, Histogram, fn() -> Histogram>,
    queries: Family<Language, Histogram, fn() -> Histogram>,
}

impl Telemetry {
    /// Counters at zero, entered in a registry.
    pub fn register(registry: &mut Registry) -> Self {
        let telemetry = Telemetry {
            received: Family::default(),
            bytes: Family::default(),
            rejected: Family::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            queries: Family::new_with_constructor(histogram),
        };
        let all = telemetry.clone();
        registry.register(
            "sightglass_records_received",
            "Samples, log records and spans that were stored",
            all.received,
        );
        registry.register(
            "sightglass_bytes_received",
            "Bytes of request bodies, after decompression",
            all.bytes,
        );
        registry.register(
            "sightglass_records_rejected",
            "Records, or whole batches, that were not stored",
            all.rejected,
        );
        registry.register("sightglass_http_requests", "Requests by handler", all.requests);
        registry.register(
            "sightglass_http_request_duration_seconds",
            "Time to answer a request",
            all.durations,
        );
        registry.register(
            "sightglass_query_duration_seconds",
            "Time to answer a query",
            all.queries,
        );
        telemetry
    }

    pub(crate) fn received(&self, signal: &'static str, protocol: &'static str, records: u64) {
        self.received.get_or_create(&Ingest { signal, protocol }).inc_by(records);
    }

    pub(crate) fn bytes(&self, signal: &'static str, protocol: &'static str, bytes: usize) {
        self.bytes.get_or_create(&Ingest { signal, protocol }).inc_by(bytes as u64);
    }

    pub(crate) fn rejected(
        &self,
        signal: &'static str,
        protocol: &'static str,
        reason: &'static str,
        records: u64,
    ) {
        self.rejected.get_or_create(&Rejection { signal, protocol, reason }).inc_by(records);
    }

    pub(crate) fn request(&self, handler: &str, method: &str, code: u16, seconds: f64) {
        let request = Request { handler: handler.to_owned(), method: method.to_owned(), code };
        self.requests.get_or_create(&request).inc();
        let handler = Handler { handler: handler.to_owned() };
        self.durations.get_or_create(&handler).observe(seconds);
    }

    pub(crate) fn query(&self, language: &'static str, seconds: f64) {
        self.queries.get_or_create(&Language { language }).observe(seconds);
    }
}
