//! Data points become Prometheus series.

use std::collections::HashSet;

use model::{
    Attributes, Exemplar, Labels, METRIC_NAME, Metadata, MetricBatch, MetricKind, SeriesSample,
    SpanId, TraceId, stale_nan,
};

use super::labels::{self, Pairs};
use super::naming::{Suffix, metric_name, unit_name};
use super::points::{self, Kind, Metric, Point, Temporality};
use crate::limits::Budget;
use crate::{DecodeError, Decoded};

/// Prometheus gives up an exemplar's attributes when its labels exceed this.
const EXEMPLAR_CHARACTERS_MAX: usize = 128;

/// `target_info` gets samples this close together, half of PromQL's usual look-back, so that it is
/// found at every time its resource sent something.
const TARGET_INFO_STEP_MS: i64 = 150_000;

/// How many samples of `target_info` one resource gets; a request that spans more time is damaged.
const TARGET_INFO_SAMPLES_MAX: i64 = 1000;

/// Adds the series of one resource to the batch.
pub(super) fn convert(
    metrics: Vec<Metric>,
    resource: &Attributes,
    received_ns: i64,
    budget: &mut Budget,
    out: &mut Decoded<MetricBatch>,
) -> Result<(), DecodeError> {
    let mut writer = Writer {
        out,
        budget,
        target: labels::target_pairs(resource),
        received_ns,
        times_ms: None,
        families: HashSet::new(),
    };
    for metric in metrics {
        match storable(&metric) {
            Ok(name) => writer.metric(&metric, &name)?,
            Err(reason) => {
                let points = metric.points.len() as u64 + metric.uncounted_points;
                if points > 0 {
                    writer.out.rejected.add(points, &reason);
                }
            }
        }
    }
    writer.target_info(resource)
}

/// The name of a metric that can be stored, or what its sender has to do about one that cannot.
fn storable(metric: &Metric) -> Result<String, String> {
    let name = &metric.name;
    let suffix = match metric.kind {
        Kind::Empty => return Err(format!("metric {name:?} has no data of a known kind")),
        Kind::ExponentialHistogram => {
            return Err(format!(
                "metric {name:?} is an exponential histogram, which is not supported; set \
                 OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=explicit_bucket_histogram"
            ));
        }
        Kind::Sum if metric.monotonic => Suffix::Counter,
        Kind::Gauge => Suffix::Gauge,
        Kind::Sum | Kind::Histogram | Kind::Summary => Suffix::None,
    };
    let has_temporality = matches!(metric.kind, Kind::Sum | Kind::Histogram);
    if has_temporality && metric.temporality != Temporality::Cumulative {
        let found = match metric.temporality {
            Temporality::Delta => "delta temporality",
            _ => "no temporality",
        };
        return Err(format!(
            "metric {name:?} has {found}, only cumulative is supported; set \
             OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative"
        ));
    }
    metric_name(name, &metric.unit, suffix)
        .ok_or_else(|| format!("metric {name:?} has no letter or digit in its name"))
}

/// What the series of one resource are written with.
struct Writer<'b> {
    out: &'b mut Decoded<MetricBatch>,
    budget: &'b mut Budget,
    target: Pairs,
    received_ns: i64,
    /// The earliest and the latest time of a point.
    times_ms: Option<(i64, i64)>,
    /// Names whose metadata is in the batch.
    families: HashSet<String>,
}

