//! The disk itself: what processes see, and beside it what would survive a crash.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Survival;
use super::faults::Faults;
use crate::fs::Entry;
use crate::{Random, SimRandom};

pub(super) type InodeId = usize;

type Outcome<T> = Result<T, ErrorKind>;

pub(super) struct Disk {
    inodes: Vec<Inode>,
    seen: Names,
    durable: Names,
    locks: BTreeSet<PathBuf>,
    random: SimRandom,
    pub(super) faults: Faults,
    pub(super) capacity: u64,
    /// Grows with each crash; handles of an older one are dead.
    pub(super) generation: u64,
}

/// Names of files and directories.
#[derive(Clone, Default)]
struct Names {
    files: BTreeMap<PathBuf, InodeId>,
    dirs: BTreeSet<PathBuf>,
}

/// A file's content.
#[derive(Clone, Default)]
struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    /// How many bytes `content` and `durable` surely have in common from the start.
    common: usize,
    /// Whether a sync failed: then no later one makes anything durable.
    sync_failed: bool,
}

impl Disk {
    pub(super) fn seeded(seed: u64) -> Self {
        Disk {
            inodes: Vec::new(),
            seen: Names::default(),
            durable: Names::default(),
            locks: BTreeSet::new(),
            random: SimRandom::seeded(seed),
            faults: Faults::default(),
            capacity: 1 << 40,
            generation: 0,
        }
    }

    pub(super) fn fork(&self) -> Self {
        let mut fork = Disk::seeded(self.random.next_u64());
        fork.inodes.clone_from(&self.inodes);
        fork.seen = self.seen.clone();
        fork.capacity = self.capacity;
        fork.crash(Survival::All);
        fork
    }

    pub(super) fn lookup(&self, path: &Path) -> Option<InodeId> {
        self.seen.files.get(path).copied()
    }

    pub(super) fn content(&self, inode: InodeId) -> &[u8] {
        &self.inodes[inode].content
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.seen.files.keys().cloned().collect()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.parent().is_none_or(|p| p.as_os_str().is_empty()) || self.seen.dirs.contains(path)
    }

    pub(super) fn create(&mut self, path: &Path) -> Outcome<InodeId> {
        if self.lookup(path).is_some() || self.seen.dirs.contains(path) {
            return Err(ErrorKind::AlreadyExists);
        }
        if !path.parent().is_some_and(|parent| self.is_dir(parent)) {
            return Err(ErrorKind::NotFound);
        }
        let inode = self.new_inode();
        self.seen.files.insert(path.to_owned(), inode);
        Ok(inode)
    }

    fn new_inode(&mut self) -> InodeId {
        self.inodes.push(Inode::default());
        self.inodes.len() - 1
    }

