//! The values of several series at the steps of a node, series by series.
//!
//! Values lie in one dense column of numbers with a bit for each that is there: operators then
//! run over plain slices, and a missing value is no special number that arithmetic could spoil.

use std::collections::{HashMap, HashSet};

use model::Labels;

use super::{Stop, bits};
use crate::eval::Options;
use crate::eval::matrix::{is_metadata, without_metadata};
use crate::eval::steps::Steps;

/// What names a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    pub(super) labels: Labels,
    /// The name is to be dropped at the end of the query.
    pub(super) drops_name: bool,
}

impl Key {
    /// Marks the name to be dropped, and drops it unless that waits for the end of the query.
    pub(super) fn drop_name(&mut self, options: &Options) {
        self.drops_name = true;
        if !options.delayed_name_removal {
            self.labels = without_metadata(&self.labels);
        }
    }
}

/// The values of one series; those of steps whose bit is not set mean nothing.
pub(super) struct Cells<'a> {
    pub(super) values: &'a mut [f64],
    pub(super) present: &'a mut [u64],
}

impl Cells<'_> {
    pub(super) fn put(&mut self, step: usize, value: f64) {
        self.values[step] = value;
        bits::set(self.present, step);
    }

    /// Replaces each value that is there.
    pub(super) fn map(&mut self, value: impl Fn(f64) -> f64) {
        if bits::count(self.present) == self.values.len() {
            self.values.iter_mut().for_each(|cell| *cell = value(*cell));
        } else {
            bits::each(self.present, |step| self.values[step] = value(self.values[step]));
        }
    }
}

/// Takes one series after the other.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Key, Cells<'_>) -> Result<(), Stop>;

/// A row to be filled again and again.
pub(super) struct Scratch {
    values: Vec<f64>,
    present: Vec<u64>,
}

impl Scratch {
    pub(super) fn new(steps: usize) -> Self {
        Scratch { values: vec![0.0; steps], present: vec![0; bits::words(steps)] }
    }

    /// The row without values.
    pub(super) fn cleared(&mut self) -> Cells<'_> {
        self.present.fill(0);
        self.cells()
    }

    pub(super) fn cells(&mut self) -> Cells<'_> {
        Cells { values: &mut self.values, present: &mut self.present }
    }
}

/// Rows of equally many steps.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) steps: usize,
    words: usize,
    pub(super) keys: Vec<Key>,
    pub(super) values: Vec<f64>,
    pub(super) present: Vec<u64>,
}

impl Frame {
    pub(super) fn new(steps: usize) -> Self {
        Frame { steps, words: bits::words(steps), ..Frame::default() }
    }

    /// A frame of columns that lie one after the other.
    pub(super) fn of_parts(
        steps: usize,
        keys: Vec<Key>,
        values: Vec<f64>,
        present: Vec<u64>,
    ) -> Self {
        Frame { keys, values, present, ..Frame::new(steps) }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn row(&self, row: usize) -> (&[f64], &[u64]) {
        (&self.values[row * self.steps..][..self.steps], self.bits(row))
    }

    pub(super) fn bits(&self, row: usize) -> &[u64] {
        &self.present[row * self.words..][..self.words]
    }

    pub(super) fn cells(&mut self, row: usize) -> Cells<'_> {
        Cells {
            values: &mut self.values[row * self.steps..][..self.steps],
            present: &mut self.present[row * self.words..][..self.words],
        }
    }

    /// The value of a row at a step.
    pub(super) fn value(&self, row: usize, step: usize) -> Option<f64> {
        bits::has(self.bits(row), step).then(|| self.values[row * self.steps + step])
    }

