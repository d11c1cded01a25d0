//! From the body of an answer to a batch of samples.

use model::{Exemplar, Labels, LabelsBuilder, METRIC_NAME, MetricBatch, stale_nan};
use protocols::exposition::{Entry, Format, Label, Parser, Sample};

use super::cache::{Known, SeriesCache};
use crate::config::{Limits, ScrapeConfig};
use crate::relabel::relabel;

/// Samples further ahead of the clock than this are refused.
const AHEAD_MAX_MS: i64 = 10 * 60_000;
/// What is put before a label that ours takes the place of.
const EXPORTED_PREFIX: &str = "exported_";

/// What a scrape brought.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Scraped {
    /// What to store.
    pub(super) batch: MetricBatch,
    /// Samples in the answer.
    pub(super) samples: u64,
    /// Samples after relabelling.
    pub(super) samples_kept: u64,
    /// Series that were not there before.
    pub(super) series_added: u64,
    /// Samples that were left out because the series had one already.
    pub(super) duplicates: u64,
    /// Samples that were left out because they are too far ahead.
    pub(super) ahead: u64,
    /// Which limit was met, if any, by the name of its setting.
    pub(super) limit: Option<&'static str>,
}

/// Reads bodies of one target.
pub(super) struct Appender<'a> {
    pub(super) config: &'a ScrapeConfig,
    /// The labels that the target's series get.
    pub(super) target: &'a Labels,
    pub(super) cache: &'a mut SeriesCache,
    /// When the scrape was, which is the time of samples without their own.
    pub(super) t_ms: i64,
}

