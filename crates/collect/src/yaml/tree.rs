//! The tree of a document: nodes, where they stand, and aliases resolved.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span};

use super::{Position, YamlError};

/// How deep collections may be nested.
const DEPTH_MAX: usize = 64;
/// How many nodes a document may have once its aliases are resolved, so that a few lines of
/// aliases to aliases do not become millions of values.
const NODES_MAX: usize = 1_000_000;

/// A value and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) content: Content,
    /// How many nodes it consists of.
    size: usize,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar(Scalar),
    Sequence(Vec<Arc<Node>>),
    /// Keys and values in the order they were written; equal keys are all there.
    Mapping(Vec<(Arc<Node>, Arc<Node>)>),
}

/// A text and what its notation says about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) kind: ScalarKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarKind {
    /// Without quotes: may be a null, a number or a truth value.
    Plain,
    /// Quoted, or tagged as text.
    Text,
    /// `!!binary`: base64.
    Binary,
}

impl Node {
    fn new(position: Position, content: Content) -> Self {
        let size = match &content {
            Content::Scalar(_) => 1,
            Content::Sequence(items) => items.iter().fold(1, |n, i| i.size.saturating_add(n)),
            Content::Mapping(pairs) => pairs
                .iter()
                .fold(1, |n: usize, (k, v)| n.saturating_add(k.size).saturating_add(v.size)),
        };
        Node { position, content, size }
    }

    fn null(position: Position) -> Self {
        let scalar = Scalar { text: String::new(), kind: ScalarKind::Plain };
        Node::new(position, Content::Scalar(scalar))
    }

    /// The first document of a text.
    pub(super) fn parse(text: &str) -> Result<Arc<Node>, YamlError> {
        let mut options = Options::default();
        options.emit_comments = false;
        let mut builder = Builder::default();
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| {
                YamlError::new(error.info()).or_at(position_of(*error.marker()))
            })?;
            let position = position_of(span.start);
            if let Some(root) = builder.take(event, span).map_err(|e| e.or_at(position))? {
                return Ok(root);
            }
        }
        Ok(Arc::new(Node::null(Position { line: 1, column: 1 })))
    }
}

fn position_of(marker: granit_parser::Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// Collections that are not complete yet, the innermost last.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Arc<Node>>,
}

struct Open {
    position: Position,
    anchor: usize,
    is_mapping: bool,
    /// Items of a sequence, or keys and values in turn.
    nodes: Vec<Arc<Node>>,
}

impl Builder {
    /// Takes the next event; the root once it is complete.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<Option<Arc<Node>>, YamlError> {
        let position = position_of(span.start);
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is = |name| tag.as_ref().is_some_and(|tag| tag.is_yaml_core_schema_tag(name));
                let is_binary = tag
                    .as_ref()
                    .is_some_and(|tag| tag.handle().ends_with("2002:") && tag.suffix() == "binary");
                let kind = match style {
                    _ if is_binary => ScalarKind::Binary,
                    ScalarStyle::Plain if !is("str") => ScalarKind::Plain,
                    _ => ScalarKind::Text,
                };
                let scalar = Scalar { text: text.into_owned(), kind };
                (Arc::new(Node::new(position, Content::Scalar(scalar))), anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => (node.clone(), 0),
                None => return Err(YamlError::new("an anchor contains itself")),
            },
            Event::SequenceStart(_, anchor, _) => return self.open(position, anchor, false),
            Event::MappingStart(_, anchor, _) => return self.open(position, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => (Arc::new(Node::new(open.position, open.content()?)), open.anchor),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        if node.size > NODES_MAX {
            return Err(YamlError::new(format!("more than {NODES_MAX} nodes")));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => return Ok(Some(node)),
        }
        Ok(None)
    }

    fn open(
        &mut self,
        position: Position,
        anchor: usize,
        is_mapping: bool,
    ) -> Result<Option<Arc<Node>>, YamlError> {
        if self.open.len() == DEPTH_MAX {
            return Err(YamlError::new(format!("nested more than {DEPTH_MAX} levels deep")));
        }
        self.open.push(Open { position, anchor, is_mapping, nodes: Vec::new() });
        Ok(None)
    }
}

impl Open {
    fn content(&self) -> Result<Content, YamlError> {
        if !self.is_mapping {
            return Ok(Content::Sequence(self.nodes.clone()));
        }
        let (pairs, _) = self.nodes.as_chunks::<2>();
        let (merges, mut own): (Vec<_>, Vec<_>) = pairs
            .iter()
            .map(|[key, value]| (key.clone(), value.clone()))
            .partition(|(key, _)| key.plain_text() == Some("<<"));
        if !merges.is_empty() {
            let mut names: HashSet<String> =
                own.iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect();
            for (_, merged) in merges {
                merge(&merged, &mut own, &mut names)?;
            }
        }
        Ok(Content::Mapping(own))
    }
}

impl Node {
    fn plain_text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) if scalar.kind == ScalarKind::Plain => Some(&scalar.text),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }
}

/// Adds the pairs of a mapping, or of several, whose keys are not among the names yet.
fn merge(
    merged: &Node,
    own: &mut Vec<(Arc<Node>, Arc<Node>)>,
    names: &mut HashSet<String>,
) -> Result<(), YamlError> {
    match &merged.content {
        Content::Mapping(pairs) => {
            for (key, value) in pairs {
                if key.text().is_some_and(|name| names.insert(name.to_owned())) {
                    own.push((key.clone(), value.clone()));
                }
            }
            Ok(())
        }
        Content::Sequence(all) if all.iter().all(|m| matches!(m.content, Content::Mapping(_))) => {
            all.iter().try_for_each(|merged| merge(merged, own, names))
        }
        _ => Err(YamlError::new("map merge requires map or sequence of maps as the value")
            .or_at(merged.position)),
    }
}
