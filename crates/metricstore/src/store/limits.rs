//! What of a batch can never be stored.

use std::collections::BTreeSet;

use model::{Labels, MetricBatch};
use storage::day_of_ms;

use crate::codec::LABELS_BYTES_MAX;

/// Samples and exemplars that were refused, each for itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) count: u64,
    /// Why the first of them was.
    pub(super) reason: Option<String>,
}

/// A batch, and a head before it is flushed, may touch so many days: each becomes a file.
pub(super) const DAYS_MAX: usize = 1000;

/// Longer descriptions of metric families are left out.
const METADATA_BYTES_MAX: usize = 16 << 10;

impl Refused {
    fn note(&mut self, reason: impl FnOnce() -> String) {
        self.count += 1;
        self.reason.get_or_insert_with(reason);
    }
}

/// Takes out of a batch what can never be stored.
pub(super) fn refuse(batch: &mut MetricBatch) -> Refused {
    let mut refused = Refused::default();
    let mut days = BTreeSet::new();
    let mut last_day = None;
    let mut fits = |labels: &Labels, t_ms: i64| {
        let day = day_of_ms(t_ms);
        let is_known = last_day == Some(day) || days.contains(&day);
        if labels.byte_len() > LABELS_BYTES_MAX {
            let len = labels.byte_len();
            refused.note(|| {
                let name = labels.metric_name();
                format!("the labels of {name} have {len} bytes, more than {LABELS_BYTES_MAX}")
            });
            return false;
        }
        if !is_known && days.len() == DAYS_MAX {
            refused.note(|| format!("the batch touches more than {DAYS_MAX} days"));
            return false;
        }
        last_day = Some(day);
        days.insert(day);
        true
    };
    batch.samples.retain(|new| fits(&new.labels, new.sample.t_ms));
    batch.exemplars.retain(|(labels, exemplar)| {
        exemplar.labels.byte_len() <= LABELS_BYTES_MAX && fits(labels, exemplar.t_ms)
    });
    batch.metadata.retain(|(name, metadata)| {
        name.len() + metadata.help.len() + metadata.unit.len() <= METADATA_BYTES_MAX
    });
    refused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(value: &str) -> Labels {
        Labels::from_pairs([("__name__", "up"), ("x", value)])
    }

    #[test]
    fn what_is_ordinary_stays() {
        let mut batch = MetricBatch::default();
        (0..DAYS_MAX as i64).for_each(|day| batch.push(set("1"), day * 86_400_000, 1.0));
        let before = batch.clone();
        assert_eq!(refuse(&mut batch), Refused::default());
        assert_eq!(batch, before);
    }

    #[test]
    fn labels_and_days_have_limits() {
        let mut batch = MetricBatch::default();
        batch.push(set(&"x".repeat(LABELS_BYTES_MAX)), 0, 1.0);
        (0..DAYS_MAX as i64 + 2).for_each(|day| batch.push(set("1"), day * 86_400_000, 1.0));
        batch.push(set("1"), 0, 1.0);
        let refused = refuse(&mut batch);
        assert_eq!((refused.count, batch.samples.len()), (3, DAYS_MAX + 1));
        let reason = refused.reason.unwrap();
        assert!(reason.starts_with("the labels of up have 655"), "{reason}");
    }
}
