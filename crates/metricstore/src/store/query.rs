//! Answering: parts, the frozen head and the active one as they were at one moment.

use std::collections::{BTreeSet, HashMap};

use model::{Labels, Metadata, MetricBatch};
use storage::PartError;
use store::{
    AppendError, Commit, MetricStore, QueryContext, QueryError, Select, Series, SeriesExemplars,
    StoreStats,
};

use super::DiskMetricStore;
use super::source::{Source, Stop};
use super::state::State;
use crate::head::Head;
use crate::merge::distinct;
use crate::runs::merge_runs;

impl MetricStore for DiskMetricStore {
    fn append(&self, batch: MetricBatch) -> Result<Commit, AppendError> {
        self.append_batch(batch)
    }

    fn select(&self, select: &Select, context: &QueryContext) -> Result<Vec<Series>, QueryError> {
        let mut found = Found::new(context);
        self.state.each_source(|rank, source| {
            if !source.may_have_samples(select) {
                return Ok(());
            }
            source.samples(select, context, &mut |(labels, samples)| {
                let count = samples.len();
                found.add(labels, rank, samples, count)
            })
        })?;
        let series = found.sorted().into_iter().map(|(labels, runs)| {
            let samples = merge_runs(runs);
            Series { labels, samples, ..Series::default() }
        });
        Ok(series.collect())
    }

    fn series(&self, select: &Select, context: &QueryContext) -> Result<Vec<Labels>, QueryError> {
        let mut found = Found::new(context);
        self.state.each_source(|rank, source| {
            if !source.may_have_samples(select) {
                return Ok(());
            }
            source.series(select, context, &mut |labels| found.add(labels, rank, (), 0))
        })?;
        Ok(found.sorted().into_iter().map(|(labels, _)| labels).collect())
    }

    fn label_names(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        let mut names = BTreeSet::new();
        self.state.each_source(|_, source| {
            context.cancel.check()?;
            if !source.may_have_samples(select) {
                return Ok(());
            }
            if select.matchers.is_empty() {
                names.extend(source.label_names().into_iter().map(str::to_owned));
                return Ok(());
            }
            source.series(select, context, &mut |labels| {
                for (name, _) in labels.iter() {
                    if !names.contains(name) {
                        names.insert(name.to_owned());
                    }
                }
                Ok(())
            })
        })?;
        Ok(names.into_iter().collect())
    }

    fn label_values(
        &self,
        name: &str,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        let mut values = BTreeSet::new();
        self.state.each_source(|_, source| {
            context.cancel.check()?;
            if !source.may_have_samples(select) {
                return Ok(());
            }
            source.label_values(name, select, &mut |value| {
                if !values.contains(value) {
                    values.insert(value.to_owned());
                }
            })
        })?;
        Ok(values.into_iter().collect())
    }

    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<SeriesExemplars>, QueryError> {
        let mut found = Found::new(context);
        self.state.each_source(|rank, source| {
            source.exemplars(select, context, &mut |(labels, exemplars)| {
                let count = exemplars.len();
                found.add(labels, rank, exemplars, count)
            })
        })?;
        let series = found.sorted().into_iter().map(|(labels, runs)| {
            let exemplars = distinct(runs.concat());
            SeriesExemplars { labels, exemplars }
        });
        Ok(series.collect())
    }

    fn metadata(&self) -> Vec<(String, Metadata)> {
        self.state.metadata()
    }

    fn stats(&self) -> StoreStats {
        StoreStats { wal_bytes: self.wal.bytes(), ..self.state.stats() }
    }
}

/// The place of a source in the order of arrival.
type Rank = usize;

impl State {
    /// Reads every source as it was at one moment. The active head comes first, under the lock, and
    /// has the highest rank; what else there is does not change any more. A damaged part is put
    /// aside, and the answer lacks the rest of it.
    fn each_source(
        &self,
        mut read: impl FnMut(Rank, &dyn Source) -> Result<(), Stop>,
    ) -> Result<(), QueryError> {
        let (parts, frozen) = {
            let view = self.view.read();
            read(Rank::MAX, &view.active).map_err(query_error)?;
            (view.parts.clone(), view.frozen.clone())
        };
        for (rank, part) in parts.iter().enumerate() {
            match read(rank, &**part) {
                Ok(()) => {}
                Err(Stop::Part(PartError::Damaged(reason))) => {
                    self.quarantine(part.description().id, &reason);
                }
                Err(stop) => return Err(query_error(stop)),
            }
        }
        match frozen {
            Some(frozen) => read(Rank::MAX - 1, &frozen.head).map_err(query_error),
            None => Ok(()),
        }
    }

    fn stats(&self) -> StoreStats {
        let view = self.view.read();
        let heads = || view.frozen.iter().map(|frozen| &frozen.head).chain([&view.active]);
        let parts = self.parts.list();
        let of_heads = heads().filter_map(Head::range);
        let to_ns = |t_ms: i64| t_ms.saturating_mul(1_000_000);
        let ranges_ns = of_heads.map(|(min_ms, max_ms)| (to_ns(min_ms), to_ns(max_ms)));
        let of_parts = parts.iter().filter(|part| part.rows > 0).map(|p| (p.min_ns, p.max_ns));
        let ranges_ns: Vec<_> = ranges_ns.chain(of_parts).collect();
        StoreStats {
            series: heads().map(|head| head.len() as u64).max().unwrap_or_default(),
            head_rows: heads().map(Head::samples).sum(),
            head_bytes: heads().map(|head| head.bytes() as u64).sum(),
            wal_bytes: 0,
            parts: parts.len() as u64,
            part_rows: parts.iter().map(|part| part.rows).sum(),
            part_bytes: parts.iter().map(|part| part.bytes).sum(),
            oldest_ns: ranges_ns.iter().map(|range| range.0).min(),
            newest_ns: ranges_ns.iter().map(|range| range.1).max(),
            quarantined: self.dir.quarantine.files(),
        }
    }
}

fn query_error(stop: Stop) -> QueryError {
    match stop {
        Stop::Query(error) => error,
        Stop::Part(error) => QueryError::Io(error.to_string()),
    }
}

/// What a query found of each series, from one source after the other.
struct Found<'a, T> {
    context: &'a QueryContext,
    series: HashMap<Labels, Vec<(Rank, T)>>,
    samples: usize,
}

impl<'a, T> Found<'a, T> {
    fn new(context: &'a QueryContext) -> Self {
        Found { context, series: HashMap::new(), samples: 0 }
    }

    fn add(
        &mut self,
        labels: Labels,
        rank: Rank,
        item: T,
        samples: usize,
    ) -> Result<(), QueryError> {
        let limits = &self.context.limits;
        self.samples += samples;
        self.series.entry(labels).or_default().push((rank, item));
        let too_many = |limit: usize, what: &str| {
            QueryError::TooExpensive(format!("the query selects more than {limit} {what}"))
        };
        if self.samples > limits.samples {
            return Err(too_many(limits.samples, "samples"));
        }
        if self.series.len() > limits.series {
            return Err(too_many(limits.series, "series"));
        }
        Ok(())
    }

    /// The series by their labels, what was found of each in order of arrival.
    fn sorted(self) -> Vec<(Labels, Vec<T>)> {
        let mut series: Vec<_> = self.series.into_iter().collect();
        series.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let in_order = |mut items: Vec<(Rank, T)>| {
            items.sort_by_key(|(rank, _)| *rank);
            items.into_iter().map(|(_, item)| item).collect()
        };
        series.into_iter().map(|(labels, items)| (labels, in_order(items))).collect()
    }
}
