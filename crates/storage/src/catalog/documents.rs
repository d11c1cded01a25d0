//! Documents in the catalog.

use rusqlite::{OptionalExtension, Row, params};
use store::{Document, DocumentError, Documents};

use super::{Catalog, io_error};

fn failed(error: rusqlite::Error) -> DocumentError {
    DocumentError::Io(io_error(error).to_string())
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let (id, body, version) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Document { id, body, version, updated_ms: row.get(3)? })
}

impl Documents for Catalog {
    fn get(&self, kind: &str, id: &str) -> Result<Option<Document>, DocumentError> {
        let query = "SELECT id, body, version, updated_ms FROM documents
                     WHERE kind = ?1 AND id = ?2";
        let connection = self.connection.lock();
        connection.query_row(query, [kind, id], document).optional().map_err(failed)
    }

    fn list(&self, kind: &str) -> Result<Vec<Document>, DocumentError> {
        let query = "SELECT id, body, version, updated_ms FROM documents
                     WHERE kind = ?1 ORDER BY id";
        let connection = self.connection.lock();
        let mut query = connection.prepare(query).map_err(failed)?;
        let documents = query.query_map([kind], document).map_err(failed)?;
        documents.collect::<Result<_, _>>().map_err(failed)
    }

    fn put(
        &self,
        kind: &str,
        id: &str,
        body: &str,
        expected: Option<i64>,
    ) -> Result<i64, DocumentError> {
        let now_ms = self.clock.now_ms();
        let saved = self.transaction(|transaction| {
            let query = "SELECT version FROM documents WHERE kind = ?1 AND id = ?2";
            let current = transaction.query_row(query, [kind, id], |row| row.get(0)).optional()?;
            let current: i64 = current.unwrap_or(0);
            if expected.is_some_and(|version| version != current) {
                return Ok(None);
            }
            let save = "INSERT INTO documents VALUES (?1, ?2, ?3, ?4, ?5)
                        ON CONFLICT (kind, id)
                        DO UPDATE SET body = ?3, version = ?4, updated_ms = ?5";
            transaction.execute(save, params![kind, id, body, current + 1, now_ms])?;
            Ok(Some(current + 1))
        });
        saved.map_err(|error| DocumentError::Io(error.to_string()))?.ok_or(DocumentError::Conflict)
    }

    fn delete(&self, kind: &str, id: &str) -> Result<bool, DocumentError> {
        let delete = "DELETE FROM documents WHERE kind = ?1 AND id = ?2";
        let deleted = self.transaction(|transaction| transaction.execute(delete, [kind, id]));
        deleted.map(|rows| rows > 0).map_err(|error| DocumentError::Io(error.to_string()))
    }
}
