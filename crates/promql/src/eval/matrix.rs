//! Results: series with their samples, put together step by step.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use std::sync::Arc;

use model::{HistogramSample, Labels, METRIC_NAME, Sample, SampleValue};

use super::{Annotations, EvalError, Evaluator, Steps};

/// The value of a node at its steps.
pub(super) type Matrix = Vec<Series>;

/// A series and its samples in order of time, at each instant at most one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    pub(super) labels: Labels,
    pub(super) samples: Vec<Sample>,
    /// When the counters behind the samples began to count: one for each sample, or none.
    pub(super) starts_ms: Vec<i64>,
    pub(super) histograms: Vec<HistogramSample>,
    /// The name is to be dropped at the end of the query.
    pub(super) drops_name: bool,
}

impl Series {
    pub(super) fn new(labels: Labels) -> Self {
        Series { labels, ..Series::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.samples.len() + self.histograms.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value that is later than all others of its kind.
    pub(super) fn push(&mut self, t_ms: i64, value: SampleValue) {
        match value {
            SampleValue::Float(value) => self.samples.push(Sample { t_ms, value }),
            SampleValue::Histogram(histogram) => {
                self.histograms.push(HistogramSample { t_ms, start_ms: 0, histogram });
            }
        }
    }

    /// The latest instant that has a value.
    fn last_ms(&self) -> Option<i64> {
        let float = self.samples.last().map(|sample| sample.t_ms);
        float.max(self.histograms.last().map(|sample| sample.t_ms))
    }

    /// The value at the first instant that has one.
    pub(super) fn first(&self) -> Option<SampleValue> {
        match (self.samples.first(), self.histograms.first()) {
            (Some(float), Some(histogram)) if histogram.t_ms < float.t_ms => {
                Some(SampleValue::Histogram(Arc::clone(&histogram.histogram)))
            }
            (Some(float), _) => Some(SampleValue::Float(float.value)),
            (None, histogram) => {
                histogram.map(|sample| SampleValue::Histogram(Arc::clone(&sample.histogram)))
            }
        }
    }

    /// Appends the samples of another series; says whether both have some at one instant.
    fn merge(&mut self, other: Series) -> bool {
        self.samples.extend(other.samples);
        self.samples.sort_by_key(|sample| sample.t_ms);
        self.histograms.extend(other.histograms);
        self.histograms.sort_by_key(|sample| sample.t_ms);
        let mut times: Vec<i64> = self.samples.iter().map(|sample| sample.t_ms).collect();
        times.extend(self.histograms.iter().map(|sample| sample.t_ms));
        times.sort_unstable();
        times.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// One element of a vector at one step.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) labels: Labels,
    pub(super) value: SampleValue,
    pub(super) drops_name: bool,
    /// Which series of its matrix it belongs to.
    pub(super) series: usize,
}

impl Element {
    pub(super) fn scalar(value: f64) -> Self {
        Element::new(Labels::empty(), value)
    }

    pub(super) fn new(labels: Labels, value: impl Into<SampleValue>) -> Self {
        Element { labels, value: value.into(), drops_name: false, series: 0 }
    }

    /// Marks the name to be dropped, and drops it unless that waits for the end of the query.
    pub(super) fn drop_name(&mut self, delayed: bool) {
        self.drops_name = true;
        if !delayed {
            self.labels = without_metadata(&self.labels);
        }
    }
}

/// Labels without those that say what a metric is: its name, type and unit.
pub(crate) fn without_metadata(labels: &Labels) -> Labels {
    labels.without(is_metadata)
}

/// Whether a label says what a metric is.
pub(crate) fn is_metadata(name: &str) -> bool {
    matches!(name, METRIC_NAME | "__type__" | "__unit__")
}

/// Reads a matrix step by step.
pub(super) struct Cursor<'m> {
    matrix: &'m Matrix,
    /// By series, the positions of the next sample and of the next histogram.
    next: Vec<[usize; 2]>,
}

impl<'m> Cursor<'m> {
    pub(super) fn new(matrix: &'m Matrix) -> Self {
        Cursor { matrix, next: vec![[0; 2]; matrix.len()] }
    }

    /// The value of a series at this instant, which must not be before the one asked for last.
    pub(super) fn value(&mut self, series: usize, t_ms: i64) -> Option<SampleValue> {
        let [next, next_histogram] = &mut self.next[series];
        let series = &self.matrix[series];
        if let Some(sample) = series.samples.get(*next).filter(|s| s.t_ms == t_ms) {
            *next += 1;
            return Some(SampleValue::Float(sample.value));
        }
        let sample = series.histograms.get(*next_histogram).filter(|s| s.t_ms == t_ms)?;
        *next_histogram += 1;
        Some(SampleValue::Histogram(Arc::clone(&sample.histogram)))
    }

    /// All elements at this instant, in the order of their series.
    pub(super) fn elements(&mut self, t_ms: i64, out: &mut Vec<Element>) {
        out.clear();
        for (position, series) in self.matrix.iter().enumerate() {
            if let Some(value) = self.value(position, t_ms) {
                let (labels, drops_name) = (series.labels.clone(), series.drops_name);
                out.push(Element { labels, value, drops_name, series: position });
            }
        }
    }
}

/// Puts a matrix together from vectors.
pub(super) struct MatrixBuilder {
    /// With a single step the order is that of the vector and nothing need be found again.
    is_single: bool,
    matrix: Matrix,
    positions: HashMap<Labels, usize>,
}

impl MatrixBuilder {
    pub(super) fn new(steps: Steps) -> Self {
        let (matrix, positions) = (Matrix::new(), HashMap::new());
        MatrixBuilder { is_single: steps.count() == 1, matrix, positions }
    }

    /// Adds the value of a series at an instant that is not before the last one added.
    pub(super) fn push(&mut self, t_ms: i64, element: Element) -> Result<(), EvalError> {
        let Element { labels, value, drops_name, .. } = element;
        if self.is_single {
            let mut series = Series { labels, drops_name, ..Series::default() };
            series.push(t_ms, value);
            self.matrix.push(series);
            return Ok(());
        }
        match self.positions.entry(labels) {
            Entry::Occupied(found) => {
                let series = &mut self.matrix[*found.get()];
                if series.last_ms() == Some(t_ms) {
                    return Err(EvalError::duplicate_labels());
                }
                series.push(t_ms, value);
            }
            Entry::Vacant(free) => {
                let labels = free.key().clone();
                free.insert(self.matrix.len());
                let mut series = Series { labels, drops_name, ..Series::default() };
                series.push(t_ms, value);
                self.matrix.push(series);
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Matrix {
        self.matrix
    }
}

impl Evaluator<'_> {
    /// Calls `at_step` for each step with the vectors the inputs have then, and puts together what
    /// it gives.
    pub(super) fn per_step(
        &mut self,
        steps: Steps,
        inputs: &[Matrix],
        mut at_step: impl FnMut(
            &mut Annotations,
            i64,
            &[Vec<Element>],
            &mut Vec<Element>,
        ) -> Result<(), EvalError>,
    ) -> Result<Matrix, EvalError> {
        let mut cursors: Vec<_> = inputs.iter().map(Cursor::new).collect();
        let mut vectors: Vec<Vec<Element>> = inputs.iter().map(|_| Vec::new()).collect();
        let mut builder = MatrixBuilder::new(steps);
        let mut out = Vec::new();
        for t_ms in steps.iter() {
            self.check_stopped()?;
            for (cursor, vector) in cursors.iter_mut().zip(&mut vectors) {
                cursor.elements(t_ms, vector);
            }
            at_step(&mut self.notes, t_ms, &vectors, &mut out)?;
            self.hold(out.len())?;
            for element in out.drain(..) {
                builder.push(t_ms, element)?;
            }
        }
        let matrix = builder.finish();
        if steps.count() == 1 && !self.options.delayed_name_removal {
            reject_duplicates(&matrix)?;
        }
        Ok(matrix)
    }

    /// Marks the names of all series to be dropped, and drops them unless that waits for the end.
    pub(super) fn drop_names(&self, mut matrix: Matrix) -> Result<Matrix, EvalError> {
        for series in &mut matrix {
            series.drops_name = true;
            if !self.options.delayed_name_removal {
                series.labels = without_metadata(&series.labels);
            }
        }
        if self.options.delayed_name_removal { Ok(matrix) } else { merge_equal_labels(matrix) }
    }

    /// Drops the names that are still to be dropped.
    pub(super) fn finish_names(&self, mut matrix: Matrix) -> Result<Matrix, EvalError> {
        if !self.options.delayed_name_removal {
            return Ok(matrix);
        }
        for series in matrix.iter_mut().filter(|series| series.drops_name) {
            series.labels = without_metadata(&series.labels);
        }
        merge_equal_labels(matrix)
    }
}

pub(super) fn reject_duplicates(matrix: &Matrix) -> Result<(), EvalError> {
    let mut seen = std::collections::HashSet::new();
    if matrix.iter().all(|series| seen.insert(&series.labels)) {
        Ok(())
    } else {
        Err(EvalError::duplicate_labels())
    }
}

/// Makes one series of those with equal labels, which must not have samples at the same instant.
pub(super) fn merge_equal_labels(matrix: Matrix) -> Result<Matrix, EvalError> {
    let mut positions: HashMap<Labels, usize> = HashMap::with_capacity(matrix.len());
    let mut merged = Matrix::with_capacity(matrix.len());
    for series in matrix {
        match positions.entry(series.labels.clone()) {
            Entry::Vacant(free) => {
                free.insert(merged.len());
                merged.push(series);
            }
            Entry::Occupied(found) => {
                if merged[*found.get()].merge(series) {
                    return Err(EvalError::duplicate_labels());
                }
            }
        }
    }
    Ok(merged)
}
