//! The tree of a document: nodes, where they stand, and aliases resolved.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::{Error, Place, Position};

/// How deep collections may be nested.
const DEPTH_MAX: usize = 64;
/// How many nodes a document may have, before and after its aliases are resolved: a few lines of
/// aliases to aliases must not become millions of values.
const NODES_MAX: usize = 1_000_000;

/// A key and its value.
pub(crate) type Pair = (Arc<Node>, Arc<Node>);

/// A value and where it begins.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) position: Position,
    pub(crate) content: Content,
    /// How many nodes it consists of.
    size: usize,
}

#[derive(Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    Sequence(Vec<Arc<Node>>),
    Mapping(Mapping),
}

#[derive(Debug, Default)]
pub(crate) struct Mapping {
    /// Keys and values in the order they were written, then those merged in. Keys that were written
    /// twice are there twice.
    pub(crate) pairs: Vec<Pair>,
    /// What stands behind `<<`, of which the pairs hold what is not written anew.
    pub(crate) merged: Vec<Arc<Node>>,
}

/// A text and what its notation says about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) kind: ScalarKind,
    /// The bytes of its notation, with quotes.
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    /// Without quotes: may be a null, a number or a truth value.
    Plain,
    /// Quoted, or tagged as text.
    Text,
    /// `!!binary`: base64.
    Binary,
}

/// The first document of a text, and where there is more behind it.
pub(crate) fn parse(text: &str) -> Result<(Arc<Node>, Option<Place>), Error> {
    let mut builder = Builder::default();
    let mut events = Parser::new_from_str(text);
    let (root, end) = loop {
        let Some(event) = events.next() else {
            let scalar = Scalar { text: String::new(), kind: ScalarKind::Plain, range: 0..0 };
            let start = Position { line: 1, column: 1 };
            return Ok((Arc::new(Node::new(start, Content::Scalar(scalar))), None));
        };
        let (event, span) =
            event.map_err(|error| Error::new(error.info()).or_at(position_of(*error.marker())))?;
        let root = builder.take(event, span).map_err(|e| e.or_at(position_of(span.start)))?;
        if let Some(root) = root {
            break (root, span.end.byte_offset().unwrap_or(text.len()));
        }
    };
    // Go looks no further, so mistakes behind the first document are none.
    let more = events.find_map(|event| match event {
        Ok((Event::DocumentStart(..), span)) => Some(span.start),
        Ok(_) => None,
        Err(error) => Some(*error.marker()),
    });
    Ok((root, more.map(|more| Place { position: position_of(more), offset: end })))
}

fn position_of(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

impl Node {
    fn new(position: Position, content: Content) -> Self {
        let sum =
            |nodes: &[Arc<Node>]| nodes.iter().fold(0, |n: usize, i| n.saturating_add(i.size));
        let size = match &content {
            Content::Scalar(_) => 0,
            Content::Sequence(items) => sum(items),
            Content::Mapping(Mapping { pairs, merged }) => pairs
                .iter()
                .fold(sum(merged), |n, (k, v)| n.saturating_add(k.size).saturating_add(v.size)),
        };
        Node { position, content, size: size.saturating_add(1) }
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    fn is_merge(&self) -> bool {
        let plain = |scalar: &Scalar| scalar.kind == ScalarKind::Plain && scalar.text == "<<";
        matches!(&self.content, Content::Scalar(scalar) if plain(scalar))
    }
}

/// Collections that are not complete yet, the innermost last.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    /// How many nodes were made so far.
    count: usize,
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
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<Option<Arc<Node>>, Error> {
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
                let range = span.byte_range().unwrap_or_default();
                let scalar = Scalar { text: text.into_owned(), kind, range };
                (Arc::new(Node::new(position, Content::Scalar(scalar))), anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => (node.clone(), 0),
                None => return Err(Error::new("an anchor contains itself")),
            },
            Event::SequenceStart(_, anchor, _) => return self.open(position, anchor, false),
            Event::MappingStart(_, anchor, _) => return self.open(position, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => (Arc::new(Node::new(open.position, open.content()?)), open.anchor),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.count += 1;
        if self.count.max(node.size) > NODES_MAX {
            return Err(Error::new(format!("more than {NODES_MAX} nodes")));
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
    ) -> Result<Option<Arc<Node>>, Error> {
        if self.open.len() == DEPTH_MAX {
            return Err(Error::new(format!("nested more than {DEPTH_MAX} levels deep")));
        }
        self.open.push(Open { position, anchor, is_mapping, nodes: Vec::new() });
        Ok(None)
    }
}

impl Open {
    fn content(&self) -> Result<Content, Error> {
        if !self.is_mapping {
            return Ok(Content::Sequence(self.nodes.clone()));
        }
        let mut mapping = Mapping::default();
        let (pairs, _) = self.nodes.as_chunks::<2>();
        for [key, value] in pairs {
            match key.is_merge() {
                true => mapping.merged.push(value.clone()),
                false => mapping.pairs.push((key.clone(), value.clone())),
            }
        }
        if !mapping.merged.is_empty() {
            let own = mapping.pairs.iter().filter_map(|(key, _)| key.text().map(str::to_owned));
            let mut names: HashSet<String> = own.collect();
            for merged in &mapping.merged {
                merge(merged, &mut mapping.pairs, &mut names)?;
            }
        }
        Ok(Content::Mapping(mapping))
    }
}

/// Adds the pairs of a mapping, or of several, whose keys are not among the names yet.
fn merge(merged: &Node, own: &mut Vec<Pair>, names: &mut HashSet<String>) -> Result<(), Error> {
    match &merged.content {
        Content::Mapping(mapping) => {
            for (key, value) in &mapping.pairs {
                if key.text().is_some_and(|name| names.insert(name.to_owned())) {
                    own.push((key.clone(), value.clone()));
                }
            }
            Ok(())
        }
        Content::Sequence(all) if all.iter().all(|m| matches!(m.content, Content::Mapping(_))) => {
            all.iter().try_for_each(|merged| merge(merged, own, names))
        }
        _ => Err(Error::new("map merge requires map or sequence of maps as the value")
            .or_at(merged.position)),
    }
}
