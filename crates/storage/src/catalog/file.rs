//! The database file: opening it, and what to do when it is none.

use std::io;
use std::path::{Path, PathBuf};

use env::Env;
use rusqlite::{Connection, ErrorCode};

use super::documents::{self, StoredDocument};
use super::{io_error, load};
use crate::{OpenError, Quarantine};

const FILE: &str = "catalog.sqlite";

/// The newest schema this program knows. It is in the database's header and in a row; a header that
/// alone claims to be newer is damaged.
const VERSION: u32 = 1;

const TABLES: &str = "
    CREATE TABLE about (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE stores (
        name TEXT PRIMARY KEY, flushed INTEGER NOT NULL, digest INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE parts (
        store TEXT NOT NULL, id INTEGER NOT NULL, day INTEGER NOT NULL, level INTEGER NOT NULL,
        file TEXT NOT NULL, min_ns INTEGER NOT NULL, max_ns INTEGER NOT NULL,
        rows INTEGER NOT NULL, bytes INTEGER NOT NULL, format INTEGER NOT NULL,
        wal_from INTEGER NOT NULL, wal_before INTEGER NOT NULL,
        PRIMARY KEY (store, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE documents (
        kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL, digest INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO about VALUES ('version', 1);
    PRAGMA user_version = 1;
";

/// Why a file cannot be used as it is.
enum Refusal {
    Damaged(String),
    Newer(u32),
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Refusal::Damaged(error.to_string()) } else { Refusal::Failed(error) }
    }
}

pub(super) fn open(env: &Env, data_dir: &Path) -> Result<Connection, OpenError> {
    env.fs.create_dir_all(data_dir)?;
    let path = data_dir.join(FILE);
    let damage = match try_open(&path) {
        Ok(connection) => {
            // SQLite does not sync the directory of a database in WAL mode.
            env.fs.sync_dir(data_dir)?;
            return Ok(connection);
        }
        Err(Refusal::Damaged(damage)) => damage,
        Err(Refusal::Newer(found)) => {
            let path = path.display().to_string();
            return Err(OpenError::Newer { path, found, known: VERSION });
        }
        Err(Refusal::Failed(error)) => return Err(io_error(error).into()),
    };
    let documents = salvage(&path);
    let quarantine = Quarantine::open(env, &data_dir.join("quarantine"))?;
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", path.display()));
        if env.fs.file_len(&path)?.is_some() && !quarantine.put(&path, &damage) {
            let message = format!("{} is damaged and cannot be moved", path.display());
            return Err(io::Error::other(message).into());
        }
    }
    let connection = try_open(&path).map_err(|refusal| match refusal {
        Refusal::Failed(error) => io_error(error),
        Refusal::Damaged(text) => io::Error::other(text),
        Refusal::Newer(found) => io::Error::other(format!("a new catalog has version {found}")),
    })?;
    tracing::warn!("{} documents of the damaged catalog are taken over", documents.len());
    for document in &documents {
        documents::insert(&connection, document).map_err(io_error)?;
    }
    env.fs.sync_dir(data_dir)?;
    Ok(connection)
}

fn try_open(path: &Path) -> Result<Connection, Refusal> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version == 0 && tables == 0 {
        create_tables(&connection)?;
    } else {
        check(&connection, version)?;
    }
    // A header can claim that the file is read-only; better to hear it now.
    connection.execute("UPDATE about SET value = value WHERE key = 'version'", [])?;
    Ok(connection)
}

pub(super) fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} COMMIT;"))
}

fn check(connection: &Connection, version: u32) -> Result<(), Refusal> {
    let verdict: String =
        connection.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Refusal::Damaged(verdict));
    }
    let query = "SELECT value FROM about WHERE key = 'version'";
    let written: u32 = connection.query_row(query, [], |row| row.get(0))?;
    if written != version {
        return Err(Refusal::Damaged(format!("its versions are {version} and {written}")));
    }
    if version > VERSION {
        return Err(Refusal::Newer(version));
    }
    // Every column is named once, so that a schema that lost one is found out.
    for query in [
        "SELECT name, flushed, digest FROM stores LIMIT 0",
        "SELECT store, id, day, level, file, min_ns, max_ns, rows, bytes, format, wal_from,
         wal_before FROM parts LIMIT 0",
        "SELECT kind, id, body, version, updated_ms, digest FROM documents LIMIT 0",
    ] {
        connection.prepare(query)?;
    }
    let mut stores = connection.prepare("SELECT name FROM stores")?;
    for store in stores.query_map([], |row| row.get::<_, String>(0))? {
        let store = store?;
        if load(connection, &store)?.is_none() {
            return Err(Refusal::Damaged(format!(
                "its rows about {store} do not fit their digest"
            )));
        }
    }
    Ok(())
}

/// Whether an error says that the file is at fault, and not the disk or its being full.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{SqlInputError, SqliteFailure};
    let (SqliteFailure(failure, _) | SqlInputError { error: failure, .. }) = error else {
        // Values of other types than the schema allows, missing rows, text that is not UTF-8.
        return true;
    };
    let is_cut_short = failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ;
    let is_wrong = matches!(
        failure.code,
        ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ReadOnly
            | ErrorCode::TypeMismatch
            | ErrorCode::SchemaChanged
            | ErrorCode::TooBig
            | ErrorCode::Unknown
    );
    is_cut_short || is_wrong
}

/// The documents that can still be read from a damaged database.
fn salvage(path: &Path) -> Vec<StoredDocument> {
    let read = || -> rusqlite::Result<Vec<StoredDocument>> {
        let connection = Connection::open(path)?;
        let mut query = connection.prepare(documents::ALL)?;
        let rows = query.query_map([], documents::stored)?;
        let readable = rows.map_while(Result::ok);
        Ok(readable.filter(StoredDocument::is_intact).collect())
    };
    read().unwrap_or_default()
}
