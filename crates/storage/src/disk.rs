//! Refusing new data while there is still room for what keeps the server alive.

use std::path::{Path, PathBuf};
use std::time::Duration;

use env::Env;
use parking_lot::Mutex;
use store::AppendError;

/// How much room is kept free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reserve {
    /// 256 MiB, or 5 % of a small file system.
    #[default]
    Default,
    /// So many bytes.
    Bytes(u64),
}

/// Says whether there is room to append; it asks the file system once a second at most, so that
/// ingest resumes by itself.
pub struct DiskGuard {
    env: Env,
    path: PathBuf,
    reserve: Reserve,
    last: Mutex<Option<Look>>,
}

/// What the file system said.
#[derive(Clone)]
struct Look {
    at_ns: u64,
    refusal: Option<String>,
}

const LOOK_EVERY: Duration = Duration::from_secs(1);
const RESERVE_MAX: u64 = 256 << 20;

impl DiskGuard {
    /// Guards the file system that holds `path`.
    pub fn new(env: &Env, path: &Path, reserve: Reserve) -> Self {
        DiskGuard { env: env.clone(), path: path.to_owned(), reserve, last: Mutex::new(None) }
    }

    /// Whether there is room for more data.
    ///
    /// # Errors
    /// `DiskFull` with the figures.
    pub fn check(&self) -> Result<(), AppendError> {
        self.look().refusal.map_or(Ok(()), |refusal| Err(AppendError::DiskFull(refusal)))
    }

    fn look(&self) -> Look {
        let mut last = self.last.lock();
        let now = self.env.clock.monotonic_ns();
        match &*last {
            Some(look) if now - look.at_ns < LOOK_EVERY.as_nanos() as u64 => look.clone(),
            before => {
                let look = Look { at_ns: now, refusal: self.refusal() };
                if before.as_ref().is_some_and(|b| b.refusal.is_some()) && look.refusal.is_none() {
                    tracing::info!("there is room on the disk again, new data is accepted");
                }
                if let Some(refusal) = look.refusal.as_deref()
                    && before.as_ref().is_none_or(|b| b.refusal.is_none())
                {
                    tracing::warn!("new data is refused: {refusal}");
                }
                last.insert(look).clone()
            }
        }
    }

    /// A file system that cannot say how much room it has is not taken for full: writing will tell.
    fn refusal(&self) -> Option<String> {
        let space = match self.env.fs.space(&self.path) {
            Ok(space) => space,
            Err(error) => {
                tracing::warn!("cannot see how much room there is: {error}");
                return None;
            }
        };
        let reserve = match self.reserve {
            Reserve::Default => RESERVE_MAX.min(space.total / 20),
            Reserve::Bytes(bytes) => bytes,
        };
        (space.available < reserve).then(|| {
            let path = self.path.display();
            let available = space.available;
            format!("{path} has {available} bytes available, {reserve} are kept free")
        })
    }
}

#[cfg(test)]
mod tests {
    use env::Simulation;

    use super::*;

    #[test]
    fn refuses_below_the_reserve_and_resumes_within_a_second() {
        let world = Simulation::seeded(1);
        world.fs.set_capacity(1000);
        let guard = DiskGuard::new(&world.env(), Path::new("/data"), Reserve::Default);
        assert_eq!(guard.check(), Ok(()));
        world.fs.plant(Path::new("/data/a"), &[0; 951]);
        assert_eq!(guard.check(), Ok(()), "it looks once a second");
        world.clock.advance_ms(1000);
        let refusal = "/data has 49 bytes available, 50 are kept free".to_owned();
        assert_eq!(guard.check(), Err(AppendError::DiskFull(refusal)));
        world.fs.plant(Path::new("/data/a"), &[0; 950]);
        world.clock.advance_ms(1000);
        assert_eq!(guard.check(), Ok(()));
    }

    #[test]
    fn a_large_disk_keeps_256_mib_free_and_the_reserve_can_be_chosen() {
        let world = Simulation::seeded(1);
        world.fs.set_capacity(RESERVE_MAX * 100);
        let guard = |reserve| DiskGuard::new(&world.env(), Path::new("/"), reserve).check().is_ok();
        assert!(guard(Reserve::Default));
        assert!(!guard(Reserve::Bytes(RESERVE_MAX * 100 + 1)));
    }
}
