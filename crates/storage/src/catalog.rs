//! The catalog: which parts count, how far the logs have become superfluous, and documents.
//!
//! It is an SQLite database, `<data-dir>/catalog.sqlite`; `docs/format/catalog.md` describes it. A
//! database has no checksums of its own, so every store has a digest of all its rows, and a
//! transaction that changes them changes it. A file that is no intact database, or in which a
//! digest does not fit, counts for nothing: the parts themselves say what the catalog must know.

mod digest;
mod documents;
mod file;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Clock, Env, Fs};
use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{OpenError, PartEntry, PartId, WalRange};
use digest::{part_digest, store_digest};

/// The open catalog; all stores share one.
pub struct Catalog {
    connection: Mutex<Connection>,
    clock: Arc<dyn Clock>,
    /// Where transactions of a catalog in memory look for faults.
    simulated: Option<(Arc<dyn Fs>, PathBuf)>,
}

/// What the catalog knows about a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoreState {
    /// The first segment whose records are not in parts.
    pub(crate) flushed: u64,
    pub(crate) parts: Vec<PartEntry>,
}

impl Catalog {
    /// Opens `<data_dir>/catalog.sqlite`, or makes it. A damaged one is put into
    /// `<data_dir>/quarantine` and replaced; documents that can still be read are taken over.
    ///
    /// # Errors
    /// `Newer` when a later program wrote it, `Io` when the disk fails.
    pub fn open(env: &Env, data_dir: &Path) -> Result<Self, OpenError> {
        let connection = Mutex::new(file::open(env, data_dir)?);
        Ok(Catalog { connection, clock: env.clock.clone(), simulated: None })
    }

    /// One in memory, for tests on a simulated disk: what was committed survives a crash, and a
    /// transaction counts as one operation on `data_dir` that can fail.
    ///
    /// # Panics
    /// When SQLite cannot make a database in memory.
    pub fn in_memory(env: &Env, data_dir: &Path) -> Self {
        let connection = Connection::open_in_memory().expect("memory is there");
        file::create_tables(&connection).expect("the statements are valid");
        let simulated = Some((env.fs.clone(), data_dir.to_owned()));
        Catalog { connection: Mutex::new(connection), clock: env.clock.clone(), simulated }
    }

    /// A copy in memory of what is known about a store, for tests on a copied disk.
    ///
    /// # Panics
    /// When this catalog cannot be read.
    #[must_use]
    pub fn copy_in_memory(&self, store: &str, env: &Env, data_dir: &Path) -> Self {
        let copy = Self::in_memory(env, data_dir);
        if let Some(state) = self.load(store).expect("memory can be read") {
            copy.reset(store, &state).expect("memory can be written");
        }
        copy
    }

    /// What is known about a store; `None` when nothing is, or when what is there is damaged.
    pub(crate) fn load(&self, store: &str) -> io::Result<Option<StoreState>> {
        let connection = self.connection.lock();
        match load(&connection, store) {
            Ok(state) => Ok(state),
            Err(error) if file::is_damage(&error) => {
                tracing::warn!("the catalog's rows about {store} cannot be read: {error}");
                Ok(None)
            }
            Err(error) => Err(io_error(error)),
        }
    }

    /// Replaces all that is known about a store.
    pub(crate) fn reset(&self, store: &str, state: &StoreState) -> io::Result<()> {
        self.transaction(|transaction| {
            transaction.execute("DELETE FROM parts WHERE store = ?1", [store])?;
            let parts = insert_parts(transaction, store, &state.parts)?;
            let digest = parts.wrapping_add(store_digest(store, state.flushed));
            save_store(transaction, store, state.flushed, digest)
        })
    }

