//! What `/metrics` says: the API's counters, and what stores, scraping, alerting and the process
//! tell when they are asked.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alerting::Alerting;
use collect::scrape::{Exposer, Format, Scraper};
use collect::span_metrics::SpanMetrics;
use env::Env;
use model::MetricKind;
use parking_lot::{Mutex, RwLock};
use prometheus_client::registry::Registry;
use store::{LogStore, MetricStore, StoreStats, TraceStore};

use crate::process;

/// Everything that has figures.
pub(crate) struct Exposition {
    pub(crate) env: Env,
    pub(crate) started_ms: i64,
    pub(crate) registry: Registry,
    pub(crate) metrics: Arc<dyn MetricStore>,
    pub(crate) logs: Arc<dyn LogStore>,
    pub(crate) traces: Arc<dyn TraceStore>,
    pub(crate) span_metrics: Arc<Mutex<SpanMetrics>>,
    pub(crate) telemetry_dropped: Arc<AtomicU64>,
    /// Set once they run; they are started with this as one of their targets.
    pub(crate) running: RwLock<Option<(Arc<Scraper>, Arc<Alerting>)>>,
}

/// One value on its way out.
struct Value {
    name: String,
    help: String,
    kind: MetricKind,
    labels: Vec<(String, String)>,
    value: f64,
}

impl Exposition {
    /// All of it as OpenMetrics.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for family in families(self.values()) {
            write_family(&family, &mut text);
        }
        let mut counters = String::new();
        match prometheus_client::encoding::text::encode(&mut counters, &self.registry) {
            Ok(()) => text + &counters,
            Err(error) => {
                tracing::error!(%error, "the API's counters could not be written");
                text + "# EOF\n"
            }
        }
    }

    fn values(&self) -> Vec<Value> {
        let mut values = process_values(&self.env, self.started_ms);
        for (signal, stats) in [
            ("metrics", self.metrics.stats()),
            ("logs", self.logs.stats()),
            ("traces", self.traces.stats()),
        ] {
            values.extend(store_values(signal, &stats));
        }
        let dropped = self.telemetry_dropped.load(Ordering::Relaxed);
        values.push(Value {
            name: "sightglass_self_telemetry_dropped".to_owned(),
            help: "The server's own records and spans that could not be stored".to_owned(),
            kind: MetricKind::Counter,
            labels: Vec::new(),
            value: dropped as f64,
        });
        let mut collected = self.span_metrics.lock().self_metrics();
        if let Some((scraper, alerting)) = &*self.running.read() {
            collected.extend(scraper.self_metrics());
            values.extend(alerting.metrics().into_iter().map(|metric| Value {
                name: metric.name.to_owned(),
                help: metric.help.to_owned(),
                kind: metric.kind,
                labels: metric.labels.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
                value: metric.value,
            }));
        }
        values.extend(collected.into_iter().map(|metric| Value {
            name: metric.name.to_owned(),
            help: metric.help.to_owned(),
            kind: metric.kind,
            labels: metric.labels.into_iter().map(|(name, v)| (name.to_owned(), v)).collect(),
            value: metric.value,
        }));
        values
    }
}

impl Exposer for Exposition {
    fn expose(&self) -> (Format, Vec<u8>) {
        (Format::OpenMetrics, self.text().into_bytes())
    }
}

fn gauge(name: &str, help: &str, value: f64) -> Value {
    let (name, help) = (name.to_owned(), help.to_owned());
    Value { name, help, kind: MetricKind::Gauge, labels: Vec::new(), value }
}

fn process_values(env: &Env, started_ms: i64) -> Vec<Value> {
    let usage = process::usage(&*env.fs);
    let mut cpu = gauge(
        "process_cpu_seconds",
        "Processor time of this process in seconds",
        usage.cpu_seconds,
    );
    cpu.kind = MetricKind::Counter;
    let mut build = gauge("sightglass_build_info", "The version that runs", 1.0);
    build.labels = vec![("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    vec![
        gauge(
            "process_resident_memory_bytes",
            "Memory of this process in bytes",
            usage.memory_bytes as f64,
        ),
        gauge(
            "process_start_time_seconds",
            "When this process began, in seconds since the epoch",
            started_ms as f64 / 1000.0,
        ),
        gauge(
            "process_open_fds",
            "Files this process has open",
            process::open_files(&*env.fs) as f64,
        ),
        cpu,
        build,
    ]
}

fn store_values(signal: &str, stats: &StoreStats) -> Vec<Value> {
    let mut values = vec![
        gauge("sightglass_store_head_rows", "Rows in memory", stats.head_rows as f64),
        gauge("sightglass_store_head_bytes", "Bytes of rows in memory", stats.head_bytes as f64),
        gauge("sightglass_store_wal_bytes", "Bytes of the write-ahead log", stats.wal_bytes as f64),
        gauge("sightglass_store_parts", "Part files", stats.parts as f64),
        gauge("sightglass_store_part_rows", "Rows in part files", stats.part_rows as f64),
        gauge("sightglass_store_part_bytes", "Bytes of part files", stats.part_bytes as f64),
        gauge(
            "sightglass_store_quarantined_files",
            "Damaged files that were put aside",
            stats.quarantined.len() as f64,
        ),
    ];
    if let Some(newest_ns) = stats.newest_ns {
        let help = "When the newest row happened, in seconds since the epoch";
        values.push(gauge(
            "sightglass_store_newest_timestamp_seconds",
            help,
            newest_ns as f64 / 1e9,
        ));
    }
    if signal == "metrics" {
        let help = "Series with samples in memory";
        values.push(gauge("sightglass_store_series", help, stats.series as f64));
    }
    for value in &mut values {
        value.labels.push(("signal".to_owned(), signal.to_owned()));
    }
    values
}

/// Values by name, because all of a family stand together.
fn families(values: Vec<Value>) -> Vec<Vec<Value>> {
    let mut families: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for value in values {
        let name = value.name.trim_end_matches("_total").to_owned();
        families.entry(name.clone()).or_default().push(Value { name, ..value });
    }
    families.into_values().collect()
}

fn write_family(family: &[Value], text: &mut String) {
    let Some(first) = family.first() else { return };
    let kind = match first.kind {
        MetricKind::Counter => "counter",
        _ => "gauge",
    };
    let suffix = if kind == "counter" { "_total" } else { "" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# TYPE {} {kind}", first.name);
    let _ = writeln!(text, "# HELP {} {}", first.name, first.help.replace('\n', " "));
    for value in family {
        let labels: Vec<_> =
            value.labels.iter().map(|(name, v)| format!("{name}={}", quoted(v))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let number = promql::format_float(value.value);
        let _ = writeln!(text, "{}{suffix}{labels} {number}", value.name);
    }
}

/// A label value as OpenMetrics quotes it.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_stand_together_and_counters_end_in_total() {
        let counter = |labels: &[(&str, &str)], value| Value {
            name: "a_total".into(),
            help: "h".into(),
            kind: MetricKind::Counter,
            labels: labels.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
            value,
        };
        let values = vec![counter(&[("x", "q\"\\")], 1.0), gauge("b", "g", 2.5), counter(&[], 3.0)];
        let mut text = String::new();
        families(values).iter().for_each(|family| write_family(family, &mut text));
        assert_eq!(
            text,
            "# TYPE a counter\n# HELP a h\na_total{x=\"q\\\"\\\\\"} 1\na_total 3\n\
             # TYPE b gauge\n# HELP b g\nb 2.5\n"
        );
    }
}
