//! Documents in memory; their times are always 0, for there is no clock here.

use super::MemStore;
use crate::{Document, DocumentError, Documents};

impl Documents for MemStore {
    fn get(&self, kind: &str, id: &str) -> Result<Option<Document>, DocumentError> {
        Ok(self.documents.lock().get(&(kind.to_owned(), id.to_owned())).cloned())
    }

    fn list(&self, kind: &str) -> Result<Vec<Document>, DocumentError> {
        let documents = self.documents.lock();
        let of_kind = documents.iter().filter(|((k, _), _)| k == kind);
        Ok(of_kind.map(|(_, document)| document.clone()).collect())
    }

    fn put(
        &self,
        kind: &str,
        id: &str,
        body: &str,
        expected: Option<i64>,
    ) -> Result<i64, DocumentError> {
        let mut documents = self.documents.lock();
        let key = (kind.to_owned(), id.to_owned());
        let current = documents.get(&key).map_or(0, |document| document.version);
        if expected.is_some_and(|version| version != current) {
            return Err(DocumentError::Conflict);
        }
        let (id, body) = (id.to_owned(), body.to_owned());
        documents.insert(key, Document { id, body, version: current + 1, updated_ms: 0 });
        Ok(current + 1)
    }

    fn delete(&self, kind: &str, id: &str) -> Result<bool, DocumentError> {
        Ok(self.documents.lock().remove(&(kind.to_owned(), id.to_owned())).is_some())
    }
}
