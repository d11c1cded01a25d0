//! What a query reads from: a head or a part.

use std::convert::Infallible;

use model::{Exemplar, Labels, Sample};
use storage::PartError;
use store::{QueryContext, QueryError, Select};

use crate::head::Head;
use crate::index::{LabelIndex, matching, values_of};
use crate::part::{PartReader, SampleReader};

/// Why reading a source stops.
pub(super) enum Stop {
    /// The part cannot be read.
    Part(PartError),
    /// The query is over.
    Query(QueryError),
}

/// Takes one item of an answer, or ends the query.
pub(super) type Visit<'a, T> = &'a mut dyn FnMut(T) -> Result<(), QueryError>;

/// Something that holds series.
pub(super) trait Source {
    /// Whether there may be samples in the range.
    fn may_have_samples(&self, select: &Select) -> bool;

    /// The selected series with samples in the range.
    fn samples(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Sample>)>,
    ) -> Result<(), Stop>;

    /// The selected series with samples in the range or, in a part, near it.
    fn series(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, Labels>,
    ) -> Result<(), Stop>;

    /// The selected series with exemplars in the range.
    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Exemplar>)>,
    ) -> Result<(), Stop>;

    /// The names of all labels.
    fn label_names(&self) -> Vec<&str>;

    /// The values one label has in the selected series, whatever the range.
    fn label_values(
        &self,
        name: &str,
        select: &Select,
        visit: &mut dyn FnMut(&str),
    ) -> Result<(), Stop>;
}

impl Source for Head {
    fn may_have_samples(&self, select: &Select) -> bool {
        self.overlaps(select.start_ms, select.end_ms)
    }

    fn samples(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Sample>)>,
    ) -> Result<(), Stop> {
        for number in matching(self.index(), &select.matchers)? {
            context.cancel.check()?;
            let series = self.series(number);
            let samples = series.samples(select.start_ms..=select.end_ms);
            if !samples.is_empty() {
                visit((series.labels().clone(), samples))?;
            }
        }
        Ok(())
    }

    fn series(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, Labels>,
    ) -> Result<(), Stop> {
        for number in matching(self.index(), &select.matchers)? {
            context.cancel.check()?;
            let series = self.series(number);
            if series.has_samples(select.start_ms..=select.end_ms) {
                visit(series.labels().clone())?;
            }
        }
        Ok(())
    }

    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Exemplar>)>,
    ) -> Result<(), Stop> {
        for number in matching(self.index(), &select.matchers)? {
            context.cancel.check()?;
            let series = self.series(number);
            let exemplars = series.exemplars(select.start_ms..=select.end_ms);
            let exemplars: Vec<_> = exemplars.cloned().collect();
            if !exemplars.is_empty() {
                visit((series.labels().clone(), exemplars))?;
            }
        }
        Ok(())
    }

    fn label_names(&self) -> Vec<&str> {
        self.index().names()
    }

    fn label_values(
        &self,
        name: &str,
        select: &Select,
        visit: &mut dyn FnMut(&str),
    ) -> Result<(), Stop> {
        selected_values(self.index(), name, select, visit)
    }
}

impl Source for PartReader {
    fn may_have_samples(&self, select: &Select) -> bool {
        self.overlaps(select.start_ms, select.end_ms)
    }

    fn samples(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Sample>)>,
    ) -> Result<(), Stop> {
        let mut reader = SampleReader::new(self);
        let range_ms = select.start_ms..=select.end_ms;
        self.each_series(&matching(self, &select.matchers)?, |entry| {
            context.cancel.check()?;
            let mut samples = Vec::new();
            reader.read(&entry, &range_ms, &mut samples)?;
            if !samples.is_empty() {
                visit((entry.labels, samples))?;
            }
            Ok(())
        })
    }

    fn series(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, Labels>,
    ) -> Result<(), Stop> {
        self.each_series(&matching(self, &select.matchers)?, |entry| {
            context.cancel.check()?;
            if !entry.blocks.is_empty() {
                visit(entry.labels)?;
            }
            Ok(())
        })
    }

    fn exemplars(
        &self,
        select: &Select,
        context: &QueryContext,
        visit: Visit<'_, (Labels, Vec<Exemplar>)>,
    ) -> Result<(), Stop> {
        let range_ms = select.start_ms..=select.end_ms;
        if !self.may_have_exemplars(select.start_ms, select.end_ms) {
            return Ok(());
        }
        self.each_series(&matching(self, &select.matchers)?, |entry| {
            context.cancel.check()?;
            let mut exemplars = PartReader::exemplars(self, &entry)?;
            exemplars.retain(|exemplar| range_ms.contains(&exemplar.t_ms));
            if !exemplars.is_empty() {
                visit((entry.labels, exemplars))?;
            }
            Ok(())
        })
    }

    fn label_names(&self) -> Vec<&str> {
        self.names()
    }

    fn label_values(
        &self,
        name: &str,
        select: &Select,
        visit: &mut dyn FnMut(&str),
    ) -> Result<(), Stop> {
        selected_values(self, name, select, visit)
    }
}

fn selected_values<I: LabelIndex>(
    index: &I,
    name: &str,
    select: &Select,
    visit: &mut dyn FnMut(&str),
) -> Result<(), Stop>
where
    Stop: From<I::Error>,
{
    let series = match &select.matchers[..] {
        [] => None,
        matchers => Some(matching(index, matchers)?),
    };
    Ok(values_of(index, name, series.as_deref(), visit)?)
}

impl From<PartError> for Stop {
    fn from(error: PartError) -> Self {
        Stop::Part(error)
    }
}

impl From<QueryError> for Stop {
    fn from(error: QueryError) -> Self {
        Stop::Query(error)
    }
}

impl From<Infallible> for Stop {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
