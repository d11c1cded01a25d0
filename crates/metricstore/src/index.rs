//! From matchers to series: the inverted index, whether it lies in memory or in a part.

pub(crate) mod postings;
#[cfg(test)]
mod tests;

use model::{MatchOp, Matcher};

use postings::{intersect, subtract};

/// Which series have which label values. Series are numbered from 0 without gaps.
pub(crate) trait LabelIndex {
    /// Why it cannot be read.
    type Error;

    /// How many series there are.
    fn series_count(&self) -> u32;

    /// The series with this value, sorted.
    fn with_value(&self, name: &str, value: &str) -> Result<Vec<u32>, Self::Error>;

    /// Visits every value of a label with its series, which are sorted.
    fn each_value(
        &self,
        name: &str,
        visit: &mut dyn FnMut(&str, &[u32]),
    ) -> Result<(), Self::Error>;

    /// The names of all labels.
    fn names(&self) -> Vec<&str>;
}

/// The series that pass all matchers, sorted.
///
/// A matcher that the empty value passes, such as `!=` or `=~".*"`, also takes the series without
/// that label. So it says which to leave out; the others say which to take.
pub(crate) fn matching<I: LabelIndex>(
    index: &I,
    matchers: &[Matcher],
) -> Result<Vec<u32>, I::Error> {
    let (taking, leaving): (Vec<_>, Vec<_>) = matchers.iter().partition(|m| !m.matches_empty());
    // Equality reads one list: it comes first, and spares the others when it is empty.
    let (equal, other): (Vec<_>, Vec<_>) =
        taking.into_iter().partition(|matcher| matcher.op == MatchOp::Equal);
    let mut found: Option<Vec<u32>> = None;
    for matcher in equal.into_iter().chain(other) {
        let series = match matcher.op {
            MatchOp::Equal => index.with_value(&matcher.name, &matcher.value)?,
            _ => with_values(index, &matcher.name, |value| matcher.matches(value))?,
        };
        let both = found.map_or(series.clone(), |found| intersect(&found, &series));
        if both.is_empty() {
            return Ok(both);
        }
        found = Some(both);
    }
    let mut found = found.unwrap_or_else(|| (0..index.series_count()).collect());
    for matcher in leaving {
        let left = with_values(index, &matcher.name, |value| !matcher.matches(value))?;
        found = subtract(&found, &left);
    }
    Ok(found)
}

/// The series with any value that passes, sorted.
fn with_values<I: LabelIndex>(
    index: &I,
    name: &str,
    passes: impl Fn(&str) -> bool,
) -> Result<Vec<u32>, I::Error> {
    let mut found = Vec::new();
    index.each_value(name, &mut |value, series| {
        if passes(value) {
            found.extend_from_slice(series);
        }
    })?;
    // A series has one value of each label, so the lists share nothing.
    found.sort_unstable();
    Ok(found)
}

/// The values of a label that any of `series` has, in the index' order; `None` stands for all.
pub(crate) fn values_of<I: LabelIndex>(
    index: &I,
    name: &str,
    series: Option<&[u32]>,
    visit: &mut dyn FnMut(&str),
) -> Result<(), I::Error> {
    index.each_value(name, &mut |value, having| {
        if series.is_none_or(|series| postings::share_any(series, having)) {
            visit(value);
        }
    })
}
