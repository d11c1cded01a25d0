//! Small things people make: dashboards, silences, what was notified.

use crate::DocumentError;

/// A document and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name within its kind.
    pub id: String,
    /// Its content, mostly JSON.
    pub body: String,
    /// Grows by one with each change, from 1.
    pub version: i64,
    /// When it was changed last.
    pub updated_ms: i64,
}

/// A place for documents. A change is on stable storage when the call returns.
pub trait Documents: Send + Sync {
    /// Reads one.
    ///
    /// # Errors
    /// When the catalog fails.
    fn get(&self, kind: &str, id: &str) -> Result<Option<Document>, DocumentError>;

    /// All of a kind, sorted by name.
    ///
    /// # Errors
    /// When the catalog fails.
    fn list(&self, kind: &str) -> Result<Vec<Document>, DocumentError>;

    /// Writes one and returns its new version; `expected` is the version it must have had, 0 for
    /// none, or `None` for whatever it was.
    ///
    /// # Errors
    /// `Conflict` when it had another version; otherwise when the catalog fails.
    fn put(
        &self,
        kind: &str,
        id: &str,
        body: &str,
        expected: Option<i64>,
    ) -> Result<i64, DocumentError>;

    /// Removes one; whether there was one.
    ///
    /// # Errors
    /// When the catalog fails.
    fn delete(&self, kind: &str, id: &str) -> Result<bool, DocumentError>;
}
