//! The shape of a query, the same for both languages.

use store::Range;

use crate::error::Place;

/// A condition with its parts.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Every record.
    All,
    /// All of these; two at least.
    And(Vec<Node>),
    /// One of these; two at least.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A field and what is asked of it.
    Leaf(Leaf),
}

/// A field and what is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) field: Field,
    pub(crate) condition: Condition,
    /// Where it stands in the text.
    pub(crate) place: Place,
}

/// Which field is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    /// Any of them.
    Any,
    /// The one of this name, or of an alias of it.
    Named(String),
    /// Those whose names fit a pattern, written as [`store::Wildcard`] reads it.
    Pattern(String),
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// That it is there.
    Exists,
    /// That it holds this.
    Text(String),
    /// That it fits a pattern, written as [`store::Wildcard`] reads it.
    Pattern(String),
    /// That it matches a regular expression.
    Regex(String),
    /// That it lies between bounds.
    Between(Range),
}

impl Node {
    /// All of `nodes`, conjunctions among them taken apart.
    pub(crate) fn and(nodes: Vec<Node>) -> Node {
        let parts = |node| match node {
            Node::And(parts) => parts,
            other => vec![other],
        };
        let mut all: Vec<Node> = nodes.into_iter().flat_map(parts).collect();
        if all.len() > 1 { Node::And(all) } else { all.pop().unwrap_or(Node::All) }
    }

    /// One of `nodes`, disjunctions among them taken apart; there must be one.
    pub(crate) fn or(nodes: Vec<Node>) -> Node {
        let parts = |node| match node {
            Node::Or(parts) => parts,
            other => vec![other],
        };
        let mut any: Vec<Node> = nodes.into_iter().flat_map(parts).collect();
        if any.len() > 1 { Node::Or(any) } else { any.pop().unwrap_or(Node::All) }
    }

    /// The opposite of `node`.
    pub(crate) fn not(node: Node) -> Node {
        match node {
            Node::Not(inner) => *inner,
            other => Node::Not(Box::new(other)),
        }
    }

    /// A question to a field. Every record has something in some field, and what may lie anywhere
    /// must only be there.
    pub(crate) fn leaf(field: Field, condition: Condition, place: Place) -> Node {
        let condition = match condition {
            Condition::Between(Range { lower: None, upper: None }) => Condition::Exists,
            other => other,
        };
        match (&field, &condition) {
            (Field::Any, Condition::Exists) => Node::All,
            _ => Node::Leaf(Leaf { field, condition, place }),
        }
    }
}
