//! What is read: equal selectors whose ranges meet are read once.

use model::Matcher;
use store::Select;

/// What selectors with equal matchers read.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Read {
    pub(in crate::engine) select: Select,
    /// How many selectors read it.
    pub(in crate::engine) uses: usize,
    /// Which read stands for it, if it is another one.
    pub(in crate::engine) same_as: Option<usize>,
}

impl Read {
    pub(super) fn new(matchers: Vec<Matcher>, start_ms: i64, end_ms: i64) -> Self {
        Read { select: Select { matchers, start_ms, end_ms }, uses: 1, same_as: None }
    }

    /// Whether one read of both ranges reads no more than two of them would.
    fn meets(&self, other: &Select) -> bool {
        let own = &self.select;
        own.matchers == other.matchers
            && own.start_ms <= other.end_ms.saturating_add(1)
            && other.start_ms <= own.end_ms.saturating_add(1)
    }
}

/// Lets equal selectors share a read of both their ranges.
pub(super) fn shared(mut reads: Vec<Read>) -> Vec<Read> {
    for later in 1..reads.len() {
        let select = reads[later].select.clone();
        let meets = |read: &Read| read.same_as.is_none() && read.meets(&select);
        let Some(earlier) = reads[..later].iter().position(meets) else { continue };
        reads[later].same_as = Some(earlier);
        let read = &mut reads[earlier];
        read.uses += 1;
        read.select.start_ms = read.select.start_ms.min(select.start_ms);
        read.select.end_ms = read.select.end_ms.max(select.end_ms);
    }
    reads
}
