//! The k largest or smallest elements, kept in a binary heap. Which of several equal ones stay
//! depends on how the heap is kept, so it is kept as Go's `container/heap` keeps it.

use std::cmp::Ordering;

use super::quantile::ascending;

/// Which end of the heap's order is of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Largest,
    Smallest,
}

/// Up to so many elements; the first is the one that goes next.
pub(crate) struct Heap<T> {
    keep: Keep,
    limit: usize,
    items: Vec<(f64, T)>,
}

impl<T> Heap<T> {
    pub(crate) fn new(keep: Keep, limit: usize) -> Self {
        Heap { keep, limit, items: Vec::new() }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.items.len() >= self.limit
    }

    /// Whether it never takes anything.
    pub(crate) fn has_no_room(&self) -> bool {
        self.limit == 0
    }

    /// Adds an element if there is room; a full heap gives up its first for a better one.
    pub(crate) fn offer(&mut self, value: f64, item: T) {
        if !self.is_full() {
            self.push(value, item);
            return;
        }
        let Some(first) = self.items.first_mut() else { return };
        let is_better = match self.keep {
            Keep::Largest => first.0 < value,
            Keep::Smallest => first.0 > value,
        };
        if is_better || first.0.is_nan() && !value.is_nan() {
            *first = (value, item);
            self.sink(0);
        }
    }

    fn push(&mut self, value: f64, item: T) {
        self.items.push((value, item));
        let mut child = self.items.len() - 1;
        while child > 0 {
            let parent = (child - 1) / 2;
            if !self.is_before(child, parent) {
                break;
            }
            self.items.swap(parent, child);
            child = parent;
        }
    }

    fn sink(&mut self, mut parent: usize) {
        loop {
            let left = 2 * parent + 1;
            if left >= self.items.len() {
                return;
            }
            let right = left + 1;
            let prefers_right = right < self.items.len() && self.is_before(right, left);
            let child = if prefers_right { right } else { left };
            if !self.is_before(child, parent) {
                return;
            }
            self.items.swap(parent, child);
            parent = child;
        }
    }

    /// NaN goes before anything, also before NaN.
    fn is_before(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.items[a].0, self.items[b].0);
        a.is_nan()
            || match self.keep {
                Keep::Largest => a < b,
                Keep::Smallest => a > b,
            }
    }

    /// The elements from the best on, NaNs last.
    pub(crate) fn into_sorted(mut self) -> Vec<(f64, T)> {
        let best_first = |a: f64, b: f64| match self.keep {
            Keep::Largest => ascending(b, a),
            Keep::Smallest => smallest_first(a, b),
        };
        self.items.sort_by(|a, b| best_first(a.0, b.0));
        self.items
    }

    /// The elements as they lie.
    pub(crate) fn into_items(self) -> Vec<(f64, T)> {
        self.items
    }
}

/// From small to large, NaN last.
pub(crate) fn smallest_first(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_stay_and_nan_goes_first() {
        let values = [3.0, f64::NAN, 1.0, 5.0, 4.0];
        for (keep, best) in [(Keep::Largest, [5.0, 4.0]), (Keep::Smallest, [1.0, 3.0])] {
            let mut heap = Heap::new(keep, 2);
            values.iter().for_each(|value| heap.offer(*value, ()));
            let sorted: Vec<f64> = heap.into_sorted().iter().map(|(value, ())| *value).collect();
            assert_eq!(sorted, best);
        }
        let mut heap = Heap::new(Keep::Smallest, 9);
        values.iter().for_each(|value| heap.offer(*value, ()));
        let sorted = heap.into_sorted();
        assert!(sorted[3].0 == 5.0 && sorted[4].0.is_nan());
    }
}
