//! Label sets: what names a time series.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::Quoted;

/// The label that holds a metric's name.
pub const METRIC_NAME: &str = "__name__";

/// A set of label pairs, sorted by name, without empty values; a clone is one reference count.
///
/// All pairs lie in one string: each name and each value behind its length, written in groups of
/// six bits per ASCII byte so that the whole stays valid UTF-8. Equal sets are equal strings.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Labels(Arc<str>);

/// Whether a label name is of letters, digits and underscores, so that it needs no quotes.
pub fn is_classic_label_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

const MORE: u8 = 0x40;

fn push_text(out: &mut String, text: &str) {
    let mut len = text.len();
    while len >= MORE as usize {
        out.push(char::from((len as u8 & (MORE - 1)) | MORE));
        len >>= 6;
    }
    out.push(char::from(len as u8));
    out.push_str(text);
}

/// Splits the first length-prefixed text off `rest`.
fn split_text(rest: &str) -> (&str, &str) {
    let (mut len, mut shift) = (0usize, 0);
    for (position, byte) in rest.bytes().enumerate() {
        len |= usize::from(byte & (MORE - 1)) << shift;
        shift += 6;
        if byte & MORE == 0 {
            return rest[position + 1..].split_at(len);
        }
    }
    ("", "")
}

/// As [`split_text`], of text that may be anything; lengths must be as short as they can be.
fn checked_split_text(rest: &str) -> Option<(&str, &str)> {
    let (mut len, mut shift) = (0usize, 0);
    for (position, byte) in rest.bytes().enumerate() {
        let bits = usize::from(byte & (MORE - 1));
        if !byte.is_ascii() || shift > 30 || (byte == 0 && position > 0) {
            return None;
        }
        len |= bits << shift;
        shift += 6;
        if byte & MORE == 0 {
            return rest.get(position + 1..)?.split_at_checked(len);
        }
    }
    None
}

impl Labels {
    /// The set without labels.
    pub fn empty() -> Self {
        Labels(Arc::from(""))
    }

    /// Builds a set from pairs in any order; of equal names the last wins, empty values are absent.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut pairs: Vec<(N, V)> = pairs.into_iter().collect();
        // The sort is stable, so that of equal names the last one stays last.
        pairs.sort_by(|(one, _), (other, _)| one.as_ref().cmp(other.as_ref()));
        let mut text = String::new();
        for (position, (name, value)) in pairs.iter().enumerate() {
            let (name, value) = (name.as_ref(), value.as_ref());
            let overridden = pairs.get(position + 1).is_some_and(|(next, _)| next.as_ref() == name);
            if !overridden && !value.is_empty() {
                push_text(&mut text, name);
                push_text(&mut text, value);
            }
        }
        Labels(text.into())
    }

    /// The pairs in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (name, after_name) = split_text(rest);
            let (value, after_value) = split_text(after_name);
            rest = after_value;
            Some((name, value))
        })
    }

    /// The value of a label, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The metric's name, or the empty string.
    pub fn metric_name(&self) -> &str {
        self.get(METRIC_NAME).unwrap_or_default()
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are no labels.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes this set occupies, for memory accounting.
    pub fn byte_len(&self) -> usize {
        self.0.len()
    }

    /// The set as one string, the form that files keep; equal sets are equal strings.
    pub fn as_encoded(&self) -> &str {
        &self.0
    }

    /// A set from its form as one string; `None` when the string is not one.
    pub fn from_encoded(text: &str) -> Option<Self> {
        let (mut rest, mut previous) = (text, None);
        while !rest.is_empty() {
            let (name, after_name) = checked_split_text(rest)?;
            let (value, after_value) = checked_split_text(after_name)?;
            if value.is_empty() || previous.is_some_and(|previous| previous >= name) {
                return None;
            }
            previous = Some(name);
            rest = after_value;
        }
        Some(Labels(text.into()))
    }

    /// The same set without the labels that `drop` names.
    #[must_use]
    pub fn without(&self, drop: impl Fn(&str) -> bool) -> Self {
        if !self.iter().any(|(name, _)| drop(name)) {
            return self.clone();
        }
        let mut text = String::with_capacity(self.0.len());
        for (name, value) in self.iter().filter(|(name, _)| !drop(name)) {
            push_text(&mut text, name);
            push_text(&mut text, value);
        }
        Labels(text.into())
    }
}

impl Default for Labels {
    fn default() -> Self {
        Labels::empty()
    }
}

impl Ord for Labels {
    /// Pair by pair, names before values, as Prometheus orders series.
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Labels {
    /// `{a="1", b="2"}`, with the metric's name as an ordinary label and names quoted as needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (position, (name, value)) in self.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            if is_classic_label_name(name) {
                write!(f, "{separator}{name}={}", Quoted(value))?;
            } else {
                write!(f, "{separator}{}={}", Quoted(name), Quoted(value))?;
            }
        }
        f.write_str("}")
    }
}

/// Changes a label set pair by pair.
#[derive(Clone, Debug, Default)]
pub struct LabelsBuilder {
    pairs: Vec<(String, String)>,
}

impl From<&Labels> for LabelsBuilder {
    fn from(labels: &Labels) -> Self {
        let pairs = labels.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        LabelsBuilder { pairs }
    }
}

impl LabelsBuilder {
    /// Sets a label; an empty value removes it.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        match self.pairs.binary_search_by(|(n, _)| n.as_str().cmp(name)) {
            Ok(position) if value.is_empty() => drop(self.pairs.remove(position)),
            Ok(position) => value.clone_into(&mut self.pairs[position].1),
            Err(_) if value.is_empty() => {}
            Err(position) => self.pairs.insert(position, (name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Removes a label.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.set(name, "")
    }

    /// Keeps the labels that `keep` names.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) -> &mut Self {
        self.pairs.retain(|(name, _)| keep(name));
        self
    }

    /// The value of a label, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        let position = self.pairs.binary_search_by(|(n, _)| n.as_str().cmp(name)).ok()?;
        Some(&self.pairs[position].1)
    }

    /// The pairs in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// The finished set.
    pub fn build(&self) -> Labels {
        let mut text = String::new();
        for (name, value) in &self.pairs {
            push_text(&mut text, name);
            push_text(&mut text, value);
        }
        Labels(text.into())
    }
}
