//! KQL and Lucene query strings, compiled to one filter.
//!
//! Both languages are read into one tree: a lexer cuts the text, a parser gives it shape, and
//! [`Query::filter`] turns the tree into what a store is asked. The tree can be printed again in
//! either language.
//!
//! What the two mean is defined by Elastic's documentation of KQL and of the query string query;
//! where a store of log records sees things otherwise, the modules say so. Fields go by any of
//! their aliases: `level:warn` finds records whose severity arrived under any name, and those that
//! have a field called `level` of their own.

mod ast;
mod compile;
mod error;
mod fuzz;
mod kql;
mod lucene;
mod scanner;
mod term;
mod tokens;

use store::Filter;

pub use error::SyntaxError;
pub use fuzz::fuzz;

/// The longest query text, in bytes.
pub const LENGTH_MAX: usize = 64 << 10;

/// How deep parentheses, braces and negations may nest.
pub const DEPTH_MAX: usize = 64;

/// How many conditions a query may have.
pub const CONDITIONS_MAX: usize = 2_000;

/// How many regular expressions a query may have; each may take megabytes once compiled.
pub const REGEXES_MAX: usize = 16;

/// A language a query is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Kibana's query language: `level: error and not service: (shop or cart)`.
    #[default]
    Kql,
    /// Lucene's: `+level:error -service:(shop cart)`.
    Lucene,
}

/// A query that was read.
#[derive(Clone, Debug)]
pub struct Query(ast::Node);

impl Query {
    /// Reads a query; an empty one holds for every record.
    ///
    /// # Errors
    /// When the text is not a query, with the place.
    pub fn parse(language: Language, text: &str) -> Result<Self, SyntaxError> {
        if text.len() > LENGTH_MAX {
            let message = format!("the query is longer than {LENGTH_MAX} bytes");
            return Err(SyntaxError::new(0..text.len(), message));
        }
        match language {
            Language::Kql => kql::parse(text).map(Query),
            Language::Lucene => lucene::parse(text).map(Query),
        }
    }

    /// The condition on a record that the query stands for.
    ///
    /// # Errors
    /// When a date, a pattern or a regular expression in it cannot be read, or there is too much
    /// of them.
    pub fn filter(&self) -> Result<Filter, SyntaxError> {
        compile::compile(&self.0)
    }

    /// The query in its canonical form: one way to write everything, parentheses only where they
    /// matter, every boost and fuzziness gone. `None` when the language cannot say it: KQL has no
    /// regular expressions and no `?`.
    pub fn print(&self, language: Language) -> Option<String> {
        match language {
            Language::Kql => kql::print(&self.0),
            Language::Lucene => lucene::print(&self.0),
        }
    }
}

/// Reads a query straight to the condition it stands for.
///
/// # Errors
/// When the text is not a query, with the place.
pub fn parse(language: Language, text: &str) -> Result<Filter, SyntaxError> {
    Query::parse(language, text)?.filter()
}

#[cfg(test)]
mod tests;
