//! Samples in memory.

use std::collections::BTreeSet;

use model::{Labels, Metadata, MetricBatch};

use super::MemStore;
use crate::{
    AppendError, Appended, Commit, MetricStore, QueryContext, QueryError, Select, Series,
    SeriesExemplars, StoreStats,
};

impl Select {
    fn takes(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches_labels(labels))
    }
}

impl MetricStore for MemStore {
    fn append(&self, batch: MetricBatch) -> Result<Commit, AppendError> {
        let mut metrics = self.metrics.lock();
        let accepted = batch.samples.len() as u64;
        for new in batch.samples {
            let series = metrics.samples.entry(new.labels).or_default();
            series.entry(new.sample.t_ms).or_insert(new.sample);
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
        for (labels, samples) in &self.metrics.lock().samples {
            context.cancel.check()?;
            if select.start_ms > select.end_ms || !select.takes(labels) {
                continue;
            }
            let samples = samples.range(select.start_ms..=select.end_ms);
            let samples: Vec<_> = samples.map(|(_, sample)| *sample).collect();
            count += samples.len();
            if count > context.limits.samples {
                let limit = context.limits.samples;
                let message = format!("the query selects more than {limit} samples");
                return Err(QueryError::TooExpensive(message));
            }
            if !samples.is_empty() {
                found.push(Series { labels: labels.clone(), samples });
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
        let rows = metrics.samples.values().map(|samples| samples.len() as u64).sum();
        let series = metrics.samples.len() as u64;
        StoreStats { series, head_rows: rows, ..StoreStats::default() }
    }
}
