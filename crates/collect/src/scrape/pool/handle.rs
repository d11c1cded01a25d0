//! How the rest speaks to a pool, and what it sees of it.

use std::sync::Arc;

use env::Fs;
use http_client::Clients;
use model::Labels;
use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};

use super::Pool;
use crate::config::{Problem, ScrapeConfig};
use crate::scrape::OwnTarget;
use crate::scrape::run::Shared;
use crate::scrape::target::Target;

/// A job's targets for display.
#[derive(Default)]
pub(in crate::scrape) struct PoolView {
    /// Those that are scraped, by address.
    pub(in crate::scrape) active: Vec<Arc<Target>>,
    /// Labels of those that a rule dropped, as far as they are kept.
    pub(in crate::scrape) dropped: Vec<Labels>,
    /// How many were dropped.
    pub(in crate::scrape) dropped_count: u64,
    /// What does not work.
    pub(in crate::scrape) problems: Vec<Problem>,
}

/// The end of a pool that others hold; when the last is dropped, the pool stops.
pub(in crate::scrape) struct PoolHandle {
    commands: mpsc::Sender<Command>,
    pub(in crate::scrape) view: Arc<RwLock<PoolView>>,
}

pub(super) enum Command {
    /// Another configuration, or none: then the job is gone. The answer is whether the pool has
    /// nothing left to do.
    Reload(Option<Arc<ScrapeConfig>>, oneshot::Sender<bool>),
    /// Stop; the answer comes when everything has.
    Stop(oneshot::Sender<()>),
}

/// What pools need from outside.
#[derive(Clone)]
pub(in crate::scrape) struct Means {
    pub(in crate::scrape) shared: Arc<Shared>,
    pub(in crate::scrape) clients: Arc<Clients>,
    pub(in crate::scrape) fs: Arc<dyn Fs>,
    /// Makes this server scrape at other times than others.
    pub(in crate::scrape) seed: u64,
}

impl PoolHandle {
    /// Starts a pool without targets.
    pub(in crate::scrape) fn start(means: Means) -> Self {
        PoolHandle::start_with(means, |_| {})
    }

    /// Starts the pool of a target within this process.
    pub(in crate::scrape) fn start_own(means: Means, own: OwnTarget) -> Self {
        PoolHandle::start_with(means, |pool| pool.start_own(own))
    }

    fn start_with(means: Means, prepare: impl FnOnce(&mut Pool)) -> Self {
        let (commands, receiver) = mpsc::channel(1);
        let view: Arc<RwLock<PoolView>> = Arc::default();
        let mut pool = Pool::new(means, view.clone());
        prepare(&mut pool);
        tokio::spawn(pool.run(receiver));
        PoolHandle { commands, view }
    }

    /// Takes another configuration; returns when the targets are those of the new one, and whether
    /// the pool has nothing left to do.
    pub(in crate::scrape) async fn reload(&self, config: Option<Arc<ScrapeConfig>>) -> bool {
        let (done, is_done) = oneshot::channel();
        let sent = self.commands.send(Command::Reload(config, done)).await;
        sent.is_err() || is_done.await.unwrap_or(true)
    }

    /// Stops all loops; nothing is marked as gone, for a server that stops comes back.
    pub(in crate::scrape) async fn stop(&self) {
        let (done, is_done) = oneshot::channel();
        if self.commands.send(Command::Stop(done)).await.is_ok() {
            let _stopped_meanwhile = is_done.await;
        }
    }
}
