//! Functions of range vectors: windows move over each series.

mod change;
mod edge;
mod extreme;
mod naive;
mod slide;
mod sum;

use model::{Sample, is_stale_nan};
use store::Cancel;

use super::frame::{Cells, Column, Frame, Key, Names, Scratch, Sink};
use super::plan::{Input, Windows};
use super::run::Run;
use super::{Stop, bits};
use crate::eval::annotations::Annotations;
use crate::eval::functions::window::check_counter;
use crate::eval::steps::Steps;
use change::{Change, Count, LastChange, Pairs};
use edge::{Edge, Presence};
use extreme::Extreme;
use naive::Naive;
pub(super) use slide::Span;
use slide::slide;
use sum::{Average, Sum};

impl Run<'_> {
    /// Calls a function for every window of every series.
    pub(super) fn windows(
        &mut self,
        windows: &Windows<'_>,
        steps: Steps,
        sink: Sink<'_>,
    ) -> Result<(), Stop> {
        let inner = match &windows.input {
            Input::Subquery(subquery) => Some(self.vector(&subquery.node, subquery.steps)?),
            Input::Selector(_) => None,
        };
        let mut args = Vec::with_capacity(windows.args.len());
        for arg in &windows.args {
            args.push(self.scalar(arg, steps)?);
        }
        let mut notes = std::mem::take(&mut self.notes);
        let mut calls = Calls {
            windows,
            args,
            span: windows.input.span(steps),
            kernel: Kernel::of(windows.name),
            row: Scratch::new(steps.count()),
            names: Names::new(self.options),
            cancel: self.context.cancel.clone(),
            last_counter: String::new(),
            notes: &mut notes,
        };
        let called = match (&windows.input, inner) {
            (Input::Subquery(subquery), Some(frame)) => {
                each_as_series(frame, subquery.steps, &mut |key, samples| {
                    calls.call(key, samples, &[], sink)
                })
            }
            (Input::Selector(source), _) => {
                let mut kept = Kept::default();
                self.each_series(source, &mut |series| {
                    let key = Key { labels: series.labels.clone(), drops_name: false };
                    let (samples, starts_ms) = kept.of(&series.samples, &series.starts_ms);
                    calls.call(key, samples, starts_ms, sink)
                })
            }
            (Input::Subquery(_), None) => unreachable!("the subquery was evaluated above"),
        };
        let distinct = calls.names.finish();
        self.notes = notes;
        called.and(distinct)
    }

    /// At which steps any series has a sample in its window.
    pub(super) fn any_in_window(
        &mut self,
        input: &Input<'_>,
        steps: Steps,
    ) -> Result<Vec<u64>, Stop> {
        let mut any = vec![0; bits::words(steps.count())];
        let span = input.span(steps);
        let mut row = Scratch::new(steps.count());
        let mut take = |samples: &[Sample]| {
            let mut cells = row.cleared();
            slide(&mut Presence::One, samples, &span, &mut cells);
            bits::combine(&mut any, cells.present, |a, b| a | b);
            Ok(())
        };
        match input {
            Input::Selector(source) => {
                let mut kept = Kept::default();
                self.each_series(source, &mut |series| take(kept.of(&series.samples, &[]).0))?;
            }
            Input::Subquery(subquery) => {
                let frame = self.vector(&subquery.node, subquery.steps)?;
                each_as_series(frame, subquery.steps, &mut |_, samples| take(samples))?;
            }
        }
        Ok(any)
    }
}

impl Input<'_> {
    fn span(&self, steps: Steps) -> Span {
        let (shift, window_ms) = match self {
            Input::Selector(source) => (source.shift, source.window_ms),
            Input::Subquery(subquery) => (subquery.shift, subquery.window_ms),
        };
        Span { steps, shift, window_ms }
    }
}

/// Takes one series after the other.
type Visit<'a> = &'a mut dyn FnMut(Key, &[Sample]) -> Result<(), Stop>;

/// The rows of a subquery as series.
fn each_as_series(frame: Frame, steps: Steps, visit: Visit<'_>) -> Result<(), Stop> {
    let mut samples = Vec::new();
    frame.each(&mut |key, Cells { values, present }| {
        samples.clear();
        bits::each(present, |step| {
            samples.push(Sample { t_ms: steps.time(step), value: values[step] });
        });
        visit(key, &samples)
    })
}

/// The samples of a series without those that say that it has gone.
#[derive(Default)]
struct Kept {
    samples: Vec<Sample>,
    starts_ms: Vec<i64>,
}

