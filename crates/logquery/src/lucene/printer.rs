//! Writes a query as a Lucene query string.

use store::Range;

use super::lexer::is_special;
use crate::ast::{Condition, Field, Leaf, Node};
use crate::term::pattern_characters;

/// The query as a Lucene query string; `None` when it asks for a field with a star in its name,
/// where Lucene knows no way to say that the star means itself.
pub(crate) fn print(node: &Node) -> Option<String> {
    let mut out = String::new();
    write_node(node, &mut out)?;
    Some(out)
}

fn write_node(node: &Node, out: &mut String) -> Option<()> {
    match node {
        Node::All => out.push_str("*:*"),
        Node::Leaf(leaf) => write_leaf(leaf, out)?,
        Node::Not(inner) => {
            out.push_str("NOT ");
            write_operand(inner, out)?;
        }
        Node::And(all) => {
            for (index, node) in all.iter().enumerate() {
                if index > 0 {
                    out.push_str(" AND ");
                }
                match node {
                    Node::Not(_) => write_node(node, out)?,
                    _ => write_operand(node, out)?,
                }
            }
        }
        Node::Or(any) => {
            for (index, node) in any.iter().enumerate() {
                if index > 0 {
                    out.push_str(" OR ");
                }
                write_operand(node, out)?;
            }
        }
    }
    Some(())
}

/// A node in parentheses unless it is a simple one. A negation needs them too: beside OR it would
/// prohibit instead of offering an alternative.
fn write_operand(node: &Node, out: &mut String) -> Option<()> {
    if matches!(node, Node::All | Node::Leaf(_)) {
        return write_node(node, out);
    }
    out.push('(');
    write_node(node, out)?;
    out.push(')');
    Some(())
}

fn write_leaf(leaf: &Leaf, out: &mut String) -> Option<()> {
    match &leaf.field {
        Field::Any => {}
        Field::Named(name) if name.is_empty() || name.contains('*') => return None,
        Field::Named(name) => {
            name.chars().for_each(|c| push_literal(c, out));
            out.push(':');
        }
        Field::Pattern(pattern) => {
            write_field_pattern(pattern, out)?;
            out.push(':');
        }
    }
    match &leaf.condition {
        Condition::Exists => out.push('*'),
        Condition::Text(value) => write_text(value, out),
        Condition::Pattern(pattern) => {
            for (c, wildcard) in pattern_characters(pattern) {
                if wildcard { out.push(c) } else { push_literal(c, out) }
            }
        }
        Condition::Regex(pattern) => {
            out.push('/');
            out.push_str(&pattern.replace('/', r"\/"));
            out.push('/');
        }
        Condition::Between(range) => write_range(range, out),
    }
    Some(())
}

/// Elasticsearch wants the stars of a field name escaped, or it takes them for a value's.
fn write_field_pattern(pattern: &str, out: &mut String) -> Option<()> {
    for (c, wildcard) in pattern_characters(pattern) {
        match (c, wildcard) {
            ('*', true) => out.push_str(r"\*"),
            ('*', false) => return None,
            (c, true) => out.push(c),
            (c, false) => push_literal(c, out),
        }
    }
    Some(())
}

fn push_literal(c: char, out: &mut String) {
    if is_special(c) {
        out.push('\\');
    }
    out.push(c);
}

/// A text bare when it is a plain word, quoted otherwise.
fn write_text(text: &str, out: &mut String) {
    let inside_is_fine = |c: char| matches!(c, '-' | '+' | '=' | '/' | '&' | '|' | '<' | '>' | '!');
    let plain = !text.is_empty()
        && !text.starts_with(is_special)
        && !text.contains(|c| is_special(c) && !inside_is_fine(c))
        && !matches!(text, "AND" | "OR" | "NOT");
    if plain { out.push_str(text) } else { push_quoted(text, out) }
}

fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

fn write_range(range: &Range, out: &mut String) {
    match (&range.lower, &range.upper) {
        (Some((value, inclusive)), None) => {
            out.push_str(if *inclusive { ">=" } else { ">" });
            write_bound(value, out);
        }
        (None, Some((value, inclusive))) => {
            out.push_str(if *inclusive { "<=" } else { "<" });
            write_bound(value, out);
        }
        (None, None) => out.push('*'),
        (Some((lower, lower_inclusive)), Some((upper, upper_inclusive))) => {
            out.push(if *lower_inclusive { '[' } else { '{' });
            write_bound(lower, out);
            out.push_str(" TO ");
            write_bound(upper, out);
            out.push(if *upper_inclusive { ']' } else { '}' });
        }
    }
}

fn write_bound(value: &str, out: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    match !value.is_empty() && value.chars().all(plain) {
        true => out.push_str(value),
        false => push_quoted(value, out),
    }
}
