//! Counts by the numbers of their buckets.

use std::sync::{Arc, LazyLock};

/// The buckets of one side of a histogram that have a count.
///
/// The numbers lie apart from the counts, so that the samples of a series, whose buckets mostly
/// stay the same, can share them.
#[derive(Clone, PartialEq)]
pub struct Buckets {
    layout: Arc<[i32]>,
    counts: Vec<f64>,
}

/// A run of buckets as exposition formats write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many buckets lie between the run before and this one; for the first, the number of its
    /// first bucket.
    pub offset: i32,
    /// How many buckets there are.
    pub length: u32,
}

static NO_BUCKETS: LazyLock<Arc<[i32]>> = LazyLock::new(|| Arc::new([]));

impl Buckets {
    /// Counts of buckets whose numbers ascend; `None` when they do not, or are not as many.
    pub fn new(layout: Arc<[i32]>, counts: Vec<f64>) -> Option<Self> {
        let is_valid = layout.len() == counts.len() && layout.is_sorted_by(|a, b| a < b);
        is_valid.then_some(Buckets { layout, counts })
    }

    /// Counts of runs of buckets; `None` when the runs overlap, leave the range of numbers, or are
    /// not as long as there are counts.
    pub fn from_spans(spans: &[Span], counts: Vec<f64>) -> Option<Self> {
        let length: u64 = spans.iter().map(|span| u64::from(span.length)).sum();
        if length != counts.len() as u64 {
            return None;
        }
        let mut layout = Vec::with_capacity(counts.len());
        let mut next = 0i32;
        for (position, span) in spans.iter().enumerate() {
            if position > 0 && span.offset < 0 {
                return None;
            }
            next = next.checked_add(span.offset)?;
            for _ in 0..span.length {
                layout.push(next);
                next = next.checked_add(1)?;
            }
        }
        Some(Buckets { layout: layout.into(), counts })
    }

    /// The fewest runs that hold all buckets.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut next = 0;
        for index in self.layout.iter() {
            match spans.last_mut() {
                Some(span) if *index == next => span.length += 1,
                _ => spans.push(Span { offset: index - next, length: 1 }),
            }
            next = index + 1;
        }
        spans
    }

    /// The numbers of the buckets, ascending.
    pub fn layout(&self) -> &Arc<[i32]> {
        &self.layout
    }

    /// The counts in the order of the numbers.
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// The counts, to be changed.
    pub fn counts_mut(&mut self) -> &mut [f64] {
        &mut self.counts
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Numbers and counts, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (i32, f64)> {
        self.layout.iter().copied().zip(self.counts.iter().copied())
    }
}

impl Default for Buckets {
    fn default() -> Self {
        Buckets { layout: NO_BUCKETS.clone(), counts: Vec::new() }
    }
}

impl FromIterator<(i32, f64)> for Buckets {
    /// The numbers must ascend.
    fn from_iter<I: IntoIterator<Item = (i32, f64)>>(pairs: I) -> Self {
        let (layout, counts): (Vec<i32>, Vec<f64>) = pairs.into_iter().unzip();
        debug_assert!(layout.is_sorted_by(|a, b| a < b), "numbers of buckets ascend");
        Buckets { layout: layout.into(), counts }
    }
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_numbers_are_the_same_in_other_words() {
        let spans = [Span { offset: -2, length: 2 }, Span { offset: 3, length: 1 }];
        let buckets = Buckets::from_spans(&spans, vec![1.0, 2.0, 3.0]).unwrap();
        assert_eq!(buckets.iter().collect::<Vec<_>>(), [(-2, 1.0), (-1, 2.0), (3, 3.0)]);
        assert_eq!(buckets.spans(), spans);
        assert_eq!(Buckets::default().spans(), []);
    }

    #[test]
    fn what_is_not_in_order_is_refused() {
        let span = |offset, length| Span { offset, length };
        assert_eq!(Buckets::from_spans(&[span(0, 2)], vec![1.0]), None);
        assert_eq!(Buckets::from_spans(&[span(0, 1), span(-1, 1)], vec![1.0, 1.0]), None);
        assert_eq!(Buckets::from_spans(&[span(i32::MAX, 1)], vec![1.0]), None);
        assert_eq!(Buckets::new([1, 1].into(), vec![1.0, 1.0]), None);
        assert_eq!(Buckets::new([1].into(), Vec::new()), None);
    }
}
