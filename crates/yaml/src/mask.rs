//! A file's text without its secrets, for people to look at.

use std::cmp::Reverse;
use std::ops::Range;

use crate::Document;
use crate::tree::{Content, Node};

const HIDDEN: &str = "<secret>";

impl Document<'_> {
    /// The document's own text, comments and order included, with `<secret>` for every value below
    /// a key that `is_secret` names, and for passwords in addresses. What is behind the document is
    /// left out.
    pub fn masked(&self, is_secret: impl Fn(&str) -> bool) -> String {
        let end = self.rest.map_or(self.text.len(), |place| place.offset);
        let mut search = Search { text: self.text, is_secret, found: Vec::new() };
        search.visit(&self.root, false);
        search.found.sort_unstable_by_key(|range| (range.start, Reverse(range.end)));
        let mut out = String::with_capacity(end);
        let mut shown = 0;
        for range in search.found {
            // An anchor may be met more than once, and a password within what is hidden.
            if range.start >= shown {
                out.push_str(&self.text[shown..range.start]);
                out.push_str(HIDDEN);
                shown = range.end;
            }
        }
        out.push_str(&self.text[shown..end]);
        out
    }
}

struct Search<'a, F> {
    text: &'a str,
    is_secret: F,
    /// The bytes to hide.
    found: Vec<Range<usize>>,
}

impl<F: Fn(&str) -> bool> Search<'_, F> {
    fn visit(&mut self, node: &Node, hidden: bool) {
        match &node.content {
            Content::Scalar(scalar) => {
                let Range { start, end } = scalar.range;
                let notation = self.text.get(start..end).unwrap_or_default().trim_end();
                if !hidden {
                    let passwords = passwords(notation);
                    self.found.extend(passwords.map(|p| start + p.start..start + p.end));
                } else if !scalar.is_null() && !scalar.text.is_empty() {
                    self.found.push(start..start + notation.len());
                }
            }
            Content::Sequence(items) => items.iter().for_each(|item| self.visit(item, hidden)),
            Content::Mapping(mapping) => {
                for (key, value) in &mapping.pairs {
                    self.visit(key, false);
                    let named = key.text().is_some_and(&self.is_secret);
                    self.visit(value, hidden || named);
                }
                // A pair that was written anew is still there to be read.
                mapping.merged.iter().for_each(|merged| self.visit(merged, hidden));
            }
        }
    }
}

/// Where passwords stand in addresses: `scheme://user:password@host`.
fn passwords(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, separator)| {
        let start = at + separator.len();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'');
        let authority = text[start..].split(ends).next()?;
        let user = &authority[..authority.rfind('@')?];
        let colon = user.find(':')?;
        Some(start + colon + 1..start + user.len())
    })
}
