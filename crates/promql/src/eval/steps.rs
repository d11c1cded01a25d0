//! The instants a node is evaluated at, and where in time a selector looks from there.

/// Instants from `start_ms` on, `step_ms` apart, while they are not after `end_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
    pub(crate) step_ms: i64,
}

impl Steps {
    pub(crate) fn once(at_ms: i64) -> Self {
        Steps { start_ms: at_ms, end_ms: at_ms, step_ms: 1 }
    }

    /// The first instant only.
    pub(crate) fn first(self) -> Self {
        Steps::once(self.start_ms)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.end_ms < self.start_ms
    }

    pub(crate) fn count(self) -> usize {
        if self.is_empty() {
            return 0;
        }
        let between = self.end_ms.saturating_sub(self.start_ms) / self.step_ms;
        usize::try_from(between).unwrap_or(usize::MAX).saturating_add(1)
    }

    /// The last instant; there must be one.
    pub(crate) fn last_ms(self) -> i64 {
        self.start_ms + self.end_ms.saturating_sub(self.start_ms) / self.step_ms * self.step_ms
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = i64> {
        let mut next = Some(self.start_ms).filter(|start| *start <= self.end_ms);
        std::iter::from_fn(move || {
            let now = next?;
            next = now.checked_add(self.step_ms).filter(|after| *after <= self.end_ms);
            Some(now)
        })
    }

    /// The instant of this number, counted from 0.
    pub(crate) fn time(self, step: usize) -> i64 {
        self.start_ms + self.step_ms * step as i64
    }

    /// Which instant this is, counted from 0.
    pub(crate) fn index(self, t_ms: i64) -> usize {
        usize::try_from(t_ms.saturating_sub(self.start_ms) / self.step_ms).unwrap_or_default()
    }
}

/// `@` and `offset`, worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) at_ms: Option<i64>,
    pub(crate) offset_ms: i64,
}

impl Shift {
    /// The instant a selector looks at when it is evaluated at `t_ms`.
    pub(crate) fn apply(self, t_ms: i64) -> i64 {
        self.at_ms.unwrap_or(t_ms).saturating_sub(self.offset_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_belongs_to_the_steps_only_when_they_meet_it() {
        let steps = Steps { start_ms: -5, end_ms: 14, step_ms: 10 };
        assert_eq!(steps.iter().collect::<Vec<_>>(), [-5, 5]);
        assert_eq!((steps.count(), steps.last_ms(), steps.index(5)), (2, 5, 1));
        assert_eq!(Steps { end_ms: -6, ..steps }.iter().count(), 0);
        let near_the_end_of_time = Steps { start_ms: i64::MAX - 1, end_ms: i64::MAX, step_ms: 2 };
        assert_eq!(near_the_end_of_time.iter().count(), 1);
    }
}
