//! Holds a body against the whole of the OpenMetrics specification.
//!
//! Prometheus ingests much that the specification forbids, and so does [`Parser`]; this check is for
//! those who write exporters.

mod family;

use std::collections::HashSet;

use model::{METRIC_NAME, MetricKind};

use super::{Entry, Format, Label, Parser, Sample};
use crate::DecodeError;
use family::Family;

/// Checks a body of OpenMetrics text.
///
/// # Errors
/// With the first line that breaks a rule, and the rule.
pub fn check(body: &[u8]) -> Result<(), DecodeError> {
    let mut parser = Parser::new(Format::OpenMetrics, body)?.strict();
    let mut checker = Checker::default();
    loop {
        let verdict = match parser.next_entry()? {
            Some(entry) => checker.entry(entry),
            None => return checker.leave().map_err(|reason| parser.error_before(reason)),
        };
        verdict.map_err(|reason| parser.error_before(reason))?;
    }
}

/// What was seen so far.
#[derive(Default)]
struct Checker {
    /// The names of families, and those of samples that their kinds reserve.
    names: HashSet<String>,
    family: Option<Family>,
}

impl Checker {
    fn entry(&mut self, entry: Entry<'_>) -> Result<(), String> {
        match entry {
            Entry::Help { family, .. } => self.enter(&family)?.describe("HELP"),
            Entry::Unit { family, unit } => {
                let family = self.enter(&family)?;
                family.has_unit = !unit.is_empty();
                family.describe("UNIT")
            }
            Entry::Type { family, kind } => {
                let family = self.enter(&family)?;
                family.describe("TYPE")?;
                family.kind = kind;
                let reserved: Vec<String> = family.reserved_names().collect();
                reserved.into_iter().try_for_each(|name| self.reserve(name))
            }
            Entry::Sample(sample) => self.sample(&sample),
        }
    }

    fn reserve(&mut self, name: String) -> Result<(), String> {
        match self.names.contains(&name) {
            true => Err(format!("the name {name} is already taken")),
            false => {
                self.names.insert(name);
                Ok(())
            }
        }
    }

    /// Makes a family the current one.
    fn enter(&mut self, name: &str) -> Result<&mut Family, String> {
        if self.family.as_ref().is_none_or(|family| family.name != name) {
            self.leave()?;
            self.reserve(name.to_owned())?;
            self.family = None;
        }
        Ok(self.family.get_or_insert_with(|| Family::new(name)))
    }

    fn leave(&mut self) -> Result<(), String> {
        self.family.as_mut().map_or(Ok(()), Family::finish)
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let name = metric_name(sample.labels);
        let belongs = |family: &&mut Family| family.suffix(name).is_some();
        if let Some(family) = self.family.as_mut().filter(belongs) {
            return family.sample(sample);
        }
        // A sample without metadata is a family of unknown kind.
        self.leave()?;
        self.reserve(name.to_owned())?;
        self.family.insert(Family::new(name)).sample(sample)
    }
}

fn metric_name<'p>(labels: &'p [Label<'_>]) -> &'p str {
    labels.iter().find(|(name, _)| name == METRIC_NAME).map_or("", |(_, value)| value)
}

/// The endings of sample names that a kind of family has; the empty one is the family's own name.
fn suffixes(kind: MetricKind) -> &'static [&'static str] {
    match kind {
        MetricKind::Counter => &["_total", "_created"],
        MetricKind::Histogram => &["_bucket", "_count", "_sum", "_created"],
        MetricKind::GaugeHistogram => &["_bucket", "_gcount", "_gsum"],
        MetricKind::Summary => &["", "_count", "_sum", "_created"],
        MetricKind::Info => &["_info"],
        MetricKind::Gauge | MetricKind::StateSet | MetricKind::Unknown => &[""],
    }
}
