//! What a log record must look like: the one plan under every log query language.
//!
//! The evaluation here, record by record, is the definition; stores answer the same from columns
//! and indexes.

mod test;

use model::LogRecord;

pub use test::{Range, Test, Wildcard, date_ns};

/// A condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Holds always.
    All,
    /// Holds when all of these do.
    And(Vec<Filter>),
    /// Holds when one of these does.
    Or(Vec<Filter>),
    /// Holds when this does not.
    Not(Box<Filter>),
    /// Holds when a field passes.
    Field(Predicate),
}

/// A test of the fields of a name; it holds when any value of any of them passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// Which fields are looked at.
    pub field: FieldName,
    /// What is asked of their values.
    pub test: Test,
}

/// Which fields a predicate looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldName {
    /// The field of this name.
    Named(String),
    /// The fields whose names match.
    Pattern(Wildcard),
    /// All fields but the time.
    Any,
}

impl Filter {
    /// A predicate on one field.
    pub fn field(name: &str, test: Test) -> Self {
        Filter::Field(Predicate { field: FieldName::Named(name.to_owned()), test })
    }

    /// A predicate on all fields.
    pub fn any(test: Test) -> Self {
        Filter::Field(Predicate { field: FieldName::Any, test })
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Filter) -> Self {
        match (self, other) {
            (Filter::All, one) | (one, Filter::All) => one,
            (Filter::And(mut all), Filter::And(more)) => {
                all.extend(more);
                Filter::And(all)
            }
            (Filter::And(mut all), one) => {
                all.push(one);
                Filter::And(all)
            }
            (one, other) => Filter::And(vec![one, other]),
        }
    }

    /// The opposite condition.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Filter::Not(inner) => *inner,
            other => Filter::Not(Box::new(other)),
        }
    }

    /// Whether a record passes.
    pub fn matches(&self, record: &LogRecord) -> bool {
        match self {
            Filter::All => true,
            Filter::And(all) => all.iter().all(|filter| filter.matches(record)),
            Filter::Or(any) => any.iter().any(|filter| filter.matches(record)),
            Filter::Not(inner) => !inner.matches(record),
            Filter::Field(predicate) => predicate.matches(record),
        }
    }
}

impl Predicate {
    fn matches(&self, record: &LogRecord) -> bool {
        match &self.field {
            FieldName::Named(name) => {
                record.get(name).is_some_and(|value| self.test.matches(&value))
            }
            FieldName::Pattern(pattern) => record
                .iter()
                .any(|(name, value)| pattern.matches_whole(name) && self.test.matches(&value)),
            FieldName::Any => record.iter().any(|(_, value)| self.test.matches(&value)),
        }
    }
}

#[cfg(test)]
mod tests;
