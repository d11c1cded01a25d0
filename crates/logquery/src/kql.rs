//! KQL, Kibana's query language.
//!
//! As in Kibana, words of an unquoted value are looked for each by itself and one is enough,
//! `and` binds tighter than `or`, and keywords may be written in any case. Otherwise than in
//! Kibana, what would be read as something nobody means (`error status: 500` as a field called
//! `error status`, Lucene's operators as words) is an error that says what to write.

mod lexer;
mod parser;
mod printer;

pub(crate) use parser::parse;
pub(crate) use printer::print;
