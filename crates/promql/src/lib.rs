//! PromQL: lexer, parser, printer, two engines and script tests.
//!
//! [`instant`] and [`range`] answer queries; [`naive`] has the evaluator they are compared with.

mod ast;
mod engine;
mod eval;
mod function;
pub mod fuzz;
mod lexer;
mod number;
mod parser;
mod printer;
pub mod script;

pub use ast::*;
pub use engine::{instant, range};
pub use eval::{Annotation, Answer, EvalError, Options, Value, VectorElement};
pub use function::{Function, Variadic};
pub use number::{format_float, format_json};
pub use parser::{ParseError, parse, parse_selector};

/// The naive evaluator, which is what the engine has to agree with.
pub mod naive {
    pub use crate::eval::{instant, range};
}
