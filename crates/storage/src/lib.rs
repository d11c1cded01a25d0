//! What every store on disk is made of: a write-ahead log, immutable part files, a catalog that
//! says which parts count, and the thread that looks after them. Nothing here knows a signal.
//!
//! A store opens its [`StoreDir`] and its [`Parts`], then its [`Wal`], which replays into the
//! store's head what is in no part yet. From then on the log's writer thread applies batches to the
//! head, and [`Maintenance`] calls the store back to flush, merge and expire:
//!
//! 1. [`Wal::cut`] freezes the head at a segment boundary;
//! 2. [`Parts::create`] gives the files, one per day, and [`PartFile::finish`] makes them safe;
//! 3. [`Parts::commit`] enters them and the boundary in one transaction of the [`Catalog`];
//! 4. [`Wal::truncate_before`] removes the segments that are superfluous from then on.
//!
//! Whatever fails in between, each record is either in the log or in a part that counts.

mod catalog;
mod data_dir;
mod disk;
mod error;
mod maintenance;
mod merge;
mod part;
mod parts;
mod quarantine;
mod retention;
#[cfg(test)]
mod testing;
mod wal;

pub use catalog::Catalog;
pub use data_dir::{DataDirLock, StoreDir};
pub use disk::{DiskGuard, Reserve};
pub use error::{OpenError, PartError};
pub use maintenance::{Maintained, Maintenance, MaintenancePolicy, Unflushed, maintain};
pub use merge::{MergePolicy, plan_merge};
pub use part::{PartDescription, PartEntry, PartId, WalRange, day_name, day_of_ms, day_of_ns};
pub use parts::{Change, FinishedPart, PartFile, Parts};
pub use quarantine::Quarantine;
pub use retention::{Retention, expired};
pub use wal::{Cut, Damage, Durability, Record, ReplayReport, Wal, WalOptions, check_segment};
