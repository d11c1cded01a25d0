//! Values of pipelines, commands and operands.

use super::ast::{Command, Operand, OperandKind, Pipe};
use super::exec::{Frame, Result, Run};
use super::{Value, builtins, methods};

/// How deep lists and maps that functions make may lie within each other.
const VALUE_DEPTH_MAX: usize = 64;

impl Run<'_> {
    /// The value of a pipeline, whose variables are set.
    pub(super) fn pipeline(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        pipe: &Pipe,
    ) -> Result<Value> {
        let value = self.pipeline_value(frame, dot, pipe)?;
        for name in &pipe.variables {
            frame.set(pipe, name, value.clone());
        }
        Ok(value)
    }

    /// The value of a pipeline; its variables are not touched.
    pub(super) fn pipeline_value(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        pipe: &Pipe,
    ) -> Result<Value> {
        let mut last = None;
        for command in &pipe.commands {
            last = Some(self.command(frame, dot, command, last)?);
        }
        Ok(last.unwrap_or(Value::Nil))
    }

    fn command(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        command: &Command,
        last: Option<Value>,
    ) -> Result<Value> {
        let (first, operands) =
            command.operands.split_first().expect("the parser refuses empty commands");
        self.charge(frame, first.at, 1)?;
        if let OperandKind::Function(name) = &first.kind {
            return self.function(frame, dot, first.at, name, operands, last);
        }
        let fields = match &first.kind {
            OperandKind::Field(names)
            | OperandKind::Variable(_, names)
            | OperandKind::Chain(_, names) => names.as_slice(),
            OperandKind::Nil => return frame.error(first.at, "nil is not a command"),
            _ => &[],
        };
        if operands.is_empty() && last.is_none() {
            return self.operand(frame, dot, first);
        }
        if fields.is_empty() {
            return frame.error(first.at, "can't give argument to non-function");
        }
        let mut arguments = self.arguments(frame, dot, operands)?;
        arguments.extend(last);
        let base = self.base(frame, dot, first)?;
        self.fields(frame, first.at, base, fields, &arguments)
    }

    fn arguments(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        operands: &[Operand],
    ) -> Result<Vec<Value>> {
        operands.iter().map(|operand| self.operand(frame, dot, operand)).collect()
    }

    /// What an operand's fields are fields of.
    fn base(&mut self, frame: &mut Frame<'_>, dot: &Value, operand: &Operand) -> Result<Value> {
        match &operand.kind {
            OperandKind::Variable(name, _) => {
                let found = frame.variables.iter().rev().find(|(n, _)| n == name);
                match found {
                    Some((_, value)) => Ok(value.clone()),
                    None => frame.error(operand.at, format!("undefined variable: {name}")),
                }
            }
            OperandKind::Chain(inner, _) => {
                self.deeper(frame, operand.at, |run, frame| run.operand(frame, dot, inner))
            }
            _ => Ok(dot.clone()),
        }
    }

    fn operand(&mut self, frame: &mut Frame<'_>, dot: &Value, operand: &Operand) -> Result<Value> {
        self.charge(frame, operand.at, 1)?;
        match &operand.kind {
            OperandKind::Dot => Ok(dot.clone()),
            OperandKind::Nil => Ok(Value::Nil),
            OperandKind::Bool(value) => Ok(Value::Bool(*value)),
            OperandKind::Int(value) => Ok(Value::Int(*value)),
            OperandKind::Float(value) => Ok(Value::Float(*value)),
            OperandKind::Text(text) => Ok(Value::text(text)),
            OperandKind::Field(names)
            | OperandKind::Variable(_, names)
            | OperandKind::Chain(_, names) => {
                let base = self.base(frame, dot, operand)?;
                self.fields(frame, operand.at, base, names, &[])
            }
            OperandKind::Function(name) => self.function(frame, dot, operand.at, name, &[], None),
            OperandKind::Pipe(pipe) => {
                self.deeper(frame, operand.at, |run, frame| run.pipeline(frame, dot, pipe))
            }
        }
    }

    /// Follows a chain of fields, the last of which takes the arguments.
    fn fields(
        &mut self,
        frame: &Frame<'_>,
        at: usize,
        base: Value,
        names: &[String],
        arguments: &[Value],
    ) -> Result<Value> {
        let mut value = base;
        for (position, name) in names.iter().enumerate() {
            self.charge(frame, at, 1)?;
            let arguments = if position + 1 == names.len() { arguments } else { &[] };
            value = match methods::field(&value, name, arguments) {
                Ok(value) => self.checked(frame, at, name, value)?,
                Err(message) => return frame.error(at, message),
            };
        }
        Ok(value)
    }

    fn function(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        at: usize,
        name: &str,
        operands: &[Operand],
        last: Option<Value>,
    ) -> Result<Value> {
        if name == "and" || name == "or" {
            return self.and_or(frame, dot, at, name == "and", operands, last);
        }
        let mut arguments = self.arguments(frame, dot, operands)?;
        arguments.extend(last);
        let read: usize = arguments.iter().map(Value::size).sum();
        self.charge(frame, at, 1 + read / 64)?;
        // A function from outside may replace a built-in one.
        let result = if self.functions.knows(name) {
            self.functions.call(name, &arguments)
        } else {
            builtins::call(name, &arguments, self.limits.bytes)
        };
        match result {
            Ok(value) => self.checked(frame, at, name, value),
            Err(message) => frame.error(at, format!("error calling {name}: {message}")),
        }
    }

    /// `and` and `or` evaluate no more arguments than they need.
    fn and_or(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        at: usize,
        is_and: bool,
        operands: &[Operand],
        last: Option<Value>,
    ) -> Result<Value> {
        let mut value = None;
        for operand in operands {
            let current = self.operand(frame, dot, operand)?;
            if current.is_true() != is_and {
                return Ok(current);
            }
            value = Some(current);
        }
        match last.or(value) {
            Some(value) => Ok(value),
            None => {
                let name = if is_and { "and" } else { "or" };
                frame.error(at, format!("wrong number of args for {name}: want at least 1 got 0"))
            }
        }
    }

    /// Refuses values that would cost too much further on.
    fn checked(&self, frame: &Frame<'_>, at: usize, name: &str, value: Value) -> Result<Value> {
        let bytes = self.limits.bytes;
        match &value {
            Value::Text(text) if text.len() > bytes => {
                frame.error(at, format!("{name} gives a text of more than {bytes} bytes"))
            }
            nested if nested.depth() > VALUE_DEPTH_MAX => {
                let message = format!("{name} gives a value of more than {VALUE_DEPTH_MAX} levels");
                frame.error(at, message)
            }
            _ => Ok(value),
        }
    }
}