    pub(super) fn plant(&mut self, path: &Path) -> InodeId {
        let inode = self.lookup(path).unwrap_or_else(|| self.new_inode());
        for dir in path.ancestors().skip(1) {
            self.seen.dirs.insert(dir.to_owned());
            self.durable.dirs.insert(dir.to_owned());
        }
        self.seen.files.insert(path.to_owned(), inode);
        self.durable.files.insert(path.to_owned(), inode);
        inode
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Outcome<()> {
        if self.seen.dirs.contains(to) {
            return Err(ErrorKind::IsADirectory);
        }
        if !to.parent().is_some_and(|parent| self.is_dir(parent)) {
            return Err(ErrorKind::NotFound);
        }
        let inode = self.seen.files.remove(from).ok_or(ErrorKind::NotFound)?;
        self.seen.files.insert(to.to_owned(), inode);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> Outcome<()> {
        self.seen.files.remove(path).map(drop).ok_or(ErrorKind::NotFound)
    }

    pub(super) fn remove_dir(&mut self, path: &Path) -> Outcome<()> {
        if !self.list(path).is_empty() {
            return Err(ErrorKind::DirectoryNotEmpty);
        }
        if self.seen.dirs.remove(path) { Ok(()) } else { Err(ErrorKind::NotFound) }
    }

    pub(super) fn create_dir_all(&mut self, path: &Path) -> Outcome<()> {
        for dir in path.ancestors().filter(|dir| !dir.as_os_str().is_empty()) {
            if self.seen.files.contains_key(dir) {
                return Err(ErrorKind::AlreadyExists);
            }
            self.seen.dirs.insert(dir.to_owned());
            self.durable.dirs.insert(dir.to_owned());
        }
        Ok(())
    }

    pub(super) fn sync_dir(&mut self, path: &Path) -> Outcome<()> {
        if !self.is_dir(path) {
            return Err(ErrorKind::NotFound);
        }
        let inside = |name: &PathBuf| name.parent() == Some(path);
        self.durable.files.retain(|name, _| !inside(name));
        self.durable.dirs.retain(|name| !inside(name));
        let files = self.seen.files.iter().filter(|(name, _)| inside(name));
        self.durable.files.extend(files.map(|(name, inode)| (name.clone(), *inode)));
        let dirs = self.seen.dirs.iter().filter(|name| inside(name));
        self.durable.dirs.extend(dirs.cloned());
        Ok(())
    }

    pub(super) fn list(&self, path: &Path) -> Vec<Entry> {
        let name_in = |child: &Path| {
            let name = child.file_name().filter(|_| child.parent() == Some(path));
            name.map(|name| name.to_string_lossy().into_owned())
        };
        let files = self.seen.files.iter().filter_map(|(child, inode)| {
            let len = self.content(*inode).len() as u64;
            name_in(child).map(|name| Entry { name, is_dir: false, len })
        });
        let dirs =
            self.seen.dirs.iter().filter_map(|child| {
                name_in(child).map(|name| Entry { name, is_dir: true, len: 0 })
            });
        let mut entries: Vec<_> = files.chain(dirs).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    pub(super) fn lock(&mut self, path: &Path) -> Outcome<()> {
        if self.locks.insert(path.to_owned()) { Ok(()) } else { Err(ErrorKind::WouldBlock) }
    }

    pub(super) fn unlock(&mut self, path: &Path) {
        self.locks.remove(path);
    }

    pub(super) fn available(&self) -> u64 {
        let used: usize = self.seen.files.values().map(|inode| self.content(*inode).len()).sum();
        self.capacity.saturating_sub(used as u64)
    }

    pub(super) fn append(&mut self, inode: InodeId, content: &[u8]) -> Outcome<()> {
        let room = usize::try_from(self.available()).unwrap_or(usize::MAX);
        let fits = content.len().min(room);
        self.inodes[inode].content.extend_from_slice(&content[..fits]);
        if fits < content.len() { Err(ErrorKind::StorageFull) } else { Ok(()) }
    }

    /// What a failing append leaves: a prefix of its content.
    pub(super) fn tear(&mut self, inode: InodeId, content: &[u8]) {
        let written = self.below(content.len() + 1);
        let _fails_anyway = self.append(inode, &content[..written]);
    }

    pub(super) fn truncate(&mut self, inode: InodeId, len: u64) {
        let inode = &mut self.inodes[inode];
        inode.content.resize(usize::try_from(len).expect("files are small"), 0);
        inode.common = inode.common.min(inode.content.len());
        inode.sync_failed &= inode.content.len() > inode.durable.len();
    }

    pub(super) fn sync(&mut self, inode: InodeId) {
        let inode = &mut self.inodes[inode];
        if inode.sync_failed {
            return;
        }
        inode.durable.truncate(inode.common);
        inode.durable.extend_from_slice(&inode.content[inode.common..]);
        inode.common = inode.content.len();
    }

    pub(super) fn fail_sync(&mut self, inode: InodeId) {
        self.inodes[inode].sync_failed = true;
    }

    pub(super) fn rewrite(&mut self, inode: InodeId, change: impl FnOnce(&mut Vec<u8>)) {
        let inode = &mut self.inodes[inode];
        change(&mut inode.content);
        *inode = Inode::durable(std::mem::take(&mut inode.content));
    }

    pub(super) fn crash(&mut self, survival: Survival) {
        self.generation += 1;
        self.faults.clear();
        self.locks.clear();
        match survival {
            Survival::Synced => self.seen = self.durable.clone(),
            Survival::Chance => self.draw_names(),
            Survival::All => {}
        }
        for inode in 0..self.inodes.len() {
            let content = match survival {
                Survival::Synced => std::mem::take(&mut self.inodes[inode].durable),
                Survival::Chance => self.draw_content(inode),
                Survival::All => std::mem::take(&mut self.inodes[inode].content),
            };
            self.inodes[inode] = Inode::durable(content);
        }
        self.durable = self.seen.clone();
    }

    /// For each name that changed since its directory was synced, the new state or the old.
    fn draw_names(&mut self) {
        let names: BTreeSet<_> =
            self.seen.files.keys().chain(self.durable.files.keys()).cloned().collect();
        for name in names {
            let old = self.durable.files.get(&name).copied();
            if self.lookup(&name) == old || self.below(2) == 0 {
                continue;
            }
            match old {
                Some(inode) => self.seen.files.insert(name, inode),
                None => self.seen.files.remove(&name),
            };
        }
        self.seen.dirs.extend(self.durable.dirs.iter().cloned());
    }

    /// What is durable and a part of what is not, of which the end may be zeros.
    fn draw_content(&mut self, inode: InodeId) -> Vec<u8> {
        let Inode { content, durable, common, .. } = std::mem::take(&mut self.inodes[inode]);
        if common < durable.len() {
            return if self.below(2) == 0 { durable } else { content };
        }
        let mut survived = content;
        survived.truncate(common + self.below(survived.len() - common + 1));
        if self.below(2) == 0 {
            let zeros_from = common + self.below(survived.len() - common + 1);
            survived[zeros_from..].fill(0);
        }
        survived
    }

    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.random.next_u64() % bound as u64).expect("smaller than a usize")
    }
}

impl Inode {
    fn durable(content: Vec<u8>) -> Self {
        let durable = content.clone();
        Inode { common: content.len(), content, durable, sync_failed: false }
    }
}
