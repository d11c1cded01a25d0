//! Changes to what is kept across restarts: made by the state machines, written by those who run
//! them.

use store::{DocumentError, Documents};

/// A document to write, or to remove when it has no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) body: Option<String>,
}

impl Change {
    pub(crate) fn write(kind: &'static str, id: &str, body: &impl serde::Serialize) -> Self {
        let body = serde_json::to_string(body).expect("keys are texts and numbers are finite");
        Change { kind, id: id.to_owned(), body: Some(body) }
    }

    pub(crate) fn remove(kind: &'static str, id: &str) -> Self {
        Change { kind, id: id.to_owned(), body: None }
    }
}

/// Writes changes; when this returns they are on stable storage.
pub(crate) fn apply(documents: &dyn Documents, changes: &[Change]) -> Result<(), DocumentError> {
    for change in changes {
        match &change.body {
            Some(body) => drop(documents.put(change.kind, &change.id, body, None)?),
            None => drop(documents.delete(change.kind, &change.id)?),
        }
    }
    Ok(())
}

/// All documents of a kind. One that cannot be read is reported and left where it is.
pub(crate) fn load<T: serde::de::DeserializeOwned>(
    documents: &dyn Documents,
    kind: &str,
) -> Result<Vec<T>, DocumentError> {
    let mut loaded = Vec::new();
    for document in documents.list(kind)? {
        match serde_json::from_str(&document.body) {
            Ok(value) => loaded.push(value),
            Err(error) => {
                tracing::error!(kind, id = document.id, %error, "a document cannot be read and is left alone");
            }
        }
    }
    Ok(loaded)
}
