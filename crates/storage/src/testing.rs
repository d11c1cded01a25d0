//! What the tests of this crate share: a store's directory in a simulated world.

use std::path::Path;
use std::sync::Arc;

use env::Simulation;

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
