//! Go's text/template language (<https://pkg.go.dev/text/template>): parsed once, executed under
//! limits.
//!
//! The engine knows neither Prometheus nor Alertmanager: both bring their data as [`Value`]s and
//! their functions as [`Functions`]. A key that a map lacks gives the zero value of the map's
//! elements (`missingkey=zero`), as both have it.

pub(crate) mod arguments;
mod ast;
mod builtins;
mod compare;
mod error;
mod eval;
mod exec;
mod lexer;
mod library;
mod methods;
mod number;
mod parser;
mod print;
mod printf;
mod value;

pub(crate) use error::TemplateError;
pub(crate) use library::{Library, Limits, Parsed, execute};
pub(crate) use parser::parse;
pub(crate) use value::{Field, Object, Value};

/// What templates can call besides the built-in functions.
pub(crate) trait Functions {
    /// Whether there is a function of that name.
    fn knows(&self, name: &str) -> bool;

    /// Calls a function that is known.
    ///
    /// # Errors
    /// With a sentence that becomes part of the template's error.
    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String>;
}

#[cfg(test)]
mod tests;
