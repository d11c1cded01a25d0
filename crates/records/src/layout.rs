//! Which columns a chunk or part has, and which of them a field name means.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use store::FieldName;

use crate::signal::Visibility;
use crate::{ColumnType, Field, Signal};

/// How many columns of open fields a chunk or part has at most; what goes beyond lies in the
/// `_rest` column.
pub const MAX_FIELDS: usize = 1_000;

/// The columns of a chunk or part: first the known ones, then one for each open field and type.
#[derive(Debug)]
pub struct Layout {
    signal: &'static Signal,
    fields: Vec<Field>,
    by_name: HashMap<Arc<str>, Vec<usize>>,
}

impl Layout {
    /// The known columns of a signal, and these fields.
    pub fn new(signal: &'static Signal, fields: Vec<Field>) -> Self {
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            by_name.entry(field.name.clone()).or_default().push(signal.columns.len() + index);
        }
        Layout { signal, fields, by_name }
    }

    /// The kind of records.
    pub fn signal(&self) -> &'static Signal {
        self.signal
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.signal.columns.len() + self.fields.len()
    }

    /// The open fields, in the order of their columns.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The open field of a column, unless it is a known one.
    pub fn field(&self, column: usize) -> Option<&Field> {
        self.fields.get(column.checked_sub(self.signal.columns.len())?)
    }

    /// What a column holds.
    pub fn kind(&self, column: usize) -> ColumnType {
        match self.field(column) {
            Some(field) => field.kind,
            None => self.signal.columns[column].kind,
        }
    }

    /// The name of the field a column holds.
    pub fn name(&self, column: usize) -> &str {
        self.field(column).map_or_else(|| self.signal.columns[column].name, |field| &field.name)
    }

    /// The column of an open field.
    pub fn find(&self, field: &Field) -> Option<usize> {
        let columns = self.by_name.get(&field.name)?;
        columns.iter().copied().find(|column| self.kind(*column) == field.kind)
    }

    /// The columns that a field name in a query means, in their order; `_rest` is not among them.
    pub fn columns_of(&self, name: &FieldName) -> Vec<usize> {
        match name {
            FieldName::Named(name) => match self.signal.named(name) {
                Some(column) => vec![column],
                None => self.by_name.get(name.as_str()).cloned().unwrap_or_default(),
            },
            FieldName::Pattern(pattern) => {
                self.searched().filter(|column| pattern.matches_whole(self.name(*column))).collect()
            }
            FieldName::Any => self.searched().collect(),
        }
    }

    /// The columns of fields: all but the internal ones and those seen only by name.
    pub fn searched(&self) -> impl Iterator<Item = usize> {
        let is_searched = |column: &usize| match self.signal.columns.get(*column) {
            Some(known) => known.visibility == Visibility::Searched,
            None => true,
        };
        (0..self.width()).filter(is_searched)
    }

    /// Whether fields of that name may lie in `_rest`.
    pub(crate) fn rest_may_hold(&self, name: &FieldName) -> bool {
        match name {
            FieldName::Named(name) => self.signal.named(name).is_none(),
            FieldName::Pattern(_) | FieldName::Any => true,
        }
    }
}

/// Brings the columns of several chunks or parts together in one layout.
pub(crate) struct LayoutUnion {
    signal: &'static Signal,
    /// In the order in which they were first seen.
    fields: Vec<(Field, u64)>,
    positions: BTreeMap<Field, usize>,
}

impl LayoutUnion {
    pub(crate) fn new(signal: &'static Signal) -> Self {
        LayoutUnion { signal, fields: Vec::new(), positions: BTreeMap::new() }
    }

    /// Adds a layout; `count` says how many values a column holds.
    pub(crate) fn add(&mut self, layout: &Layout, count: impl Fn(usize) -> u64) {
        let known = self.signal.columns.len();
        for (index, field) in layout.fields.iter().enumerate() {
            let position = match self.positions.get(field) {
                Some(position) => *position,
                None => {
                    self.positions.insert(field.clone(), self.fields.len());
                    self.fields.push((field.clone(), 0));
                    self.fields.len() - 1
                }
            };
            self.fields[position].1 += count(known + index);
        }
    }

    /// The layout with the fields that hold most values, [`MAX_FIELDS`] at most; fields without
    /// any are left out.
    pub(crate) fn finish(self) -> Layout {
        let mut by_count: Vec<_> = self.fields.iter().filter(|(_, count)| *count > 0).collect();
        by_count.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        by_count.truncate(MAX_FIELDS);
        let kept: HashSet<Field> = by_count.into_iter().map(|(field, _)| field.clone()).collect();
        let fields = self.fields.into_iter().map(|(field, _)| field);
        Layout::new(self.signal, fields.filter(|field| kept.contains(field)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::tests::EVENTS;

    fn layout(names: &[&str]) -> Layout {
        let field = |name: &&str| Field { name: (*name).into(), kind: ColumnType::Int };
        Layout::new(&EVENTS, names.iter().map(field).collect())
    }

    #[test]
    fn names_of_queries_find_their_columns() {
        let layout = layout(&["a", "service.port", "message", "_sequence"]);
        let named = |name: &str| layout.columns_of(&FieldName::Named(name.into()));
        assert_eq!(named("timestamp"), [0]);
        assert_eq!(named("message"), [3], "not the field of the same name");
        assert_eq!(named("_sequence"), [9], "not the internal column");
        assert_eq!(named("b"), [0; 0]);
        let pattern = FieldName::Pattern(store::Wildcard::new("service.*").unwrap());
        assert_eq!(layout.columns_of(&pattern), [4, 7]);
        assert_eq!(layout.columns_of(&FieldName::Any), [3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn the_union_keeps_the_fullest_columns() {
        let names: Vec<String> = (0..MAX_FIELDS).map(|n| format!("f{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut union = LayoutUnion::new(&EVENTS);
        union.add(&layout(&names), |column| u64::from(column != EVENTS.columns.len() + 7));
        union.add(&layout(&["f3", "late", "empty"]), |column| [5, 2, 0][column - 6]);
        let union = union.finish();
        assert_eq!(union.fields().len(), MAX_FIELDS);
        assert_eq!(&*union.fields().last().unwrap().name, "late");
        assert!(union.find(&Field { name: "f7".into(), kind: ColumnType::Int }).is_none());
    }
}
