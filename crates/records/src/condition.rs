//! Conditions on records, evaluated column by column.
//!
//! [`store::Filter`] defines by evaluation of single records what a condition means; the same is
//! answered here for whole columns at once.

mod phrase;
mod select;
mod test;

use store::{FieldName, Filter};

pub use test::CellTest;

/// A condition on a record.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Holds always.
    All,
    /// Holds when all of these do.
    And(Vec<Condition>),
    /// Holds when one of these does.
    Or(Vec<Condition>),
    /// Holds when this does not.
    Not(Box<Condition>),
    /// Holds when a field passes.
    Leaf(Leaf),
}

/// A test of the fields of a name; it holds when any value of any of them passes.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Which fields are looked at.
    pub field: FieldName,
    /// What is asked of their values.
    pub test: CellTest,
}

impl Condition {
    /// A test of the field of a name.
    pub fn field(name: &str, test: CellTest) -> Self {
        Condition::Leaf(Leaf { field: FieldName::Named(name.to_owned()), test })
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Condition) -> Self {
        match (self, other) {
            (Condition::All, one) | (one, Condition::All) => one,
            (Condition::And(mut all), one) => {
                all.push(one);
                Condition::And(all)
            }
            (one, other) => Condition::And(vec![one, other]),
        }
    }

    /// Whether this holds for every record.
    pub fn is_all(&self) -> bool {
        match self {
            Condition::All => true,
            Condition::And(all) => all.iter().all(Condition::is_all),
            _ => false,
        }
    }

    /// Calls `each` with every test.
    pub(crate) fn for_each_leaf(&self, each: &mut impl FnMut(&Leaf)) {
        match self {
            Condition::All => {}
            Condition::And(conditions) | Condition::Or(conditions) => {
                conditions.iter().for_each(|condition| condition.for_each_leaf(each));
            }
            Condition::Not(inner) => inner.for_each_leaf(each),
            Condition::Leaf(leaf) => each(leaf),
        }
    }

    /// Whether some record may pass, when `leaf` says whether some record may pass a test.
    pub(crate) fn may_hold(&self, leaf: &mut impl FnMut(&Leaf) -> bool) -> bool {
        match self {
            Condition::All | Condition::Not(_) => true,
            Condition::And(all) => all.iter().all(|condition| condition.may_hold(leaf)),
            Condition::Or(any) => any.iter().any(|condition| condition.may_hold(leaf)),
            Condition::Leaf(test) => leaf(test),
        }
    }
}

impl From<&Filter> for Condition {
    fn from(filter: &Filter) -> Self {
        let all = |filters: &[Filter]| filters.iter().map(Condition::from).collect();
        match filter {
            Filter::All => Condition::All,
            Filter::And(filters) => Condition::And(all(filters)),
            Filter::Or(filters) => Condition::Or(all(filters)),
            Filter::Not(inner) => Condition::Not(Box::new(Condition::from(&**inner))),
            Filter::Field(predicate) => Condition::Leaf(Leaf {
                field: predicate.field.clone(),
                test: CellTest::new(predicate.test.clone()),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
