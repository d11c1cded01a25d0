//! Lines of a bulk body, and what action lines say.

use crate::DecodeError;
use crate::wire::json::{JsonReader, Kind};

/// What a client wants done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Store it, whatever is there.
    Index,
    /// Store it if it is new.
    Create,
    /// Change it, or with `doc_as_upsert` or `upsert` store it.
    Update,
    /// Remove it.
    Delete,
}

impl Action {
    /// The key of the action in requests and replies.
    pub fn name(self) -> &'static str {
        match self {
            Action::Index => "index",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Action::Index, Action::Create, Action::Update, Action::Delete]
            .into_iter()
            .find(|action| action.name() == name)
    }
}

/// The lines of a body, each of which has to end.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    /// The number of the last line, counted from 1.
    pub(super) number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(body: &'a [u8]) -> Self {
        Lines { rest: body, number: 0 }
    }

    /// The next line without its end.
    pub(super) fn next(&mut self) -> Result<Option<&'a [u8]>, DecodeError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') else {
            let reason = "The bulk request must be terminated by a newline [\\n]";
            return Err(DecodeError::at_line(self.number, reason));
        };
        let line = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

/// An action line.
pub(super) struct Header {
    pub(super) action: Action,
    pub(super) index: String,
    pub(super) id: String,
}

impl Header {
    pub(super) fn read(reader: &mut JsonReader<'_>, line: usize) -> Result<Self, DecodeError> {
        let malformed = |what: String| {
            DecodeError::at_line(line, format!("Malformed action/metadata line [{line}], {what}"))
        };
        let mut header = None;
        let mut problem = None;
        if let Ok(kind) = reader.peek()
            && kind != Kind::Object
        {
            return Err(malformed(format!("expected START_OBJECT but found [{}]", token(kind))));
        }
        let read = reader.object(|reader, name| {
            let Some(action) = Action::from_name(name) else {
                problem = Some(format!(
                    "expected field [create], [delete], [index] or [update] but found [{name}]"
                ));
                return Err(reader.error("unknown action"));
            };
            if header.is_some() {
                problem = Some("expected END_OBJECT but found [FIELD_NAME]".into());
                return Err(reader.error("a second action"));
            }
            let kind = reader.peek()?;
            if kind != Kind::Object {
                let found = token(kind);
                problem = Some(format!("expected START_OBJECT or END_OBJECT but found [{found}]"));
                return Err(reader.error("no metadata"));
            }
            header = Some(Header::metadata(reader, action)?);
            Ok(())
        });
        match (read.and_then(|()| reader.finish()), header) {
            (Ok(()), Some(header)) => Ok(header),
            (Ok(()), None) => Err(malformed("expected FIELD_NAME but found [END_OBJECT]".into())),
            (Err(error @ DecodeError::TooLarge { .. }), _) => Err(error),
            (Err(error), _) => Err(malformed(problem.unwrap_or_else(|| error.to_string()))),
        }
    }

    /// Reads what goes with an action; keys that mean nothing here are passed over.
    fn metadata(reader: &mut JsonReader<'_>, action: Action) -> Result<Self, DecodeError> {
        let mut header = Header { action, index: String::new(), id: String::new() };
        reader.object(|reader, name| {
            let text = match name {
                "_index" | "index" => &mut header.index,
                "_id" | "id" => &mut header.id,
                _ => return Ok(()),
            };
            *text = match reader.peek()? {
                Kind::String => reader.string()?.into_owned(),
                Kind::Number => reader.number()?.to_owned(),
                _ => return Ok(()),
            };
            Ok(())
        })?;
        Ok(header)
    }
}

fn token(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "START_OBJECT",
        Kind::Array => "START_ARRAY",
        Kind::String => "VALUE_STRING",
        Kind::Number => "VALUE_NUMBER",
        Kind::Bool => "VALUE_BOOLEAN",
        Kind::Null => "VALUE_NULL",
    }
}