    /// Adds and removes parts and advances the flushed segment, all or nothing.
    pub(crate) fn change(
        &self,
        store: &str,
        add: &[PartEntry],
        remove: &[PartEntry],
        flushed: u64,
    ) -> io::Result<()> {
        self.transaction(|transaction| {
            let query = "SELECT flushed, digest FROM stores WHERE name = ?1";
            let (before, digest) = transaction.query_row(query, [store], |row| {
                Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)?))
            })?;
            let mut digest = digest
                .wrapping_sub(store_digest(store, before))
                .wrapping_add(store_digest(store, flushed))
                .wrapping_add(insert_parts(transaction, store, add)?);
            for part in remove {
                let delete = "DELETE FROM parts WHERE store = ?1 AND id = ?2";
                // It may have been put aside in between; the digest counts what is there.
                if transaction.execute(delete, params![store, part.id.0 as i64])? > 0 {
                    digest = digest.wrapping_sub(part_digest(store, part));
                }
            }
            save_store(transaction, store, flushed, digest)
        })?;
        self.checkpoint();
        Ok(())
    }

    fn transaction<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> io::Result<T> {
        if let Some((fs, data_dir)) = &self.simulated {
            fs.sync_dir(data_dir)?;
        }
        let mut connection = self.connection.lock();
        let transaction = connection.transaction().map_err(io_error)?;
        let outcome = change(&transaction).map_err(io_error)?;
        transaction.commit().map_err(io_error)?;
        Ok(outcome)
    }

    /// Moves what was committed from SQLite's own log into the database, so that a damaged log
    /// cannot take back a flush whose segments are gone. Failing is harmless: the next one does it.
    fn checkpoint(&self) {
        let connection = self.connection.lock();
        let query = "PRAGMA wal_checkpoint(TRUNCATE)";
        if let Err(error) = connection.query_row(query, [], |_| Ok(())) {
            tracing::warn!("the catalog was not checkpointed: {error}");
        }
    }
}

fn load(connection: &Connection, store: &str) -> rusqlite::Result<Option<StoreState>> {
    let query = "SELECT flushed, digest FROM stores WHERE name = ?1";
    let found = connection
        .query_row(query, [store], |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)?)));
    let Some((flushed, digest)) = found.optional()? else { return Ok(None) };
    let mut query = connection.prepare(
        "SELECT id, day, level, file, min_ns, max_ns, rows, bytes, format, wal_from, wal_before
         FROM parts WHERE store = ?1",
    )?;
    let parts = query.query_map([store], part)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let sum = parts.iter().fold(0, |sum: i64, p| sum.wrapping_add(part_digest(store, p)));
    if digest != sum.wrapping_add(store_digest(store, flushed)) {
        tracing::warn!("the catalog's rows about {store} do not fit their digest");
        return Ok(None);
    }
    Ok(Some(StoreState { flushed, parts }))
}

fn part(row: &Row<'_>) -> rusqlite::Result<PartEntry> {
    Ok(PartEntry {
        id: PartId(row.get::<_, i64>(0)? as u64),
        day: row.get(1)?,
        level: row.get(2)?,
        file: row.get(3)?,
        min_ns: row.get(4)?,
        max_ns: row.get(5)?,
        rows: row.get::<_, i64>(6)? as u64,
        bytes: row.get::<_, i64>(7)? as u64,
        format: row.get(8)?,
        wal: WalRange { from: row.get::<_, i64>(9)? as u64, before: row.get::<_, i64>(10)? as u64 },
    })
}

/// Returns the sum of their digests.
fn insert_parts(
    transaction: &Transaction<'_>,
    store: &str,
    parts: &[PartEntry],
) -> rusqlite::Result<i64> {
    let mut digest = 0i64;
    let mut insert = transaction
        .prepare("INSERT INTO parts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?;
    for part in parts {
        insert.execute(params![
            store,
            part.id.0 as i64,
            part.day,
            part.level,
            part.file,
            part.min_ns,
            part.max_ns,
            part.rows as i64,
            part.bytes as i64,
            part.format,
            part.wal.from as i64,
            part.wal.before as i64,
        ])?;
        digest = digest.wrapping_add(part_digest(store, part));
    }
    Ok(digest)
}

fn save_store(
    transaction: &Transaction<'_>,
    store: &str,
    flushed: u64,
    digest: i64,
) -> rusqlite::Result<()> {
    let save = "INSERT INTO stores VALUES (?1, ?2, ?3)
                ON CONFLICT (name) DO UPDATE SET flushed = ?2, digest = ?3";
    transaction.execute(save, params![store, flushed as i64, digest])?;
    Ok(())
}

/// The same error in the words of the rest of the crate.
#[expect(clippy::needless_pass_by_value, reason = "this is what `map_err` passes")]
fn io_error(error: rusqlite::Error) -> io::Error {
    let kind = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, format!("the catalog failed: {error}"))
}
