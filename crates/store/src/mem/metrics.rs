//! Samples in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Histogram, HistogramSample, Labels, Metadata, MetricBatch, Sample, SampleValue};

use super::{MemStore, Metrics, Stored};
use crate::{
    AppendError, Appended, Commit, MetricStore, QueryContext, QueryError, Select, Series,
    SeriesExemplars, StoreStats,
};

impl Select {
    fn takes(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches_labels(labels))
    }
}

/// The samples from `start_ms` to `end_ms`, both included.
fn read(labels: &Labels, all: &BTreeMap<i64, Stored>, start_ms: i64, end_ms: i64) -> Series {
    let mut series = Series { labels: labels.clone(), ..Series::default() };
    let mut previous: Option<&Histogram> = None;
    for (t_ms, stored) in all.range(..=end_ms) {
        let (t_ms, is_wanted) = (*t_ms, *t_ms >= start_ms);
        let start_ms = stored.start_ms;
        match &stored.value {
            SampleValue::Float(value) => {
                previous = None;
                if is_wanted {
                    series.samples.push(Sample { t_ms, value: *value });
                    series.starts_ms.push(start_ms);
                }
            }
            SampleValue::Histogram(histogram) => {
                if is_wanted {
                    let hint = histogram.stored_hint(previous);
                    let histogram = Arc::new(Histogram { hint, ..(**histogram).clone() });
                    series.histograms.push(HistogramSample { t_ms, start_ms, histogram });
                }
                previous = Some(histogram);
            }
        }
    }
    if series.starts_ms.iter().all(|start| *start == 0) {
        series.starts_ms.clear();
    }
    series
}

impl Metrics {
    /// Of two samples at one instant the first stays.
    fn insert(&mut self, labels: Labels, t_ms: i64, start_ms: i64, value: SampleValue) {
        let series = self.series.entry(labels).or_default();
        series.entry(t_ms).or_insert(Stored { start_ms, value });
    }
}

impl MetricStore for MemStore {
    fn append(&self, batch: MetricBatch) -> Result<Commit, AppendError> {
        let mut metrics = self.metrics.lock();
        let accepted = (batch.samples.len() + batch.histograms.len()) as u64;
        let starts = batch.starts_ms.into_iter().chain(std::iter::repeat(0));
        for (new, start_ms) in batch.samples.into_iter().zip(starts) {
            metrics.insert(new.labels, new.sample.t_ms, start_ms, new.sample.value.into());
        }
        for new in batch.histograms {
            let HistogramSample { t_ms, start_ms, histogram } = new.sample;
            metrics.insert(new.labels, t_ms, start_ms, SampleValue::Histogram(histogram));
        }
        for (labels, exemplar) in batch.exemplars {
            let list = metrics.exemplars.entry(labels).or_default();
            if !list.contains(&exemplar) {
                list.push(exemplar);
            }
        }
        metrics.metadata.extend(batch.metadata);
        Ok(Commit::ready(Ok(Appended { accepted, ..Appended::default() })))
    }

    fn select(&self, select: &Select, context: &QueryContext) -> Result<Vec<Series>, QueryError> {
        let mut found = Vec::new();
        let mut count = 0;
        for (labels, samples) in &self.metrics.lock().series {
            context.cancel.check()?;
            if select.start_ms > select.end_ms || !select.takes(labels) {
                continue;
            }
            let series = read(labels, samples, select.start_ms, select.end_ms);
            count += series.len();
            if count > context.limits.samples {
                let limit = context.limits.samples;
                let message = format!("the query selects more than {limit} samples");
                return Err(QueryError::TooExpensive(message));
            }
            if !series.is_empty() {
                found.push(series);
            }
        }
        Ok(found)
    }

    fn series(&self, select: &Select, context: &QueryContext) -> Result<Vec<Labels>, QueryError> {
        let series = self.select(select, context)?;
        Ok(series.into_iter().map(|series| series.labels).collect())
    }

    fn label_names(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        let series = self.series(select, context)?;
        let names = series.iter().flat_map(|labels| labels.iter().map(|(name, _)| name.to_owned()));
        Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn label_values(
        &self,
        name: &str,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        let series = self.series(select, context)?;
        let values = series.iter().filter_map(|labels| labels.get(name).map(str::to_owned));
        Ok(values.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<SeriesExemplars>, QueryError> {
        context.cancel.check()?;
        let mut found = Vec::new();
        for (labels, all) in &self.metrics.lock().exemplars {
            let in_range = |t_ms: i64| (select.start_ms..=select.end_ms).contains(&t_ms);
            let mut exemplars: Vec<_> = all.iter().filter(|e| in_range(e.t_ms)).cloned().collect();
            if exemplars.is_empty() || !select.takes(labels) {
                continue;
            }
            exemplars.sort_by_key(|exemplar| exemplar.t_ms);
            found.push(SeriesExemplars { labels: labels.clone(), exemplars });
        }
        Ok(found)
    }

    fn metadata(&self) -> Vec<(String, Metadata)> {
        let metrics = self.metrics.lock();
        metrics.metadata.iter().map(|(name, metadata)| (name.clone(), metadata.clone())).collect()
    }

    fn stats(&self) -> StoreStats {
        let metrics = self.metrics.lock();
        let rows = metrics.series.values().map(|samples| samples.len() as u64).sum();
        let series = metrics.series.len() as u64;
        StoreStats { series, head_rows: rows, ..StoreStats::default() }
    }
}
