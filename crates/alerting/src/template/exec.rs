//! Walking the nodes of a template.

use std::sync::Arc;

use super::ast::{Block, Branch, Node, Pipe};
use super::error::TemplateError;
use super::library::{Library, Limits, Parsed};
use super::print::{self, Bounded};
use super::{Functions, Value};

/// One execution.
pub(super) struct Run<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) library: &'a Library,
    pub(super) functions: &'a dyn Functions,
    pub(super) limits: Limits,
    steps: usize,
    depth: usize,
    out: Bounded,
}

/// A template that is being executed: its block and its variables, innermost last.
pub(super) struct Frame<'a> {
    pub(super) block: &'a Block,
    pub(super) variables: Vec<(String, Value)>,
}

/// How to go on after a node.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Next,
    Break,
    Continue,
}

pub(super) type Result<T> = std::result::Result<T, TemplateError>;

impl Frame<'_> {
    pub(super) fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T> {
        Err(self.block.source.error(at, message))
    }

    /// Sets a variable that the parser has seen declared.
    fn assign(&mut self, name: &str, value: Value) {
        if let Some(slot) = self.variables.iter_mut().rev().find(|(n, _)| n == name) {
            slot.1 = value;
        }
    }

    pub(super) fn set(&mut self, pipe: &Pipe, name: &str, value: Value) {
        if pipe.assigns {
            self.assign(name, value);
        } else {
            self.variables.push((name.to_owned(), value));
        }
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(
        parsed: &'a Parsed,
        library: &'a Library,
        functions: &'a dyn Functions,
        limits: Limits,
    ) -> Self {
        let out = Bounded::new(limits.bytes);
        Run { parsed, library, functions, limits, steps: 0, depth: 0, out }
    }

    pub(super) fn root(mut self, variables: &[(&str, Value)], data: &Value) -> Result<String> {
        let declared = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let root = &self.parsed.root;
        self.block(root, data, declared.collect())?;
        Ok(self.out.into_text())
    }

    fn block(&mut self, block: &Block, dot: &Value, mut more: Vec<(String, Value)>) -> Result<()> {
        let mut variables = vec![("$".to_owned(), dot.clone())];
        variables.append(&mut more);
        let mut frame = Frame { block, variables };
        self.nodes(&mut frame, dot, &block.body).map(drop)
    }

    /// Counts work, so that no template runs for ever.
    pub(super) fn charge(&mut self, frame: &Frame<'_>, at: usize, steps: usize) -> Result<()> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.steps {
            let limit = self.limits.steps;
            return frame.error(at, format!("the template takes more than {limit} steps"));
        }
        Ok(())
    }

    /// Runs something one level further down, so that no template exhausts the stack.
    pub(super) fn deeper<'f, T>(
        &mut self,
        frame: &mut Frame<'f>,
        at: usize,
        run: impl FnOnce(&mut Self, &mut Frame<'f>) -> Result<T>,
    ) -> Result<T> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let limit = self.limits.depth;
            return frame.error(at, format!("exceeded maximum template depth ({limit})"));
        }
        let result = run(self, frame);
        self.depth -= 1;
        result
    }

    fn nodes(&mut self, frame: &mut Frame<'_>, dot: &Value, nodes: &[Node]) -> Result<Flow> {
        for node in nodes {
            let flow = self.node(frame, dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, frame: &mut Frame<'_>, dot: &Value, node: &Node) -> Result<Flow> {
        match node {
            Node::Text(text) => self.print(frame, 0, |out| out.push(text)).map(|()| Flow::Next),
            Node::Action(pipe) => {
                self.charge(frame, pipe.at, 1)?;
                let value = self.pipeline(frame, dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.print(frame, pipe.at, |out| print::write_top(out, &value))?;
                }
                Ok(Flow::Next)
            }
            Node::If(branch) => {
                self.deeper(frame, branch.at, |run, frame| run.condition(frame, dot, branch, false))
            }
            Node::With(branch) => {
                self.deeper(frame, branch.at, |run, frame| run.condition(frame, dot, branch, true))
            }
            Node::Range(branch) => {
                self.deeper(frame, branch.at, |run, frame| run.range(frame, dot, branch))
            }
            Node::Template { at, name, argument } => {
                self.charge(frame, *at, 1)?;
                let value = match argument {
                    Some(pipe) => self.pipeline(frame, dot, pipe)?,
                    None => Value::Nil,
                };
                self.template(frame, *at, name, &value)?;
                Ok(Flow::Next)
            }
            Node::Break => Ok(Flow::Break),
            Node::Continue => Ok(Flow::Continue),
        }
    }

    fn print(
        &mut self,
        frame: &Frame<'_>,
        at: usize,
        write: impl FnOnce(&mut Bounded) -> std::result::Result<(), String>,
    ) -> Result<()> {
        write(&mut self.out).or_else(|message| frame.error(at, message))
    }

    fn template(
        &mut self,
        frame: &mut Frame<'_>,
        at: usize,
        name: &str,
        argument: &Value,
    ) -> Result<()> {
        let found = self.parsed.defined.get(name).or_else(|| self.library.get(name));
        let Some(block) = found.map(Arc::clone) else {
            return frame.error(at, format!("template {name:?} not defined"));
        };
        self.deeper(frame, at, |run, _| run.block(&block, argument, Vec::new()))
    }

    /// `if` and, where the value becomes the dot, `with`.
    fn condition(
        &mut self,
        frame: &mut Frame<'_>,
        dot: &Value,
        branch: &Branch,
        is_with: bool,
    ) -> Result<Flow> {
        self.charge(frame, branch.at, 1)?;
        let scope = frame.variables.len();
        let value = self.pipeline(frame, dot, &branch.pipe)?;
        let flow = if value.is_true() {
            let dot = if is_with { &value } else { dot };
            self.nodes(frame, dot, &branch.body)
        } else {
            self.nodes(frame, dot, &branch.otherwise)
        };
        frame.variables.truncate(scope);
        flow
    }

    fn range(&mut self, frame: &mut Frame<'_>, dot: &Value, branch: &Branch) -> Result<Flow> {
        let scope = frame.variables.len();
        let value = self.pipeline_value(frame, dot, &branch.pipe)?;
        let is_empty = match value.plain() {
            Value::List(list) => {
                for (index, element) in (0i64..).zip(list.iter()) {
                    if self.turn(frame, branch, &Value::Int(index), element)? {
                        break;
                    }
                }
                list.is_empty()
            }
            Value::Map(map) => {
                for (key, element) in map.iter() {
                    if self.turn(frame, branch, &Value::text(key), element)? {
                        break;
                    }
                }
                map.len() == 0
            }
            Value::Int(count) => {
                for index in 0..count {
                    let index = Value::Int(index);
                    if self.turn(frame, branch, &index, &index)? {
                        break;
                    }
                }
                count <= 0
            }
            Value::Nil => true,
            other => {
                let message = format!("range can't iterate over {}", other.type_name());
                return frame.error(branch.pipe.at, message);
            }
        };
        frame.variables.truncate(scope);
        if is_empty {
            return self.nodes(frame, dot, &branch.otherwise);
        }
        // A loop ends `break` and `continue`; nothing outside of it sees them.
        Ok(Flow::Next)
    }

    /// One turn of a loop; whether it was the last.
    fn turn(
        &mut self,
        frame: &mut Frame<'_>,
        branch: &Branch,
        index: &Value,
        element: &Value,
    ) -> Result<bool> {
        self.charge(frame, branch.at, 1)?;
        let scope = frame.variables.len();
        match branch.pipe.variables.as_slice() {
            [only] => frame.set(&branch.pipe, only, element.clone()),
            [first, second] => {
                frame.set(&branch.pipe, first, index.clone());
                frame.set(&branch.pipe, second, element.clone());
            }
            _ => {}
        }
        let turn = self.nodes(frame, element, &branch.body)?;
        frame.variables.truncate(scope);
        Ok(turn == Flow::Break)
    }
}
