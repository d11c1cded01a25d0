//! The rules within one metric family.

use std::collections::HashSet;

use model::{Labels, METRIC_NAME, MetricKind};

use super::{metric_name, suffixes};
use crate::exposition::number::parse_float;
use crate::exposition::{Label, Sample};

/// A family while its lines pass by.
pub(super) struct Family {
    pub(super) name: String,
    pub(super) kind: MetricKind,
    pub(super) has_unit: bool,
    described: Vec<&'static str>,
    /// The metrics that had samples; the samples of each must follow each other.
    metrics: HashSet<Labels>,
    current: Option<Metric>,
}

/// The samples of one label set, as far as they concern each other.
#[derive(Default)]
struct Metric {
    labels: Labels,
    t_ms: Option<i64>,
    /// Upper bounds and counts of the buckets at this time.
    buckets: Vec<(f64, f64)>,
    sum: Option<f64>,
    count: Option<f64>,
}

impl Family {
    pub(super) fn new(name: &str) -> Self {
        Family {
            name: name.to_owned(),
            kind: MetricKind::Unknown,
            has_unit: false,
            described: Vec::new(),
            metrics: HashSet::new(),
            current: None,
        }
    }

    /// Notes a line of metadata.
    pub(super) fn describe(&mut self, keyword: &'static str) -> Result<(), String> {
        if !self.metrics.is_empty() {
            return Err(format!("{keyword} of {} stands behind its samples", self.name));
        }
        if self.described.contains(&keyword) {
            return Err(format!("a second {keyword} of {}", self.name));
        }
        self.described.push(keyword);
        Ok(())
    }

    /// The sample names this kind reserves, other than the family's own.
    pub(super) fn reserved_names(&self) -> impl Iterator<Item = String> {
        let suffixes = suffixes(self.kind).iter().filter(|suffix| !suffix.is_empty());
        suffixes.map(|suffix| format!("{}{suffix}", self.name))
    }

