//! Errors, one variant for each thing a caller does about them.

use std::io::{self, ErrorKind};

use store::AppendError;

/// Why a data directory cannot be used. Damage is none of the reasons: it is put aside.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("{0} is in use by another process: stop that, or choose another data directory")]
    Locked(String),
    /// A newer program wrote it.
    #[error(
        "{path} has format {found}, and this program knows formats up to {known}: use a newer one"
    )]
    Newer {
        /// The file.
        path: String,
        /// The format it has.
        found: u32,
        /// The newest format that can be read.
        known: u32,
    },
    /// The disk failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Why a part cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It is damaged: put it aside. The text says what and where.
    #[error("{0}")]
    Damaged(String),
    /// A newer program wrote it: leave it and do not start.
    #[error("format {found} is newer than {known}")]
    Newer {
        /// The format it has.
        found: u32,
        /// The newest format that can be read.
        known: u32,
    },
    /// The disk failed, perhaps only for now: leave it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Whether the disk has no room, so that trying again later may help.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// What a sender is told when writing its batch failed.
pub(crate) fn append_error(error: &io::Error) -> AppendError {
    let text = error.to_string();
    if is_full(error) { AppendError::DiskFull(text) } else { AppendError::Io(text) }
}
