//! PromQL: lexer, parser, printer, evaluator and script tests.

mod ast;
mod eval;
mod function;
pub mod fuzz;
mod lexer;
mod number;
mod parser;
mod printer;
pub mod script;

pub use ast::*;
pub use eval::{Annotation, Answer, EvalError, Options, Value, VectorElement, instant, range};
pub use function::{Function, Variadic};
pub use number::{format_float, format_json};
pub use parser::{ParseError, parse, parse_selector};
