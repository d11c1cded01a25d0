//! Queries as data: what each means, what it finds, and what is said of those that are wrong.

mod corpus;
mod errors;
mod found;
mod meaning;
mod seeds;

use store::{FieldName, Filter, Test};

use crate::{Language, Query, SyntaxError};

/// A filter in words: `(severity is "warn" | level has "warn")`.
fn show(filter: &Filter) -> String {
    let join = |filters: &[Filter], sign: &str| {
        let shown: Vec<_> = filters.iter().map(show).collect();
        format!("({})", shown.join(sign))
    };
    match filter {
        Filter::All => "everything".to_owned(),
        Filter::And(all) => join(all, " & "),
        Filter::Or(any) => join(any, " | "),
        Filter::Not(inner) => format!("!{}", show(inner)),
        Filter::Field(predicate) => {
            let field = match &predicate.field {
                FieldName::Named(name) => name.clone(),
                FieldName::Pattern(pattern) => format!("fields like {}", pattern.as_str()),
                FieldName::Any => "any".to_owned(),
            };
            format!("{field} {}", show_test(&predicate.test))
        }
    }
}

fn show_test(test: &Test) -> String {
    match test {
        Test::Exists => "exists".to_owned(),
        Test::Is(text) => format!("is {text:?}"),
        Test::Words(text) => format!("has {text:?}"),
        Test::Wildcard(pattern) => format!("like {}", pattern.as_str()),
        Test::Regex(pattern) => format!("matches {pattern:?}"),
        Test::Range(range) => {
            let lower = range.lower.as_ref().map_or("(..".to_owned(), |(value, inclusive)| {
                format!("{}{value}", if *inclusive { '[' } else { '(' })
            });
            let upper = range.upper.as_ref().map_or("..)".to_owned(), |(value, inclusive)| {
                format!("{value}{}", if *inclusive { ']' } else { ')' })
            });
            format!("in {lower}, {upper}")
        }
    }
}

fn filter(language: Language, text: &str) -> Result<Filter, SyntaxError> {
    Query::parse(language, text)?.filter()
}
