//! The body of `_bulk`: an action line, a document line, and so on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{LogBatch, Value};

use super::action::{Action, Header, Lines};
use super::document::{self, Target};
use super::index::check_index_name;
use crate::wire::json::{JsonReader, Kind};
use crate::{DecodeError, Limits};

/// A request: the records to store, and an item for each action in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bulk {
    /// The records.
    pub batch: LogBatch,
    /// What became of each action.
    pub items: Vec<Item>,
}

/// What became of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The action.
    pub action: Action,
    /// The index as it was named.
    pub index: String,
    /// The identifier the client chose, or one that was made for it.
    pub id: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an action ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The record is in the batch.
    Created,
    /// There was nothing to delete: records are not changed once they are stored.
    NotFound,
    /// Nothing was done.
    Failed(ItemError),
}

/// Why an action failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemError {
    /// The HTTP status it would have alone.
    pub status: u16,
    /// Elasticsearch's type of the error.
    pub error_type: &'static str,
    /// A sentence.
    pub reason: String,
}

/// Decodes the body of `_bulk`. Actions without an index go to `default_index`, that of the URL.
/// Actions that fail alone are items; the rest is stored.
///
/// # Errors
/// When the body is not newline-delimited actions, or exceeds a limit. The texts are Elasticsearch's.
pub fn decode_bulk(
    body: &[u8],
    default_index: Option<&str>,
    received_ns: i64,
    limits: &Limits,
) -> Result<Bulk, DecodeError> {
    limits.check_body(body)?;
    if body.is_empty() {
        return Err(DecodeError::at_line(1, "request body is required"));
    }
    let mut lines = Lines::new(body);
    let mut reader = JsonReader::new(&[], limits);
    let mut bulk = Bulk::default();
    let default_index = default_index.unwrap_or_default();
    while let Some(line) = lines.next()? {
        if line.is_empty() {
            continue;
        }
        reader.restart(line);
        let header = Header::read(&mut reader, lines.number)?;
        let index = if header.index.is_empty() { default_index } else { &header.index };
        if index.is_empty() {
            return Err(DecodeError::at_line(
                lines.number,
                "Validation Failed: 1: index is missing;",
            ));
        }
        let source = match header.action {
            Action::Delete => &[][..],
            _ => match lines.next()? {
                Some(source) => source,
                None => break,
            },
        };
        reader.budget.charge(size_of::<Item>() + index.len() + header.id.len() + ID_CHARACTERS)?;
        reader.restart(source);
        let target = Target { index, id: &header.id, received_ns };
        let outcome = apply(&mut reader, header.action, target, &mut bulk.batch)?;
        let id = match header.id.is_empty() {
            true => made_id(received_ns, bulk.items.len(), source),
            false => header.id.clone(),
        };
        bulk.items.push(Item { action: header.action, index: index.to_owned(), id, outcome });
    }
    match bulk.items.is_empty() {
        true => Err(DecodeError::at_line(1, "Validation Failed: 1: no requests added;")),
        false => Ok(bulk),
    }
}

/// Does one action. What is wrong with a document concerns its item alone; a limit that is met
/// concerns the request.
fn apply(
    reader: &mut JsonReader<'_>,
    action: Action,
    target: Target<'_>,
    batch: &mut LogBatch,
) -> Result<Outcome, DecodeError> {
    if action == Action::Delete {
        return Ok(Outcome::NotFound);
    }
    if let Err(reason) = check_index_name(target.index) {
        let error_type = "invalid_index_name_exception";
        return Ok(Outcome::Failed(ItemError { status: 400, error_type, reason }));
    }
    let document = match read_document(reader) {
        Ok(document) => document,
        Err(error @ DecodeError::TooLarge { .. }) => return Err(error),
        Err(error) => {
            // Columns are counted from 1.
            let reason =
                format!("[1:{}] failed to parse: {}", reader.position() + 1, error.reason());
            let error_type = "document_parsing_exception";
            return Ok(Outcome::Failed(ItemError { status: 400, error_type, reason }));
        }
    };
    let document = match action {
        Action::Update => upserted(document),
        _ => Some(document),
    };
    match document {
        Some(document) => {
            batch.records.push(document::record(reader, document, target)?);
            Ok(Outcome::Created)
        }
        None => {
            let reason = format!("[{}]: document missing", target.id);
            let error_type = "document_missing_exception";
            Ok(Outcome::Failed(ItemError { status: 404, error_type, reason }))
        }
    }
}

fn read_document(reader: &mut JsonReader<'_>) -> Result<Value, DecodeError> {
    if reader.peek()? != Kind::Object {
        return Err(reader.error("the document is not an object"));
    }
    let document = reader.value()?;
    reader.finish()?;
    Ok(document)
}

/// The document an update stores when there is none yet, which is always.
fn upserted(update: Value) -> Option<Value> {
    let Value::Map(members) = update else { return None };
    let as_upsert = members.contains(&("doc_as_upsert".to_owned(), Value::Bool(true)));
    let wanted = if as_upsert { "doc" } else { "upsert" };
    let (_, document) = members.into_iter().find(|(name, _)| name == wanted)?;
    matches!(document, Value::Map(_)).then_some(document)
}

const ID_CHARACTERS: usize = 20;

/// An identifier for a document that came without: when, which and what, in Elasticsearch's length.
fn made_id(received_ns: i64, position: usize, source: &[u8]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in source {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut bytes = [0; 15];
    bytes[..7].copy_from_slice(&received_ns.to_be_bytes()[1..]);
    bytes[7..10].copy_from_slice(&(position as u32).to_be_bytes()[1..]);
    bytes[10..].copy_from_slice(&hash.to_be_bytes()[3..]);
    URL_SAFE_NO_PAD.encode(bytes)
}
