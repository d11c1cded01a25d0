//! Documents in the catalog.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{Document, DocumentError, Documents};

use super::digest::document_digest;
use super::{Catalog, io_error};

/// Every column of every document.
pub(super) const ALL: &str = "SELECT kind, id, body, version, updated_ms, digest FROM documents";

/// A row.
pub(super) struct StoredDocument {
    kind: String,
    document: Document,
    digest: i64,
}

pub(super) fn stored(row: &Row<'_>) -> rusqlite::Result<StoredDocument> {
    let (id, body, version) = (row.get(1)?, row.get(2)?, row.get(3)?);
    let document = Document { id, body, version, updated_ms: row.get(4)? };
    Ok(StoredDocument { kind: row.get(0)?, document, digest: row.get(5)? })
}

pub(super) fn insert(
    connection: &Connection,
    StoredDocument { kind, document, digest }: &StoredDocument,
) -> rusqlite::Result<()> {
    let insert = "INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Document { id, body, version, updated_ms } = document;
    connection.execute(insert, params![kind, id, body, version, updated_ms, digest])?;
    Ok(())
}

impl StoredDocument {
    fn new(kind: &str, document: Document) -> Self {
        let digest = document_digest(kind, &document.id, &document.body, document.version);
        StoredDocument { kind: kind.to_owned(), document, digest }
    }

    /// Whether the row is as it was written.
    pub(super) fn is_intact(&self) -> bool {
        let Document { id, body, version, .. } = &self.document;
        self.digest == document_digest(&self.kind, id, body, *version)
    }

    fn intact(self) -> Result<Document, DocumentError> {
        if self.is_intact() {
            return Ok(self.document);
        }
        let (kind, id) = (self.kind, self.document.id);
        Err(DocumentError::Io(format!("{kind} {id:?} is damaged: write it anew, or delete it")))
    }
}

fn failed(error: rusqlite::Error) -> DocumentError {
    DocumentError::Io(io_error(error).to_string())
}

impl Documents for Catalog {
    fn get(&self, kind: &str, id: &str) -> Result<Option<Document>, DocumentError> {
        let query = format!("{ALL} WHERE kind = ?1 AND id = ?2");
        let connection = self.connection.lock();
        let found = connection.query_row(&query, [kind, id], stored).optional().map_err(failed)?;
        found.map(StoredDocument::intact).transpose()
    }

    fn list(&self, kind: &str) -> Result<Vec<Document>, DocumentError> {
        let connection = self.connection.lock();
        let query = format!("{ALL} WHERE kind = ?1 ORDER BY id");
        let mut query = connection.prepare(&query).map_err(failed)?;
        let mut documents = Vec::new();
        for row in query.query_map([kind], stored).map_err(failed)? {
            match row.map_err(failed)?.intact() {
                Ok(document) => documents.push(document),
                Err(error) => tracing::warn!("a document is not listed: {error}"),
            }
        }
        Ok(documents)
    }

    fn put(
        &self,
        kind: &str,
        id: &str,
        body: &str,
        expected: Option<i64>,
    ) -> Result<i64, DocumentError> {
        let (id, body, updated_ms) = (id.to_owned(), body.to_owned(), self.clock.now_ms());
        let saved = self.transaction(|transaction| {
            let query = "SELECT version FROM documents WHERE kind = ?1 AND id = ?2";
            let current = transaction.query_row(query, [kind, &id], |row| row.get(0)).optional()?;
            let current: i64 = current.unwrap_or(0);
            if expected.is_some_and(|version| version != current) {
                return Ok(None);
            }
            let version = current.wrapping_add(1);
            let document = Document { id, body, version, updated_ms };
            insert(transaction, &StoredDocument::new(kind, document))?;
            Ok(Some(version))
        });
        saved.map_err(|error| DocumentError::Io(error.to_string()))?.ok_or(DocumentError::Conflict)
    }

    fn delete(&self, kind: &str, id: &str) -> Result<bool, DocumentError> {
        let delete = "DELETE FROM documents WHERE kind = ?1 AND id = ?2";
        let deleted = self.transaction(|transaction| transaction.execute(delete, [kind, id]));
        deleted.map(|rows| rows > 0).map_err(|error| DocumentError::Io(error.to_string()))
    }
}
