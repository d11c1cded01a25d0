//! Bringing catalog and files into agreement at the start.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::catalog::StoreState;
use crate::{
    FinishedPart, OpenError, PartDescription, PartEntry, PartError, PartId, StoreDir, WalRange,
};

type Describe<'a> = &'a dyn Fn(&Path) -> Result<PartDescription, PartError>;

/// What counts, from the catalog and the files together.
pub(super) fn recover(
    dir: &StoreDir,
    extension: &str,
    describe: Describe<'_>,
) -> Result<StoreState, OpenError> {
    let files = files(dir, extension)?;
    let known = dir.catalog.load(&dir.store)?;
    let is_known = known.is_some();
    let known = known.unwrap_or(StoreState { flushed: 1, parts: Vec::new() });
    if !is_known && !files.is_empty() {
        tracing::warn!("the catalog knows nothing of {}: asking the parts themselves", dir.store);
    }
    let (listed, missing): (Vec<_>, Vec<_>) =
        known.parts.into_iter().partition(|part| files.contains_key(&part.file));
    for part in &missing {
        tracing::warn!("{} has no file {}, its entry is dropped", dir.store, part.file);
    }
    let mut orphans = Vec::new();
    for (file, bytes) in &files {
        if listed.iter().all(|part| part.file != *file) {
            orphans.extend(orphan(dir, file, *bytes, describe)?);
        }
    }
    if is_known && missing.is_empty() && orphans.is_empty() {
        return Ok(StoreState { flushed: known.flushed, parts: listed });
    }
    let mut recovery = Recovery {
        dir,
        segments: crate::wal::segment_numbers(dir)?,
        replaced: BTreeSet::new(),
        state: StoreState { flushed: known.flushed, parts: listed },
    };
    if !orphans.is_empty() {
        recovery.note_replaced(describe);
    }
    // Merged parts first: they decide whether those they were merged from count. Then the newest:
    // flushes are entered in order, so where one counts, the ones before it do.
    orphans.sort_by_key(|orphan| {
        Reverse((orphan.description.level, orphan.description.wal.before, orphan.file.id))
    });
    for orphan in orphans {
        recovery.settle(&orphan);
    }
    dir.catalog.reset(&dir.store, &recovery.state)?;
    Ok(recovery.state)
}

/// A part file that has no entry.
struct Orphan {
    file: FinishedPart,
    description: PartDescription,
}

struct Recovery<'a> {
    dir: &'a StoreDir,
    /// The log's segments.
    segments: BTreeSet<u64>,
    /// Parts whose rows are in merged ones that count.
    replaced: BTreeSet<PartId>,
    state: StoreState,
}

impl Recovery<'_> {
    fn note_replaced(&mut self, describe: Describe<'_>) {
        for part in &self.state.parts {
            // A part that cannot be described is dealt with when it is opened.
            if let Ok(description) = describe(&self.dir.path.join(&part.file)) {
                self.replaced.extend(description.replaces);
            }
        }
    }

    /// Decides about a file without an entry.
    fn settle(&mut self, orphan: &Orphan) {
        let Orphan { file, description } = orphan;
        let path = self.dir.path.join(&file.file);
        let counts = |id: &PartId| self.state.parts.iter().any(|part| part.id == *id);
        let is_merged = !description.replaces.is_empty();
        if self.replaced.contains(&description.id) {
            self.remove(&path, "its rows are in a merged part");
        } else if is_merged && description.replaces.iter().all(counts) {
            self.remove(&path, "the merge was never entered");
        } else if !is_merged && self.is_in_log(description.wal) {
            self.dir.note_unentered(path);
        } else if let Some(part) = self.covers(description) {
            let reason = format!("its rows are in {}, which counts", part.file);
            self.dir.quarantine.put(&path, &reason);
        } else {
            tracing::warn!("{} was lost by the catalog and counts again", path.display());
            self.replaced.extend(&description.replaces);
            self.state.parts.retain(|part| !description.replaces.contains(&part.id));
            self.state.parts.push(description.entry(file));
            self.state.flushed = self.state.flushed.max(description.wal.before);
        }
    }

    /// Whether all segments of a flush are still there and will be replayed. They are removed once
    /// it was entered; after a crash some may be back, for that is not synced.
    fn is_in_log(&self, wal: WalRange) -> bool {
        let mut segments = wal.from..wal.before;
        wal.from >= self.state.flushed && segments.all(|number| self.segments.contains(&number))
    }

    /// A part that counts and holds rows of the same day and segments. Of one flush there is one
    /// part for each day, but an attempt that failed may have left another.
    fn covers(&self, description: &PartDescription) -> Option<&PartEntry> {
        let (day, wal) = (description.day, description.wal);
        let replaced = |part: &PartEntry| description.replaces.contains(&part.id);
        let overlaps = |other: WalRange| other.from < wal.before && wal.from < other.before;
        let mut parts = self.state.parts.iter();
        parts.find(|part| part.day == day && overlaps(part.wal) && !replaced(part))
    }

    fn remove(&self, path: &Path, reason: &str) {
        tracing::info!("{} is removed: {reason}", path.display());
        if let Err(error) = self.dir.env.fs.remove(path) {
            tracing::warn!("{} stays for now: {error}", path.display());
        }
    }
}