    /// The ending of a sample's name, if it belongs here.
    pub(super) fn suffix(&self, sample_name: &str) -> Option<&'static str> {
        let rest = sample_name.strip_prefix(&self.name)?;
        suffixes(self.kind).iter().copied().find(|suffix| *suffix == rest)
    }

    pub(super) fn sample(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let suffix = self.suffix(metric_name(sample.labels)).unwrap_or_default();
        let own_label = match (self.kind, suffix) {
            (MetricKind::Histogram | MetricKind::GaugeHistogram, "_bucket") => "le",
            (MetricKind::Summary, "") => "quantile",
            (MetricKind::StateSet, _) => &self.name,
            _ => "",
        };
        let others =
            sample.labels.iter().filter(|(name, _)| name != METRIC_NAME && name != own_label);
        let labels = Labels::from_pairs(others.map(|(name, value)| (name, value)));
        let own = sample.labels.iter().find(|(name, _)| name == own_label);
        self.check_value(suffix, sample, own)?;
        self.enter_metric(labels, sample.t_ms)?;
        match (self.current.as_mut(), suffix) {
            (Some(metric), "_bucket") => metric.bucket(own, sample.value)?,
            (Some(metric), "_sum" | "_gsum") => metric.sum = Some(sample.value),
            (Some(metric), "_count" | "_gcount") => metric.count = Some(sample.value),
            _ => {}
        }
        Ok(())
    }

    /// Ends the family.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        if self.has_unit && matches!(self.kind, MetricKind::Info | MetricKind::StateSet) {
            return Err(format!("{} cannot have a unit", self.name));
        }
        match self.current.take() {
            Some(metric) => metric.finish(self.kind),
            None => Ok(()),
        }
    }

    /// The rules that concern a sample alone.
    fn check_value(
        &self,
        suffix: &str,
        sample: &Sample<'_>,
        own_label: Option<&Label<'_>>,
    ) -> Result<(), String> {
        use MetricKind::{Counter, GaugeHistogram, Histogram, Info, StateSet, Summary};
        let value = sample.value;
        let valid = match (self.kind, suffix) {
            (Counter, "_total") | (Histogram | Summary, "_sum" | "_count") => value >= 0.0,
            (Histogram | GaugeHistogram, "_bucket") | (GaugeHistogram, "_gcount") => value >= 0.0,
            (GaugeHistogram, "_gsum") => !value.is_nan(),
            (Info, _) => value == 1.0,
            (StateSet, _) => own_label.is_some() && (value == 0.0 || value == 1.0),
            (Summary, "") => {
                let quantile = own_label.and_then(|(_, quantile)| parse_float(quantile));
                let in_range = quantile.is_some_and(|number| (0.0..=1.0).contains(&number));
                in_range && (value.is_nan() || value >= 0.0)
            }
            _ => true,
        };
        if !valid {
            let kind = self.kind.name();
            return Err(format!("the value {value} or the labels are not those of a {kind}"));
        }
        let may_have_exemplar = matches!(
            (self.kind, suffix),
            (Counter, "_total") | (Histogram | GaugeHistogram, "_bucket")
        );
        if sample.exemplar.is_some() && !may_have_exemplar {
            return Err("only counters and buckets have exemplars".into());
        }
        Ok(())
    }

    /// Goes on with the current metric, or begins another one.
    fn enter_metric(&mut self, labels: Labels, t_ms: Option<i64>) -> Result<(), String> {
        if let Some(metric) = self.current.as_mut().filter(|metric| metric.labels == labels) {
            return match (metric.t_ms, t_ms) {
                (Some(before), Some(now)) if now < before => {
                    Err("timestamps go backwards within a metric".into())
                }
                (Some(before), Some(now)) if now > before => {
                    let next = Metric { labels, t_ms, ..Metric::default() };
                    std::mem::replace(metric, next).finish(self.kind)
                }
                (before, now) if before.is_some() != now.is_some() => {
                    Err("some samples of a metric have timestamps, others not".into())
                }
                _ => Ok(()),
            };
        }
        if !self.metrics.insert(labels.clone()) {
            return Err(format!("the samples of {labels} do not follow each other"));
        }
        match self.current.replace(Metric { labels, t_ms, ..Metric::default() }) {
            Some(metric) => metric.finish(self.kind),
            None => Ok(()),
        }
    }
}

impl Metric {
    fn bucket(&mut self, bound: Option<&Label<'_>>, count: f64) -> Result<(), String> {
        let text = bound.map_or("", |(_, text)| text);
        let valid = |bound: &f64| !bound.is_nan() && (bound.is_finite() || text == "+Inf");
        let Some(bound) = parse_float(text).filter(valid) else {
            return Err(format!("a bucket's le is not a bound: {text:?}"));
        };
        match self.buckets.last() {
            Some((below, _)) if *below >= bound => Err("buckets are not in order".into()),
            Some((_, fewer)) if *fewer > count => Err("the counts of buckets decrease".into()),
            _ => {
                self.buckets.push((bound, count));
                Ok(())
            }
        }
    }

    /// The rules that concern all samples of a histogram at one time.
    fn finish(self, kind: MetricKind) -> Result<(), String> {
        if !matches!(kind, MetricKind::Histogram | MetricKind::GaugeHistogram) {
            return Ok(());
        }
        let Some((_, total)) = self.buckets.last().filter(|(bound, _)| bound.is_infinite()) else {
            return Err("a histogram has no bucket with le=\"+Inf\"".into());
        };
        if self.sum.is_some() != self.count.is_some() {
            return Err("a histogram has a sum without a count, or the reverse".into());
        }
        if self.count.is_some_and(|count| count != *total) {
            return Err("the count of a histogram is not that of its last bucket".into());
        }
        let below_zero = self.buckets.iter().any(|(bound, _)| *bound < 0.0);
        match (kind, self.sum) {
            (MetricKind::Histogram, Some(_)) if below_zero => {
                Err("a histogram with buckets below zero has a sum".into())
            }
            (MetricKind::GaugeHistogram, Some(sum)) if sum < 0.0 && !below_zero => {
                Err("the sum of a histogram without buckets below zero is negative".into())
            }
            _ => Ok(()),
        }
    }
}
