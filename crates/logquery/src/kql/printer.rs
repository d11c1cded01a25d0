//! Writes a query as KQL.

use std::fmt::Write;

use store::Range;

use super::lexer::SPECIAL;
use crate::ast::{Condition, Field, Leaf, Node};
use crate::term::pattern_characters;

/// The query as KQL; `None` when KQL cannot say it.
pub(crate) fn print(node: &Node) -> Option<String> {
    let mut out = String::new();
    write_node(node, Binding::Or, &mut out)?;
    Some(out)
}

/// How tightly what stands around a node binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Or,
    And,
    Not,
}

fn write_node(node: &Node, around: Binding, out: &mut String) -> Option<()> {
    let (binding, nodes, keyword) = match node {
        Node::All => {
            out.push('*');
            return Some(());
        }
        Node::Leaf(leaf) => return write_leaf(leaf, around, out),
        Node::Not(inner) => {
            out.push_str("not ");
            return write_node(inner, Binding::Not, out);
        }
        Node::And(all) => (Binding::And, all, " and "),
        Node::Or(any) => (Binding::Or, any, " or "),
    };
    in_parentheses(around > binding, out, |out| {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                out.push_str(keyword);
            }
            // A node never holds one of its own kind, so what is equal here needs no parentheses.
            write_node(node, binding, out)?;
        }
        Some(())
    })
}

fn in_parentheses(
    wanted: bool,
    out: &mut String,
    inner: impl FnOnce(&mut String) -> Option<()>,
) -> Option<()> {
    if wanted {
        out.push('(');
    }
    inner(out)?;
    if wanted {
        out.push(')');
    }
    Some(())
}

fn write_leaf(leaf: &Leaf, around: Binding, out: &mut String) -> Option<()> {
    let field = match &leaf.field {
        Field::Any => None,
        Field::Named(name) => Some(text(name)),
        Field::Pattern(pattern) => Some(pattern_text(pattern)?),
    };
    let value = match &leaf.condition {
        Condition::Exists => "*".to_owned(),
        Condition::Text(value) => text(value),
        Condition::Pattern(pattern) => pattern_text(pattern)?,
        Condition::Regex(_) => return None,
        Condition::Between(range) => {
            write_range(field.as_deref().unwrap_or("*"), range, around, out);
            return Some(());
        }
    };
    if let Some(field) = field {
        let _infallible = write!(out, "{field}: ");
    }
    out.push_str(&value);
    Some(())
}

/// KQL has one-sided comparisons only: two bounds become a conjunction.
fn write_range(field: &str, range: &Range, around: Binding, out: &mut String) {
    let side = |bound: &Option<(String, bool)>, sign: &str| {
        let (value, inclusive) = bound.as_ref()?;
        let or_equal = if *inclusive { "=" } else { "" };
        Some(format!("{field} {sign}{or_equal} {}", text(value)))
    };
    match (side(&range.lower, ">"), side(&range.upper, "<")) {
        (Some(lower), Some(upper)) if around > Binding::And => {
            let _infallible = write!(out, "({lower} and {upper})");
        }
        (Some(lower), Some(upper)) => {
            let _infallible = write!(out, "{lower} and {upper}");
        }
        (Some(one), None) | (None, Some(one)) => out.push_str(&one),
        (None, None) => {
            let _infallible = write!(out, "{field}: *");
        }
    }
}

/// A text bare when it is a plain word, quoted otherwise.
fn text(text: &str) -> String {
    let special = |c: char| c.is_whitespace() || SPECIAL.contains(&c) || matches!(c, '*' | '\\');
    let keyword = ["and", "or", "not", "&&", "||"].iter().any(|k| text.eq_ignore_ascii_case(k));
    if !text.is_empty() && !text.contains(special) && !text.starts_with('[') && !keyword {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str(r"\\"),
            '\t' => quoted.push_str(r"\t"),
            '\r' => quoted.push_str(r"\r"),
            '\n' => quoted.push_str(r"\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A pattern with everything escaped but its stars; KQL has no wildcard for one character.
fn pattern_text(pattern: &str) -> Option<String> {
    let mut out = String::new();
    for (c, wildcard) in pattern_characters(pattern) {
        match c {
            '?' if wildcard => return None,
            '*' if wildcard => out.push('*'),
            '\t' => out.push_str(r"\t"),
            '\r' => out.push_str(r"\r"),
            '\n' => out.push_str(r"\n"),
            c if c.is_whitespace() || SPECIAL.contains(&c) || matches!(c, '*' | '\\') => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    Some(out)
}