/// Reads the description of a file without an entry. One that is damaged is put aside, one that
/// cannot be read for now stays where it is, and is looked at again at the next start.
fn orphan(
    dir: &StoreDir,
    file: &str,
    bytes: u64,
    describe: Describe<'_>,
) -> Result<Option<Orphan>, OpenError> {
    let path = dir.path.join(file);
    let reason = match describe(&path).or_else(|_| describe(&path)) {
        Ok(description) if Some(description.id) == part_id(file) => {
            let file = FinishedPart { id: description.id, file: file.to_owned(), bytes };
            return Ok(Some(Orphan { file, description }));
        }
        Ok(description) => format!("it says that it is part {}", description.id),
        Err(PartError::Damaged(reason)) => reason,
        Err(PartError::Newer { found, known }) => {
            let path = path.display().to_string();
            return Err(OpenError::Newer { path, found, known });
        }
        Err(PartError::Io(error)) => {
            dir.quarantine.note(&path, &error.to_string());
            return Ok(None);
        }
    };
    dir.quarantine.put(&path, &reason);
    Ok(None)
}

/// The part files and their lengths, by their path below the store's directory. Unfinished ones
/// are removed; what else lies there is ignored, and said.
fn files(dir: &StoreDir, extension: &str) -> Result<BTreeMap<String, u64>, OpenError> {
    let fs = &dir.env.fs;
    let parts = dir.path.join("parts");
    let mut files = BTreeMap::new();
    for day in fs.list(&parts)? {
        if !day.is_dir {
            tracing::warn!("{} is ignored", parts.join(&day.name).display());
            continue;
        }
        for entry in fs.list(&parts.join(&day.name))? {
            let file = format!("parts/{}/{}", day.name, entry.name);
            let name = entry.name.strip_suffix(super::file::TEMPORARY).unwrap_or(&entry.name);
            let is_part = !entry.is_dir
                && part_id(name).is_some()
                && name.split_once('.').is_some_and(|(_, found)| found == extension);
            if !is_part {
                tracing::warn!("{} is no part and is ignored", dir.path.join(file).display());
            } else if name == entry.name {
                files.insert(file, entry.len);
            } else if let Err(error) = fs.remove(&dir.path.join(file)) {
                tracing::warn!("an unfinished part stays for now: {error}");
            }
        }
    }
    Ok(files)
}

/// The part that a file's name stands for.
fn part_id(file: &str) -> Option<PartId> {
    let name = file.rsplit('/').next()?;
    let digits = name.split_once('.')?.0;
    let id = PartId::try_from(digits.to_owned()).ok()?;
    (id.to_string() == digits).then_some(id)
}