impl Appender<'_> {
    /// Reads a body. On an error the samples are dropped and everything the target had is marked
    /// as gone; counts tell how far it came.
    pub(super) fn append(mut self, format: Format, body: &[u8]) -> (Scraped, Result<(), String>) {
        self.cache.begin();
        let mut scraped = Scraped::default();
        let result = self.read(format, body, &mut scraped);
        let gone = match result {
            Ok(()) => self.cache.end_good(),
            Err(_) => {
                scraped.batch = MetricBatch::default();
                self.cache.end_failed()
            }
        };
        self.mark_gone(gone, &mut scraped.batch);
        (scraped, result)
    }

    /// Marks everything the target had as gone, because it could not be asked.
    pub(super) fn append_nothing(self) -> Scraped {
        self.cache.begin();
        let gone = self.cache.end_failed();
        let mut scraped = Scraped::default();
        self.mark_gone(gone, &mut scraped.batch);
        scraped
    }

    fn mark_gone(&self, gone: Vec<Labels>, batch: &mut MetricBatch) {
        for labels in gone {
            batch.push(labels, self.t_ms, stale_nan());
        }
    }

    fn read(&mut self, format: Format, body: &[u8], out: &mut Scraped) -> Result<(), String> {
        let mut parser = Parser::new(format, body).map_err(|error| error.to_string())?;
        while let Some(entry) = parser.next_entry().map_err(|error| error.to_string())? {
            match entry {
                Entry::Help { family, text } => self.describe(&family, out, |metadata| {
                    if metadata.help != *text {
                        metadata.help = text.into_owned();
                    }
                }),
                Entry::Unit { family, unit } => self.describe(&family, out, |metadata| {
                    if metadata.unit != *unit {
                        metadata.unit = unit.into_owned();
                    }
                }),
                Entry::Type { family, kind } => {
                    // The kind decides how the values of `le` are written, so texts may mean
                    // other series now.
                    if self.cache.kind(&family).is_some_and(|known| known != kind) {
                        self.cache.forget_meanings();
                    }
                    self.describe(&family, out, |metadata| metadata.kind = kind);
                }
                Entry::Sample(sample) => self.sample(&sample, out)?,
            }
        }
        match out.limit {
            Some("sample_limit") => Err("sample limit exceeded".to_owned()),
            _ => Ok(()),
        }
    }

    fn describe(
        &mut self,
        family: &str,
        out: &mut Scraped,
        change: impl FnOnce(&mut model::Metadata),
    ) {
        if let Some(metadata) = self.cache.describe(family, change) {
            let known = out.batch.metadata.iter_mut().find(|(name, _)| name == family);
            match known {
                Some((_, known)) => known.clone_from(metadata),
                None => out.batch.metadata.push((family.to_owned(), metadata.clone())),
            }
        }
    }

    fn sample(&mut self, sample: &Sample<'_>, out: &mut Scraped) -> Result<(), String> {
        out.samples += 1;
        let own_time = sample.t_ms.filter(|_| self.config.honor_timestamps);
        let t_ms = own_time.unwrap_or(self.t_ms);
        let mut is_new = false;
        let number = match self.cache.find(sample.series) {
            Some(Known::Dropped) => return Ok(()),
            Some(Known::Series(number)) => number,
            None => {
                let Some(labels) = self.final_labels(sample.labels) else {
                    self.cache.add_dropped(sample.series);
                    return Ok(());
                };
                self.check_labels(&labels, out)?;
                is_new = true;
                self.cache.add_series(sample.series, &labels)
            }
        };
        out.samples_kept += 1;
        let tracked = own_time.is_none() || self.config.track_timestamps_staleness;
        let is_repeated = self.cache.try_again(number, tracked);
        if is_repeated && own_time.is_none() {
            out.duplicates += 1;
            return Ok(());
        }
        if t_ms > self.t_ms.saturating_add(AHEAD_MAX_MS) {
            out.ahead += 1;
            return Ok(());
        }
        let limit = self.config.limits.samples;
        if limit > 0 && out.batch.samples.len() as u64 >= limit {
            // Reading goes on, so that it is known how many there are.
            out.limit = Some("sample_limit");
            return Ok(());
        }
        out.series_added += u64::from(is_new);
        let labels = self.cache.labels(number).clone();
        if let Some(exemplar) = &sample.exemplar {
            let timed = exemplar.t_ms.is_some();
            let t_ms = exemplar.t_ms.unwrap_or(t_ms);
            let exemplar = Exemplar { labels: exemplar.label_set(), t_ms, value: exemplar.value };
            if self.cache.is_new_exemplar(number, &exemplar, timed) {
                out.batch.exemplars.push((labels.clone(), exemplar));
            }
        }
        out.batch.push(labels, t_ms, sample.value);
        Ok(())
    }

    /// The labels of a series here: those it came with, the target's, and what the rules make of
    /// both; `None` when a rule drops it.
    fn final_labels(&self, own: &[Label<'_>]) -> Option<Labels> {
        let mut labels = LabelsBuilder::default();
        for (name, value) in own {
            labels.set(name, value);
        }
        if self.config.honor_labels {
            for (name, value) in self.target.iter() {
                if !own.iter().any(|(known, _)| known == name) {
                    labels.set(name, value);
                }
            }
        } else {
            let mut exported = Vec::new();
            for (name, value) in self.target.iter() {
                if let Some(theirs) = labels.get(name) {
                    exported.push((name, theirs.to_owned()));
                }
                labels.set(name, value);
            }
            // Shorter names first, as upstream does, so that a prefix is added twice where needed.
            exported.sort_by_key(|(name, _)| name.len());
            for (name, value) in exported {
                let mut renamed = format!("{EXPORTED_PREFIX}{name}");
                while labels.get(&renamed).is_some() {
                    renamed.insert_str(0, EXPORTED_PREFIX);
                }
                labels.set(&renamed, &value);
            }
        }
        relabel(&self.config.metric_relabel, &mut labels).then(|| labels.build())
    }

    /// Whether the labels may be stored.
    fn check_labels(&self, labels: &Labels, out: &mut Scraped) -> Result<(), String> {
        let Some(name) = labels.get(METRIC_NAME) else {
            return Err("missing metric name (__name__ label)".to_owned());
        };
        let names = self.config.names;
        let all_valid = labels.iter().all(|(label, _)| names.is_label_name(label));
        if !names.is_metric_name(name) || !all_valid {
            return Err(format!("invalid metric name or label names: {labels}"));
        }
        check_label_limits(&self.config.limits, name, labels).map_err(|(limit, message)| {
            out.limit = Some(limit);
            message
        })
    }
}

/// Compares a series with the limits for labels; the setting's name and what to say of it.
fn check_label_limits(
    limits: &Limits,
    metric: &str,
    labels: &Labels,
) -> Result<(), (&'static str, String)> {
    let metric = short(metric);
    let (count, limit) = (labels.len(), limits.labels);
    if limit > 0 && count as u64 > limit {
        let message = format!(
            "label_limit exceeded (metric: {metric}, number of labels: {count}, limit: {limit})"
        );
        return Err(("label_limit", message));
    }
    for (name, value) in labels.iter() {
        let limit = limits.label_name_bytes;
        if limit > 0 && name.len() as u64 > limit {
            let message = format!(
                "label_name_length_limit exceeded (metric: {metric}, label name: {}, length: {}, \
                 limit: {limit})",
                short(name),
                name.len()
            );
            return Err(("label_name_length_limit", message));
        }
        let limit = limits.label_value_bytes;
        if limit > 0 && value.len() as u64 > limit {
            let message = format!(
                "label_value_length_limit exceeded (metric: {metric}, label name: {}, value: \
                 {:?}, length: {}, limit: {limit})",
                short(name),
                short(value),
                value.len()
            );
            return Err(("label_value_length_limit", message));
        }
    }
    Ok(())
}

/// The first fifty characters.
fn short(text: &str) -> &str {
    text.char_indices().nth(50).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests;
