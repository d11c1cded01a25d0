//! PromQL side by side: the same samples in a real Prometheus and in ours, the same questions to both.

mod answer;
pub mod bench;
pub mod compare;
mod dataset;
mod feed;

use std::net::SocketAddr;

pub use answer::Agreement;

use crate::debian::{Program, prometheus_with};
use crate::folder::Folder;
use crate::server::Server;
use dataset::Dataset;

/// Both servers with the same samples.
pub struct Pair {
    ours: Server,
    theirs: Program,
    _folder: Folder,
}

impl Pair {
    /// Starts both and writes the samples to both.
    fn with(dataset: &Dataset) -> Pair {
        // Nothing of ours is scraped, and nothing else runs in the background.
        let folder = Folder::new("promql");
        let empty = folder.write("prometheus.yml", "scrape_configs: []\n");
        let ours = Server::start(&["--prometheus-config", &empty]);
        let extra = [
            "--web.enable-remote-write-receiver",
            "--storage.tsdb.retention.time=10y",
            "--query.max-samples=500000000",
        ];
        let theirs = prometheus_with(empty.as_ref(), ours.spare(0), &extra);
        let pair = Pair { ours, theirs, _folder: folder };
        for address in pair.addresses() {
            feed::write(dataset, address);
        }
        pair
    }

    /// Where ours and theirs answer.
    fn addresses(&self) -> [SocketAddr; 2] {
        [self.ours.address("prometheus"), self.theirs.address()]
    }
}