    /// Adds a row without values.
    pub(super) fn push_empty(&mut self, key: Key) -> Cells<'_> {
        self.keys.push(key);
        self.values.resize(self.keys.len() * self.steps, 0.0);
        self.present.resize(self.keys.len() * self.words, 0);
        self.cells(self.keys.len() - 1)
    }

    pub(super) fn push(&mut self, key: Key, values: &[f64], present: &[u64]) {
        self.keys.push(key);
        self.values.extend_from_slice(values);
        self.present.extend_from_slice(present);
    }

    /// Gives each row to `sink`, which may change it.
    pub(super) fn each(mut self, sink: Sink<'_>) -> Result<(), Stop> {
        for row in 0..self.len() {
            let key = std::mem::take(&mut self.keys[row]);
            sink(key, self.cells(row))?;
        }
        Ok(())
    }

    /// The rows at these positions, in this order.
    pub(super) fn picked(&self, order: impl IntoIterator<Item = usize>) -> Frame {
        let mut frame = Frame::new(self.steps);
        for row in order {
            let (values, present) = self.row(row);
            frame.push(self.keys[row].clone(), values, present);
        }
        frame
    }

    /// Without the rows that have no values.
    pub(super) fn without_empty_rows(self) -> Frame {
        let has_values = |row: &usize| bits::any(self.bits(*row));
        if (0..self.len()).all(|row| has_values(&row)) {
            return self;
        }
        self.picked((0..self.len()).filter(has_values))
    }

    /// Without empty rows, in the order in which the naive evaluator meets the series when it goes
    /// from step to step.
    pub(super) fn by_appearance(self) -> Frame {
        let frame = self.without_empty_rows();
        if frame.steps == 1 {
            return frame;
        }
        let first: Vec<_> = (0..frame.len()).map(|row| bits::first(frame.bits(row))).collect();
        if first.is_sorted() {
            return frame;
        }
        let mut order: Vec<usize> = (0..frame.len()).collect();
        order.sort_by_key(|row| first[*row]);
        frame.picked(order)
    }

    /// Adds values to the row of these labels. Rows that have values at the same step are left to
    /// the naive evaluator.
    pub(super) fn merge(
        &mut self,
        rows: &mut HashMap<Labels, usize>,
        key: Key,
        values: &[f64],
        present: &[u64],
    ) -> Result<usize, Stop> {
        let Some(row) = rows.get(&key.labels).copied() else {
            rows.insert(key.labels.clone(), self.len());
            self.push(key, values, present);
            return Ok(self.len() - 1);
        };
        let cells = self.cells(row);
        if bits::overlap(cells.present, present) {
            return Err(Stop::Naive);
        }
        bits::each(present, |step| cells.values[step] = values[step]);
        bits::combine(cells.present, present, |a, b| a | b);
        Ok(row)
    }

    /// Leaves rows with equal labels to the naive evaluator.
    pub(super) fn reject_equal_labels(&self) -> Result<(), Stop> {
        let mut seen = HashSet::with_capacity(self.len());
        let is_new = |key: &Key| seen.insert(key.labels.clone());
        if self.keys.iter().all(is_new) { Ok(()) } else { Err(Stop::Naive) }
    }

    /// Drops the names that are still to be dropped.
    pub(super) fn without_dropped_names(mut self, options: &Options) -> Result<Frame, Stop> {
        if !options.delayed_name_removal {
            return Ok(self);
        }
        for key in self.keys.iter_mut().filter(|key| key.drops_name) {
            key.labels = without_metadata(&key.labels);
        }
        self.reject_equal_labels()?;
        Ok(self)
    }
}

/// Drops the names of one series after the other, and finds those that come to have equal labels.
pub(super) struct Names<'o> {
    options: &'o Options,
    /// The labels without names.
    dropped: Vec<Labels>,
    /// The metadata of the first series.
    first: Option<Labels>,
    /// Whether other metadata was met, without which labels stay different.
    differ: bool,
}

impl<'o> Names<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        Names { options, dropped: Vec::new(), first: None, differ: false }
    }

    pub(super) fn drop(&mut self, key: &mut Key) {
        if !self.options.delayed_name_removal {
            match &self.first {
                None => self.first = Some(key.labels.clone()),
                Some(first) => self.differ = self.differ || !same_metadata(first, &key.labels),
            }
        }
        key.drop_name(self.options);
        if !self.options.delayed_name_removal {
            self.dropped.push(key.labels.clone());
        }
    }

    /// Leaves equal labels to the naive evaluator.
    pub(super) fn finish(self) -> Result<(), Stop> {
        let mut seen = HashSet::new();
        if self.differ && !self.dropped.into_iter().all(|labels| seen.insert(labels)) {
            return Err(Stop::Naive);
        }
        Ok(())
    }
}

fn same_metadata(a: &Labels, b: &Labels) -> bool {
    a.iter()
        .filter(|(name, _)| is_metadata(name))
        .eq(b.iter().filter(|(name, _)| is_metadata(name)))
}

/// The values of a scalar.
#[derive(Debug)]
pub(super) enum Column {
    /// The same at each step.
    Constant(f64),
    /// One for each step.
    Each(Vec<f64>),
}

impl Column {
    pub(super) fn at(&self, step: usize) -> f64 {
        match self {
            Column::Constant(value) => *value,
            Column::Each(values) => values[step],
        }
    }

    pub(super) fn map(self, value: impl Fn(f64) -> f64) -> Self {
        match self {
            Column::Constant(constant) => Column::Constant(value(constant)),
            Column::Each(values) => Column::Each(values.into_iter().map(value).collect()),
        }
    }

    pub(super) fn values(&self) -> &[f64] {
        match self {
            Column::Constant(value) => std::slice::from_ref(value),
            Column::Each(values) => values,
        }
    }

    /// As a vector of one element without labels.
    pub(super) fn into_frame(self, steps: Steps) -> Frame {
        let count = steps.count();
        let mut frame = Frame::new(count);
        let cells = frame.push_empty(Key::default());
        bits::fill(cells.present, count);
        match self {
            Column::Constant(value) => cells.values.fill(value),
            Column::Each(values) => frame.values = values,
        }
        frame
    }
}
