//! What a parsed template consists of. Positions are bytes of the source.

use super::error::Source;

/// A template's body and where it was written.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) source: Source,
    pub(super) body: Vec<Node>,
}

#[derive(Debug)]
pub(super) enum Node {
    /// Text between the actions.
    Text(String),
    /// `{{pipeline}}`, which prints unless it declares.
    Action(Pipe),
    /// `{{if}}`.
    If(Branch),
    /// `{{with}}`.
    With(Branch),
    /// `{{range}}`.
    Range(Branch),
    /// `{{template "name" pipeline}}`.
    Template { at: usize, name: String, argument: Option<Pipe> },
    /// `{{break}}`.
    Break,
    /// `{{continue}}`.
    Continue,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) at: usize,
    pub(super) pipe: Pipe,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which takes what the one before gave as its last argument.
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) at: usize,
    /// Variables that take the result, `$` included.
    pub(super) variables: Vec<String>,
    /// Whether the variables exist already (`=`) or are declared (`:=`).
    pub(super) assigns: bool,
    pub(super) commands: Vec<Command>,
}

/// An operand and its arguments.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) operands: Vec<Operand>,
}

#[derive(Debug)]
pub(super) struct Operand {
    pub(super) at: usize,
    pub(super) kind: OperandKind,
}

#[derive(Debug)]
pub(super) enum OperandKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An integer or a character.
    Int(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// A quoted or raw string.
    Text(String),
    /// `.Field.Field`
    Field(Vec<String>),
    /// `$variable.Field`
    Variable(String, Vec<String>),
    /// `(pipeline).Field` or `function.Field`
    Chain(Box<Operand>, Vec<String>),
    /// A function's name.
    Function(String),
    /// `(pipeline)`
    Pipe(Pipe),
}

/// Whether a body prints nothing but blanks.
pub(super) fn is_empty(body: &[Node]) -> bool {
    body.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
}