impl Kept {
    fn of<'s>(&'s mut self, samples: &'s [Sample], starts: &'s [i64]) -> (&'s [Sample], &'s [i64]) {
        if !samples.iter().any(|sample| is_stale_nan(sample.value)) {
            return (samples, starts);
        }
        let stays = |position: &usize| !is_stale_nan(samples[*position].value);
        let positions = || (0..samples.len()).filter(stays);
        self.samples.clear();
        self.samples.extend(positions().map(|position| samples[position]));
        self.starts_ms.clear();
        self.starts_ms.extend(positions().filter_map(|position| starts.get(position)));
        (&self.samples, &self.starts_ms)
    }
}

/// The calls of one function for all series.
struct Calls<'r> {
    windows: &'r Windows<'r>,
    args: Vec<Column>,
    span: Span,
    kernel: Kernel,
    row: Scratch,
    names: Names<'r>,
    cancel: Cancel,
    /// The name that was last remarked on if it was not one of a counter.
    last_counter: String,
    notes: &'r mut Annotations,
}

impl Calls<'_> {
    fn call(
        &mut self,
        mut key: Key,
        samples: &[Sample],
        starts_ms: &[i64],
        sink: Sink<'_>,
    ) -> Result<(), Stop> {
        self.cancel.check()?;
        let mut cells = self.row.cleared();
        let is_known = starts_ms.is_empty() || !self.kernel.asks_for_starts();
        if !is_known || !self.kernel.slide(samples, &self.span, &mut cells) {
            let mut naive = Naive {
                windows: self.windows,
                args: &self.args,
                at_step: Vec::new(),
                starts_ms,
                name: key.labels.metric_name(),
                notes: self.notes,
            };
            slide(&mut naive, samples, &self.span, &mut cells);
        }
        if !bits::any(cells.present) {
            return Ok(());
        }
        let name = key.labels.metric_name();
        if matches!(self.windows.name, "rate" | "increase") && name != self.last_counter {
            check_counter(self.notes, name, self.windows.ranges[0]);
            name.clone_into(&mut self.last_counter);
        }
        if !matches!(self.windows.name, "first_over_time" | "last_over_time") {
            self.names.drop(&mut key);
        }
        sink(key, cells)
    }
}

/// The functions that need not look at all samples of each window.
enum Kernel {
    Change(Change),
    LastChange(LastChange),
    Pairs(Pairs),
    Edge(Edge),
    Presence(Presence),
    Extreme(Extreme),
    Sum(Sum),
    Average(Average),
    Count(Count),
    /// All others.
    Naive,
}

impl Kernel {
    fn of(name: &str) -> Self {
        match name {
            "rate" => Kernel::Change(Change::rate()),
            "increase" => Kernel::Change(Change::increase()),
            "delta" => Kernel::Change(Change::delta()),
            "irate" => Kernel::LastChange(LastChange::Rate),
            "idelta" => Kernel::LastChange(LastChange::Delta),
            "resets" => Kernel::Pairs(Pairs::resets()),
            "changes" => Kernel::Pairs(Pairs::changes()),
            "count_over_time" => Kernel::Count(Count),
            "present_over_time" => Kernel::Presence(Presence::One),
            "first_over_time" => Kernel::Edge(Edge::First),
            "last_over_time" => Kernel::Edge(Edge::Last),
            "ts_of_first_over_time" => Kernel::Edge(Edge::FirstTime),
            "ts_of_last_over_time" => Kernel::Edge(Edge::LastTime),
            "max_over_time" => Kernel::Extreme(Extreme::max(false)),
            "min_over_time" => Kernel::Extreme(Extreme::min(false)),
            "ts_of_max_over_time" => Kernel::Extreme(Extreme::max(true)),
            "ts_of_min_over_time" => Kernel::Extreme(Extreme::min(true)),
            "sum_over_time" => Kernel::Sum(Sum::default()),
            "avg_over_time" => Kernel::Average(Average::default()),
            _ => Kernel::Naive,
        }
    }

    /// Whether it matters when counters began to count.
    fn asks_for_starts(&self) -> bool {
        matches!(self, Kernel::Change(_) | Kernel::LastChange(_) | Kernel::Pairs(_))
    }

    /// Moves over one series; says whether it can.
    fn slide(&mut self, samples: &[Sample], span: &Span, cells: &mut Cells<'_>) -> bool {
        match self {
            Kernel::Change(kernel) => slide(kernel, samples, span, cells),
            Kernel::LastChange(kernel) => slide(kernel, samples, span, cells),
            Kernel::Pairs(kernel) => slide(kernel, samples, span, cells),
            Kernel::Edge(kernel) => slide(kernel, samples, span, cells),
            Kernel::Presence(kernel) => slide(kernel, samples, span, cells),
            Kernel::Extreme(kernel) => slide(kernel, samples, span, cells),
            Kernel::Sum(kernel) => slide(kernel, samples, span, cells),
            Kernel::Average(kernel) => slide(kernel, samples, span, cells),
            Kernel::Count(kernel) => slide(kernel, samples, span, cells),
            Kernel::Naive => return false,
        }
        true
    }
}
