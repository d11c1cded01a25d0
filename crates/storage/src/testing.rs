//! What the tests of this crate share: a store's directory in a simulated world.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Env, Simulation};

use crate::{Catalog, DiskGuard, OpenError, Reserve, StoreDir};

pub(crate) const DATA_DIR: &str = "/data";

pub(crate) fn catalog(world: &Simulation) -> Arc<Catalog> {
    Arc::new(Catalog::in_memory(&world.env(), Path::new(DATA_DIR)))
}

/// Opens `/data/test`, without room to spare on the disk.
pub(crate) fn store_dir(
    world: &Simulation,
    catalog: &Arc<Catalog>,
) -> Result<Arc<StoreDir>, OpenError> {
    let env = world.env();
    let disk = Arc::new(DiskGuard::new(&env, Path::new(DATA_DIR), Reserve::Bytes(0)));
    StoreDir::open(&env, Path::new(DATA_DIR), "test", catalog.clone(), disk)
}

/// A directory on the real disk, removed when dropped; SQLite knows no other.
pub(crate) struct RealDir {
    pub(crate) env: Env,
    pub(crate) path: PathBuf,
}

impl RealDir {
    pub(crate) fn new() -> Self {
        let env = Env::real();
        let name = format!("sightglass-storage-{:016x}", env.random.next_u64());
        let path = std::env::temp_dir().join(name);
        env.fs.create_dir_all(&path).unwrap();
        RealDir { env, path }
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        self.env.fs.read(&self.path.join(name), 1 << 30).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        self.env.fs.write_atomic(&self.path.join(name), content).unwrap();
    }

    pub(crate) fn clear(&self) {
        remove_all(&self.env, &self.path);
    }
}

fn remove_all(env: &Env, dir: &Path) {
    for entry in env.fs.list(dir).unwrap() {
        let path = dir.join(&entry.name);
        if entry.is_dir {
            remove_all(env, &path);
            env.fs.remove_dir(&path).unwrap();
        } else {
            env.fs.remove(&path).unwrap();
        }
    }
}

impl Drop for RealDir {
    fn drop(&mut self) {
        self.clear();
        self.env.fs.remove_dir(&self.path).unwrap();
    }
}
