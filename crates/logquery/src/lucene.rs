//! Lucene's query strings, as Elasticsearch's `query_string` reads them.
//!
//! Conditions side by side are joined with OR; `+` and `-` make one required or prohibited, and
//! once one is required, those that are neither no longer matter (they would only change a score).
//! As in Lucene, AND and OR are not operators with a precedence: AND makes the conditions on both
//! of its sides required, so `a OR b AND c` finds what has `b` and `c`.
//!
//! Boosts, fuzziness and slop are accepted: there are no scores, a word is looked for as written,
//! and a phrase as a phrase. Kinder than Lucene, a `/` opens a regular expression only where a term
//! may begin, and a negative number needs no escape behind a colon.

mod lexer;
mod parser;
mod printer;
mod range;

pub(crate) use parser::parse;
pub(crate) use printer::print;
