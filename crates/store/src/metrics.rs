//! What a metric store does.

use std::ops::ControlFlow;

use model::{Exemplar, HistogramSample, Labels, Matcher, Metadata, MetricBatch, Sample};

use crate::{AppendError, Commit, QueryContext, QueryError, StoreStats};

/// Which samples are wanted: those of series that pass all matchers, from `start_ms` to `end_ms`,
/// both included.
#[derive(Clone, Debug)]
pub struct Select {
    /// Conditions, all of which must hold.
    pub matchers: Vec<Matcher>,
    /// The first millisecond.
    pub start_ms: i64,
    /// The last millisecond.
    pub end_ms: i64,
}

/// A series and its samples in order of time, one per timestamp: numbers, native histograms, or
/// both in turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What names it.
    pub labels: Labels,
    /// Its numbers; staleness markers are among them, also those that end histograms.
    pub samples: Vec<Sample>,
    /// When the counters behind the numbers began to count, in milliseconds since the epoch: one
    /// for each number, 0 where nobody said; or none at all.
    pub starts_ms: Vec<i64>,
    /// Its histograms, each with the hint of [`model::Histogram::stored_hint`].
    pub histograms: Vec<HistogramSample>,
}

impl Series {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.samples.len() + self.histograms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A series and its exemplars in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesExemplars {
    /// What names the series.
    pub labels: Labels,
    /// Its exemplars.
    pub exemplars: Vec<Exemplar>,
}

/// A store of samples.
///
/// Of two samples with one series and timestamp the first to arrive stays. Samples may arrive in
/// any order. A batch becomes visible as a whole.
pub trait MetricStore: Send + Sync {
    /// Stores a batch.
    ///
    /// # Errors
    /// When it cannot even be queued; all else is said by the commit.
    fn append(&self, batch: MetricBatch) -> Result<Commit, AppendError>;

    /// The selected series with at least one sample in the range, sorted by labels.
    ///
    /// # Errors
    /// When a limit is met, the query is stopped, or reading fails.
    fn select(&self, select: &Select, context: &QueryContext) -> Result<Vec<Series>, QueryError>;

    /// Gives what [`MetricStore::select`] gives to `visit`, one series after the other and in the
    /// same order, until it breaks off. Limits count all series that are visited. A store that need
    /// not have all of them in memory at once implements it.
    ///
    /// # Errors
    /// As [`MetricStore::select`]; some series may have been visited by then.
    fn for_each_series(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: &mut dyn FnMut(Series) -> ControlFlow<()>,
    ) -> Result<(), QueryError> {
        let _ = self.select(select, context)?.into_iter().try_for_each(visit);
        Ok(())
    }

    /// The labels of the selected series, sorted. Time counts by parts, so that a series may be
    /// named that has samples only near the range.
    ///
    /// # Errors
    /// As [`MetricStore::select`].
    fn series(&self, select: &Select, context: &QueryContext) -> Result<Vec<Labels>, QueryError>;

    /// The names of all labels of the selected series, sorted.
    ///
    /// # Errors
    /// As [`MetricStore::select`].
    fn label_names(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError>;

    /// The values one label has in the selected series, sorted.
    ///
    /// # Errors
    /// As [`MetricStore::select`].
    fn label_values(
        &self,
        name: &str,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<String>, QueryError>;

    /// The exemplars of the selected series.
    ///
    /// # Errors
    /// As [`MetricStore::select`].
    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
    ) -> Result<Vec<SeriesExemplars>, QueryError>;

    /// What is known about metric families, sorted by name.
    fn metadata(&self) -> Vec<(String, Metadata)>;

    /// How large everything is.
    fn stats(&self) -> StoreStats;
}