impl Writer<'_> {
    fn metric(&mut self, metric: &Metric, name: &str) -> Result<(), DecodeError> {
        if self.families.insert(name.to_owned()) {
            self.metadata(metric, name)?;
        }
        for point in &metric.points {
            let time_ns = if point.time_ns == 0 { self.received_ns } else { point.time_ns };
            let t_ms = time_ns.div_euclid(1_000_000);
            let (earliest, latest) = self.times_ms.unwrap_or((t_ms, t_ms));
            self.times_ms = Some((earliest.min(t_ms), latest.max(t_ms)));
            let Some(pairs) = labels::point_pairs(&point.attributes, &self.target) else {
                let reason = format!("metric {:?} has an attribute without a name", metric.name);
                self.out.rejected.add(1, &reason);
                continue;
            };
            let series = PointSeries { name, pairs: &pairs, t_ms, point };
            match metric.kind {
                Kind::Histogram => self.histogram(&series)?,
                Kind::Summary => self.summary(&series)?,
                _ => {
                    let labels = self.sample(&series, "", None, point.value)?;
                    for exemplar in &point.exemplars {
                        self.exemplar(&labels, exemplar, t_ms)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn metadata(&mut self, metric: &Metric, name: &str) -> Result<(), DecodeError> {
        let kind = match metric.kind {
            Kind::Sum if metric.monotonic => MetricKind::Counter,
            Kind::Gauge | Kind::Sum => MetricKind::Gauge,
            Kind::Histogram | Kind::ExponentialHistogram => MetricKind::Histogram,
            Kind::Summary => MetricKind::Summary,
            Kind::Empty => MetricKind::Unknown,
        };
        let help = metric.description.clone();
        let metadata = Metadata { kind, help, unit: unit_name(&metric.unit) };
        self.budget
            .charge(size_of::<(String, Metadata)>() + 2 * name.len() + metadata.help.len())?;
        self.out.batch.metadata.push((name.to_owned(), metadata));
        Ok(())
    }

    fn histogram(&mut self, series: &PointSeries<'_>) -> Result<(), DecodeError> {
        let point = series.point;
        let mut buckets = Vec::new();
        let mut cumulative = 0u64;
        for (bound, count) in point.bounds.iter().zip(&point.bucket_counts) {
            cumulative = cumulative.saturating_add(*count);
            let bound_text = bound.to_string();
            let labels =
                self.sample(series, "_bucket", Some(("le", &bound_text)), cumulative as f64)?;
            buckets.push((*bound, labels));
        }
        let count = point.count as f64;
        let labels = self.sample(series, "_bucket", Some(("le", "+Inf")), count)?;
        buckets.push((f64::INFINITY, labels));
        self.sample(series, "_count", None, count)?;
        if let Some(sum) = point.sum {
            self.sample(series, "_sum", None, sum)?;
        }
        buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        for exemplar in &point.exemplars {
            let place = buckets.partition_point(|(bound, _)| *bound < exemplar.value);
            if let Some((_, labels)) = buckets.get(place) {
                self.exemplar(labels, exemplar, series.t_ms)?;
            }
        }
        Ok(())
    }

    fn summary(&mut self, series: &PointSeries<'_>) -> Result<(), DecodeError> {
        let point = series.point;
        self.sample(series, "_sum", None, point.sum.unwrap_or_default())?;
        self.sample(series, "_count", None, point.count as f64)?;
        for (quantile, value) in &point.quantiles {
            self.sample(series, "", Some(("quantile", &quantile.to_string())), *value)?;
        }
        Ok(())
    }

    /// Adds one sample and returns the labels of its series.
    fn sample(
        &mut self,
        series: &PointSeries<'_>,
        suffix: &str,
        extra: Option<(&str, &str)>,
        value: f64,
    ) -> Result<Labels, DecodeError> {
        let name = format!("{}{suffix}", series.name);
        let pairs = series.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let labels = Labels::from_pairs(pairs.chain(extra).chain([(METRIC_NAME, name.as_str())]));
        self.budget.charge(size_of::<SeriesSample>() + labels.byte_len())?;
        let value = if series.point.no_recorded_value { stale_nan() } else { value };
        self.out.batch.push(labels.clone(), series.t_ms, value);
        Ok(labels)
    }

    fn exemplar(
        &mut self,
        series: &Labels,
        exemplar: &points::Exemplar,
        point_t_ms: i64,
    ) -> Result<(), DecodeError> {
        let trace_id = exemplar.trace_id.and_then(TraceId::new).map(|id| id.to_string());
        let span_id = exemplar.span_id.and_then(SpanId::new).map(|id| id.to_string());
        let ids: Vec<(&str, String)> = trace_id
            .map(|id| ("trace_id", id))
            .into_iter()
            .chain(span_id.map(|id| ("span_id", id)))
            .collect();
        let attributes: Vec<(&str, String)> = exemplar
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_text().into_owned()))
            .collect();
        let characters = |pairs: &[(&str, String)]| {
            pairs.iter().map(|(n, v)| n.chars().count() + v.chars().count()).sum::<usize>()
        };
        let fits = characters(&ids) + characters(&attributes) <= EXEMPLAR_CHARACTERS_MAX;
        let labels = match fits {
            true => Labels::from_pairs(attributes.into_iter().chain(ids)),
            false => Labels::from_pairs(ids),
        };
        let t_ms = match exemplar.time_ns {
            0 => point_t_ms,
            time_ns => time_ns.div_euclid(1_000_000),
        };
        self.budget.charge(size_of::<(Labels, Exemplar)>() + labels.byte_len())?;
        let exemplar = Exemplar { labels, t_ms, value: exemplar.value };
        self.out.batch.exemplars.push((series.clone(), exemplar));
        Ok(())
    }

    /// `target_info` has what else is known of the resource, for queries to join.
    fn target_info(&mut self, resource: &Attributes) -> Result<(), DecodeError> {
        let Some((earliest, latest)) = self.times_ms else { return Ok(()) };
        let Some(pairs) = labels::info_pairs(resource, &self.target) else { return Ok(()) };
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let labels = Labels::from_pairs(pairs.chain([(METRIC_NAME, "target_info")]));
        let reach = TARGET_INFO_STEP_MS * TARGET_INFO_SAMPLES_MAX;
        let mut t_ms = earliest.max(latest.saturating_sub(reach));
        loop {
            self.budget.charge(size_of::<SeriesSample>())?;
            self.out.batch.push(labels.clone(), t_ms, 1.0);
            if t_ms >= latest {
                return Ok(());
            }
            t_ms = latest.min(t_ms + TARGET_INFO_STEP_MS);
        }
    }
}

/// What the samples of one point have in common.
struct PointSeries<'p> {
    name: &'p str,
    pairs: &'p Pairs,
    t_ms: i64,
    point: &'p Point,
}
