//! Reading: series come from the store one at a time, or are kept while several selectors need
//! them.

use std::ops::ControlFlow;
use std::rc::Rc;

use model::is_stale_nan;
use store::Series;

use super::frame::{Key, Names, Scratch, Sink};
use super::plan::Source;
use super::run::Run;
use super::{Stop, bits};
use crate::eval::steps::Steps;

/// Series that several selectors read.
pub(super) struct Loaded {
    series: Rc<Vec<Series>>,
    /// How many selectors still have to read them.
    uses: usize,
}

impl Run<'_> {
    /// Gives each series of a source to `visit`.
    pub(super) fn each_series(
        &mut self,
        source: &Source,
        visit: &mut dyn FnMut(&Series) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let read = self.reads[source.read].same_as.unwrap_or(source.read);
        if self.reads[read].uses > 1 {
            return self.loaded(read)?.iter().try_for_each(visit);
        }
        let mut stopped = Ok(());
        let select = &self.reads[read].select;
        self.store.for_each_series(select, self.context, &mut |series| {
            stopped = check(&series).and_then(|()| visit(&series));
            if stopped.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        stopped
    }

    /// The series of a read that several selectors share; the last of them lets go of them.
    fn loaded(&mut self, read: usize) -> Result<Rc<Vec<Series>>, Stop> {
        if self.loaded.is_empty() {
            self.loaded.resize_with(self.reads.len(), || None);
        }
        let mut loaded = match self.loaded[read].take() {
            Some(loaded) => loaded,
            None => {
                let series = self.store.select(&self.reads[read].select, self.context)?;
                series.iter().try_for_each(check)?;
                self.hold(series.iter().map(Series::len).sum())?;
                Loaded { series: Rc::new(series), uses: self.reads[read].uses }
            }
        };
        loaded.uses -= 1;
        let series = Rc::clone(&loaded.series);
        if loaded.uses > 0 {
            self.loaded[read] = Some(loaded);
        }
        Ok(series)
    }

    /// The latest sample of each series at each step, unless it is too old or says that the series
    /// has gone; or its time.
    pub(super) fn latest(
        &mut self,
        source: &Source,
        asks_time: bool,
        steps: Steps,
        sink: Sink<'_>,
    ) -> Result<(), Stop> {
        let mut row = Scratch::new(steps.count());
        let mut names = Names::new(self.options);
        let cancel = &self.context.cancel.clone();
        self.each_series(source, &mut |series| {
            cancel.check()?;
            put_latest(series, source, asks_time, steps, &mut row);
            let cells = row.cells();
            if !bits::any(cells.present) {
                return Ok(());
            }
            let mut key = Key { labels: series.labels.clone(), drops_name: false };
            if asks_time {
                names.drop(&mut key);
            }
            sink(key, cells)
        })?;
        names.finish()
    }
}

fn put_latest(series: &Series, source: &Source, asks_time: bool, steps: Steps, row: &mut Scratch) {
    let mut cells = row.cleared();
    let samples = series.samples.as_slice();
    let mut next = 0;
    for (step, t_ms) in steps.iter().enumerate() {
        let end_ms = source.shift.apply(t_ms);
        while samples.get(next).is_some_and(|sample| sample.t_ms <= end_ms) {
            next += 1;
        }
        let Some(latest) = next.checked_sub(1).map(|latest| samples[latest]) else { continue };
        if latest.t_ms > end_ms.saturating_sub(source.window_ms) && !is_stale_nan(latest.value) {
            let value = if asks_time { latest.t_ms as f64 / 1000.0 } else { latest.value };
            cells.put(step, value);
        }
    }
}

/// Leaves native histograms to the naive evaluator.
fn check(series: &Series) -> Result<(), Stop> {
    if series.histograms.is_empty() { Ok(()) } else { Err(Stop::Naive) }
}
