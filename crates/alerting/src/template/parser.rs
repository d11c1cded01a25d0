//! From tokens to a tree.

mod pipeline;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Functions;
use super::ast::{Block, Branch, Node, Pipe, is_empty};
use super::error::{Source, TemplateError};
use super::lexer::{Kind, Token, tokens};
use super::library::Parsed;
use crate::golang::quote::unquote;

/// How many actions and parentheses may lie within each other.
const DEPTH_MAX: usize = 100;
/// How long a template's text may be.
const TEXT_BYTES_MAX: usize = 4 << 20;

/// Parses a template and those it defines. `variables` names, with their dollars, what is declared
/// from outside.
///
/// # Errors
/// At the first place that is not a template, and where a function or variable is unknown.
pub(crate) fn parse(
    name: &str,
    text: &str,
    functions: &dyn Functions,
    variables: &[&str],
) -> Result<Parsed> {
    let source = Source { name: Arc::from(name), text: Arc::from(text) };
    if text.len() > TEXT_BYTES_MAX {
        return Err(source.error(0, format!("a template may have {TEXT_BYTES_MAX} bytes at most")));
    }
    let mut parser = Parser {
        tokens: tokens(&source)?,
        next: 0,
        functions,
        variables: vec!["$".to_owned()],
        loops: 0,
        depth: 0,
        defined: BTreeMap::new(),
        source,
    };
    parser.variables.extend(variables.iter().map(|name| (*name).to_owned()));
    let body = parser.top_level()?;
    let root = Arc::new(Block { source: parser.source, body });
    Ok(Parsed { root, defined: parser.defined })
}

struct Parser<'a> {
    source: Source,
    tokens: Vec<Token>,
    next: usize,
    functions: &'a dyn Functions,
    /// The variables in scope, innermost last.
    variables: Vec<String>,
    /// How many `range` bodies are open.
    loops: usize,
    depth: usize,
    defined: BTreeMap<String, Arc<Block>>,
}

/// What ended a list of nodes.
#[derive(PartialEq)]
enum Ending {
    End,
    Else,
}

type Result<T> = std::result::Result<T, TemplateError>;

