//! Turns the tree of a query into what a store is asked.

mod date;
mod lifted;

use std::collections::HashMap;

use model::Regexp;
use model::aliases::Role;
use store::{FieldName, Filter, Predicate, Test, Wildcard};

use crate::ast::{Condition, Field, Leaf, Node};
use crate::error::{Place, SyntaxError};
use crate::{CONDITIONS_MAX, REGEXES_MAX};

/// The condition on a record that a query stands for.
pub(crate) fn compile(node: &Node) -> Result<Filter, SyntaxError> {
    Compiler::default().node(node)
}

/// What has been compiled so far.
#[derive(Default)]
struct Compiler {
    conditions: usize,
    regexes: HashMap<String, Regexp>,
}

/// What Elasticsearch's dynamic mapping calls the exact form of a text field.
const KEYWORD: &str = ".keyword";

impl Compiler {
    fn node(&mut self, node: &Node) -> Result<Filter, SyntaxError> {
        Ok(match node {
            Node::All => Filter::All,
            Node::And(all) => Filter::And(self.nodes(all)?),
            Node::Or(any) => Filter::Or(self.nodes(any)?),
            Node::Not(inner) => Filter::Not(Box::new(self.node(inner)?)),
            Node::Leaf(leaf) => self.leaf(leaf)?,
        })
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Vec<Filter>, SyntaxError> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<Filter, SyntaxError> {
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            let message = format!("the query has more than {CONDITIONS_MAX} conditions");
            return Err(SyntaxError::new(leaf.place.clone(), message));
        }
        let (field, exact) = match &leaf.field {
            Field::Any => return Ok(Filter::any(self.test(leaf, false)?)),
            Field::Named(name) => match name.strip_suffix(KEYWORD) {
                Some(name) if !name.is_empty() => (name, true),
                _ => (name.as_str(), false),
            },
            Field::Pattern(pattern) => {
                let name = pattern.strip_suffix(KEYWORD).unwrap_or(pattern);
                let field = FieldName::Pattern(wildcard(name, &leaf.place)?);
                let test = self.test(leaf, name.len() < pattern.len())?;
                return Ok(Filter::Field(Predicate { field, test }));
            }
        };
        let own = Filter::field(field, self.test(leaf, exact)?);
        match Role::of(field) {
            None => Ok(own),
            Some(role) => lifted::filter(role, field, leaf, own),
        }
    }

    fn test(&mut self, leaf: &Leaf, exact: bool) -> Result<Test, SyntaxError> {
        Ok(match &leaf.condition {
            Condition::Exists => Test::Exists,
            Condition::Text(text) if exact => Test::Is(text.clone()),
            Condition::Text(text) => Test::Words(text.clone()),
            Condition::Pattern(pattern) => Test::Wildcard(wildcard(pattern, &leaf.place)?),
            Condition::Regex(pattern) => Test::Regex(self.regex(pattern, &leaf.place)?),
            Condition::Between(range) => Test::Range(range.clone()),
        })
    }

    fn regex(&mut self, pattern: &str, place: &Place) -> Result<Regexp, SyntaxError> {
        if let Some(known) = self.regexes.get(pattern) {
            return Ok(known.clone());
        }
        if self.regexes.len() == REGEXES_MAX {
            let message = format!("the query has more than {REGEXES_MAX} regular expressions");
            return Err(SyntaxError::new(place.clone(), message));
        }
        let regex = Regexp::anchored(pattern)
            .map_err(|error| SyntaxError::new(place.clone(), error.to_string()))?;
        self.regexes.insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }
}

fn wildcard(pattern: &str, place: &Place) -> Result<Wildcard, SyntaxError> {
    Wildcard::new(pattern).map_err(|message| SyntaxError::new(place.clone(), message))
}
