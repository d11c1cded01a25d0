//! Pipelines, commands and operands.

use super::{Kind, Parser, Pipe, Result, Token, unquote};
use crate::template::ast::{Command, Operand, OperandKind};
use crate::template::{builtins, number};

/// Names that stand for no function.
const KEYWORDS: [&str; 9] =
    ["block", "break", "continue", "define", "else", "end", "if", "range", "template"];

impl Parser<'_> {
    /// A pipeline up to and including `end`.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind, at: Token) -> Result<Pipe> {
        let start = self.peek();
        let (variables, assigns) = self.declaration(context)?;
        let mut commands = Vec::new();
        loop {
            let token = self.peek();
            if token.kind == end {
                self.next += 1;
                break;
            }
            commands.push(self.command()?);
            let separator = self.take();
            match separator.kind {
                kind if kind == end => break,
                // Nothing need come behind it.
                Kind::Pipe => {}
                _ => return self.unexpected(separator, context),
            }
        }
        if commands.is_empty() {
            return self.error(at, format!("missing value for {context}"));
        }
        for command in &commands[1..] {
            let first = &command.operands[0];
            let executable = !matches!(
                first.kind,
                OperandKind::Bool(_)
                    | OperandKind::Dot
                    | OperandKind::Nil
                    | OperandKind::Int(_)
                    | OperandKind::Float(_)
                    | OperandKind::Text(_)
            );
            if !executable {
                let message = "non executable command in pipeline";
                return Err(self.source.error(first.at, message));
            }
        }
        if !assigns {
            self.variables.extend(variables.iter().cloned());
        }
        Ok(Pipe { at: start.at, variables, assigns, commands })
    }

    /// `$x :=`, `$x =` or, for `range`, `$i, $x :=`.
    fn declaration(&mut self, context: &str) -> Result<(Vec<String>, bool)> {
        let kinds = |parser: &Self, at: usize| parser.tokens.get(parser.next + at).map(|t| t.kind);
        let count = match (kinds(self, 0), kinds(self, 1), kinds(self, 2), kinds(self, 3)) {
            (Some(Kind::Variable), Some(Kind::Assign | Kind::Declare), ..) => 1,
            (
                Some(Kind::Variable),
                Some(Kind::Comma),
                Some(Kind::Variable),
                Some(Kind::Assign | Kind::Declare),
            ) => 2,
            (Some(Kind::Variable), Some(Kind::Comma), ..) => {
                let token = self.tokens[self.next + 1];
                let what = if context == "range" {
                    "range can only initialize variables"
                } else {
                    "too many declarations"
                };
                return self.error(token, what);
            }
            _ => return Ok((Vec::new(), false)),
        };
        if count == 2 && context != "range" {
            return self.error(self.peek(), format!("too many declarations in {context}"));
        }
        let mut variables = Vec::new();
        for position in 0..count {
            let token = self.take();
            variables.push(self.text(token).to_owned());
            if position + 1 < count {
                self.next += 1;
            }
        }
        let operator = self.take();
        let assigns = operator.kind == Kind::Assign;
        if assigns && let Some(unknown) = variables.iter().find(|v| !self.variables.contains(*v)) {
            return self.error(operator, format!("undefined variable {unknown:?}"));
        }
        Ok((variables, assigns))
    }

    /// Operands with blanks between them.
    fn command(&mut self) -> Result<Command> {
        let mut operands: Vec<Operand> = Vec::new();
        loop {
            let token = self.peek();
            if matches!(token.kind, Kind::Close | Kind::Pipe | Kind::RightParen) {
                break;
            }
            if !operands.is_empty() && !token.spaced {
                return self.unexpected(token, "operand");
            }
            operands.push(self.operand()?);
        }
        if operands.is_empty() {
            return self.error(self.peek(), "empty command");
        }
        Ok(Command { operands })
    }

    /// A term and the fields directly behind it.
    fn operand(&mut self) -> Result<Operand> {
        let start = self.peek();
        let term = self.nested(Self::term)?;
        let fields = self.fields();
        if fields.is_empty() {
            return Ok(term);
        }
        let at = term.at;
        let kind = match term.kind {
            OperandKind::Field(mut names) => {
                names.extend(fields);
                OperandKind::Field(names)
            }
            OperandKind::Variable(name, mut names) => {
                names.extend(fields);
                OperandKind::Variable(name, names)
            }
            OperandKind::Bool(_)
            | OperandKind::Int(_)
            | OperandKind::Float(_)
            | OperandKind::Text(_)
            | OperandKind::Nil
            | OperandKind::Dot => {
                let shown = self.text(start).to_owned();
                return self.error(start, format!("unexpected . after term {shown:?}"));
            }
            kind => OperandKind::Chain(Box::new(Operand { at, kind }), fields),
        };
        Ok(Operand { at, kind })
    }

    /// `.a.b` without blanks between.
    fn fields(&mut self) -> Vec<String> {
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field && !self.peek().spaced {
            let token = self.take();
            fields.push(self.text(token)[1..].to_owned());
        }
        fields
    }

    fn term(&mut self) -> Result<Operand> {
        let token = self.take();
        let text = self.text(token);
        let kind = match token.kind {
            Kind::Dot => OperandKind::Dot,
            Kind::Field => OperandKind::Field(vec![text[1..].to_owned()]),
            Kind::Variable => {
                if !self.variables.iter().any(|variable| variable == text) {
                    return self.error(token, format!("undefined variable {text:?}"));
                }
                OperandKind::Variable(text.to_owned(), Vec::new())
            }
            Kind::Number => match number::parse(text) {
                Ok(number) => number,
                Err(message) => return self.error(token, message),
            },
            Kind::Quoted => match unquote(text) {
                Some(text) => OperandKind::Text(text),
                None => return self.error(token, "invalid string constant"),
            },
            Kind::LeftParen => {
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen, token)?;
                if !pipe.variables.is_empty() {
                    return self.error(token, "a declaration cannot stand in parentheses");
                }
                OperandKind::Pipe(pipe)
            }
            Kind::Word => match text {
                "true" => OperandKind::Bool(true),
                "false" => OperandKind::Bool(false),
                "nil" => OperandKind::Nil,
                word if KEYWORDS.contains(&word) || word == "with" => {
                    return self.unexpected(token, "command");
                }
                name if builtins::knows(name) || self.functions.knows(name) => {
                    OperandKind::Function(name.to_owned())
                }
                name => return self.error(token, format!("function {name:?} not defined")),
            },
            _ => return self.unexpected(token, "operand"),
        };
        Ok(Operand { at: token.at, kind })
    }
}