impl Parser<'_> {
    fn peek(&self) -> Token {
        self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn text(&self, token: Token) -> &str {
        &self.source.text[token.at..token.end]
    }

    fn error<T>(&self, token: Token, message: impl Into<String>) -> Result<T> {
        Err(self.source.error(token.at, message))
    }

    fn unexpected<T>(&self, token: Token, context: &str) -> Result<T> {
        let shown = match token.kind {
            Kind::End => "end of text".to_owned(),
            Kind::Close => "\"}}\"".to_owned(),
            _ => format!("{:?}", self.text(token)),
        };
        self.error(token, format!("unexpected {shown} in {context}"))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token> {
        let token = self.take();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    /// The keyword behind an opening `{{`, without taking it.
    fn keyword(&self) -> Option<&str> {
        let open = self.peek();
        let word = *self.tokens.get(self.next + 1)?;
        (open.kind == Kind::Open && word.kind == Kind::Word).then(|| self.text(word))
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.error(self.peek(), format!("more than {DEPTH_MAX} levels of nesting"));
        }
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn top_level(&mut self) -> Result<Vec<Node>> {
        let mut body = Vec::new();
        loop {
            match self.keyword() {
                Some("define") => self.definition()?,
                Some(word @ ("end" | "else")) => {
                    let message = format!("unexpected {{{{{word}}}}}");
                    return self.error(self.peek(), message);
                }
                _ if self.peek().kind == Kind::End => return Ok(body),
                _ => body.push(self.node()?),
            }
        }
    }

    /// `{{define "name"}}…{{end}}`, where only `$` is known.
    fn definition(&mut self) -> Result<()> {
        self.next += 2;
        let name = self.template_name("define clause")?;
        self.expect(Kind::Close, "define clause")?;
        let at = self.peek();
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let (body, ending) = self.nested(Self::list)?;
        self.variables = outer;
        if ending == Ending::Else {
            return self.error(at, "unexpected {{else}} in define clause");
        }
        self.define(at, name, body)
    }

    fn define(&mut self, at: Token, name: String, body: Vec<Node>) -> Result<()> {
        if let Some(existing) = self.defined.get(&name) {
            if is_empty(&body) {
                return Ok(());
            }
            if !is_empty(&existing.body) {
                return self.error(at, format!("multiple definition of template {name:?}"));
            }
        }
        let block = Block { source: self.source.clone(), body };
        self.defined.insert(name, Arc::new(block));
        Ok(())
    }

    fn template_name(&mut self, context: &str) -> Result<String> {
        let token = self.take();
        if token.kind != Kind::Quoted {
            return self.unexpected(token, context);
        }
        match unquote(self.text(token)) {
            Some(name) => Ok(name),
            None => self.error(token, "invalid string constant"),
        }
    }

    /// Nodes up to `{{end}}` or `{{else`, whose word is taken.
    fn list(&mut self) -> Result<(Vec<Node>, Ending)> {
        let mut body = Vec::new();
        loop {
            match self.keyword() {
                Some("end") => {
                    self.next += 2;
                    self.expect(Kind::Close, "end")?;
                    return Ok((body, Ending::End));
                }
                Some("else") => {
                    self.next += 2;
                    return Ok((body, Ending::Else));
                }
                _ if self.peek().kind == Kind::End => {
                    return self.error(self.peek(), "unexpected end of text: {{end}} is missing");
                }
                _ => body.push(self.node()?),
            }
        }
    }

    fn node(&mut self) -> Result<Node> {
        if self.peek().kind == Kind::Text {
            let token = self.take();
            return Ok(Node::Text(self.text(token).to_owned()));
        }
        match self.keyword() {
            Some("if") => self.branch("if").map(Node::If),
            Some("with") => self.branch("with").map(Node::With),
            Some("range") => self.branch("range").map(Node::Range),
            Some("template") => self.template(),
            Some("block") => self.block(),
            Some(word @ ("break" | "continue")) => {
                let node = if word == "break" { Node::Break } else { Node::Continue };
                let message = format!("{{{{{word}}}}} outside {{{{range}}}}");
                self.next += 1;
                let word = self.take();
                self.expect(Kind::Close, "loop control")?;
                if self.loops == 0 { self.error(word, message) } else { Ok(node) }
            }
            _ => {
                let open = self.expect(Kind::Open, "template")?;
                let pipe = self.pipeline("command", Kind::Close, open)?;
                Ok(Node::Action(pipe))
            }
        }
    }

    /// `{{if}}`, `{{with}}` and `{{range}}`; the two words before the pipeline are still there.
    fn branch(&mut self, word: &'static str) -> Result<Branch> {
        self.next += 1;
        let scope = self.variables.len();
        let at = self.take();
        let branch = self.nested(|parser| parser.branch_body(word, at))?;
        self.variables.truncate(scope);
        Ok(branch)
    }

    fn branch_body(&mut self, word: &'static str, at: Token) -> Result<Branch> {
        let pipe = self.pipeline(word, Kind::Close, at)?;
        let is_range = word == "range";
        self.loops += usize::from(is_range);
        let (body, ending) = self.list()?;
        self.loops -= usize::from(is_range);
        let mut otherwise = Vec::new();
        if ending == Ending::Else {
            let next = self.peek();
            let chained = next.kind == Kind::Word && self.text(next) == word && !is_range;
            if chained {
                // `{{else if}}` is an `{{if}}` within the `{{else}}` that shares its `{{end}}`.
                self.next -= 1;
                let branch = self.branch(word)?;
                otherwise.push(if word == "if" { Node::If(branch) } else { Node::With(branch) });
            } else {
                self.expect(Kind::Close, "else")?;
                let (body, ending) = self.list()?;
                if ending == Ending::Else {
                    return self.error(self.peek(), "expected {{end}}; found {{else}}");
                }
                otherwise = body;
            }
        }
        Ok(Branch { at: at.at, pipe, body, otherwise })
    }

    /// `{{template "name" pipeline}}`.
    fn template(&mut self) -> Result<Node> {
        self.next += 1;
        let at = self.take();
        let name = self.template_name("template clause")?;
        let argument = self.template_argument(at)?;
        Ok(Node::Template { at: at.at, name, argument })
    }

    fn template_argument(&mut self, at: Token) -> Result<Option<Pipe>> {
        if self.peek().kind == Kind::Close {
            self.next += 1;
            return Ok(None);
        }
        self.pipeline("template clause", Kind::Close, at).map(Some)
    }

    /// `{{block "name" pipeline}}…{{end}}`: a definition and its use.
    fn block(&mut self) -> Result<Node> {
        self.next += 1;
        let at = self.take();
        let name = self.template_name("block clause")?;
        let argument = self.pipeline("block clause", Kind::Close, at)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let (body, ending) = self.nested(Self::list)?;
        (self.variables, self.loops) = (outer, loops);
        if ending == Ending::Else {
            return self.error(at, "unexpected {{else}} in block clause");
        }
        self.define(at, name.clone(), body)?;
        Ok(Node::Template { at: at.at, name, argument: Some(argument) })
    }
}
