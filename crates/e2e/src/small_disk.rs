//! File systems small enough to be filled.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::folder::Folder;
use crate::process::run;

/// File systems give room in pieces of this size.
const PAGE_BYTES: usize = 4096;

/// A mounted file system; it is unmounted when it is let go.
pub struct SmallDisk {
    mounted: PathBuf,
    _folder: Folder,
}

impl SmallDisk {
    /// A file system in memory; `None` where this user may not mount one.
    pub fn in_memory(megabytes: u64) -> Option<SmallDisk> {
        let folder = Folder::new("disk");
        let size = format!("size={megabytes}m");
        SmallDisk::mount(folder, &["-t", "tmpfs", "-o", &size, "tmpfs"])
    }

    /// An ext4 file system in a file; `None` where this user may not mount one.
    ///
    /// # Panics
    /// When the file cannot be made.
    pub fn ext4(megabytes: u64) -> Option<SmallDisk> {
        let folder = Folder::new("disk");
        let image = folder.join("image");
        let file = File::create(&image).expect("a file in the temporary folder can be made");
        file.set_len(megabytes << 20).expect("a sparse file takes no room");
        let image = image.display().to_string();
        let mut make = Command::new("/sbin/mkfs.ext4");
        make.args(["-q", "-m", "0", &image]);
        if !Path::new("/sbin/mkfs.ext4").exists()
            || !run(make, Duration::from_secs(30)).status.success()
        {
            return None;
        }
        SmallDisk::mount(folder, &["-o", "loop", &image])
    }

    fn mount(folder: Folder, arguments: &[&str]) -> Option<SmallDisk> {
        let mounted = folder.join("mounted");
        fs::create_dir(&mounted).expect("a folder can be made");
        let mut mount = Command::new("mount");
        mount.args(arguments).arg(&mounted);
        let status = run(mount, Duration::from_secs(30)).status;
        status.success().then_some(SmallDisk { mounted, _folder: folder })
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.mounted
    }

    /// What is free, in bytes.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn available(&self) -> u64 {
        let space = rustix::fs::statvfs(&self.mounted).expect("a file system has figures");
        space.f_bavail * space.f_frsize
    }

    /// Puts a file there that leaves so many bytes free.
    ///
    /// # Panics
    /// When it cannot be written for another reason than want of room.
    pub fn fill(&self, leave: u64) {
        let mut ballast = File::create(self.ballast()).expect("the ballast can be made");
        let block = vec![0xa5; 1 << 20];
        loop {
            let room = self.available().saturating_sub(leave).min(block.len() as u64) as usize;
            if room < PAGE_BYTES {
                return;
            }
            match ballast.write_all(&block[..room]).and_then(|()| ballast.sync_data()) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return,
                Err(error) => panic!("the ballast cannot be written: {error}"),
            }
        }
    }

    /// Takes the ballast away.
    ///
    /// # Panics
    /// When it cannot be removed.
    pub fn empty(&self) {
        fs::remove_file(self.ballast()).expect("the ballast can be removed");
    }

    fn ballast(&self) -> PathBuf {
        self.mounted.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let mut unmount = Command::new("umount");
        // Whoever still holds a file there keeps it until it is closed.
        unmount.arg("-l").arg(&self.mounted);
        run(unmount, Duration::from_secs(30));
    }
}
