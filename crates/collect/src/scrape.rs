//! Scraping: asking targets for their metrics, again and again.
//!
//! Each job has a pool, which follows discovery and has a loop for each target. A loop fetches a
//! body, makes samples of it with the help of what it remembers, and hands them to the store.

mod append;
mod cache;
mod counters;
mod pool;
mod report;
mod run;
mod source;
mod target;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use env::Env;
use http_client::{Clients, Url};
use model::{Labels, Metadata, MetricKind};
use parking_lot::{Mutex, RwLock};
use store::MetricStore;

use crate::config::{Config, Problem};
use counters::Counters;
use pool::{Means, PoolHandle};
use run::Shared;
use target::Target;

pub use counters::SelfMetric;
pub use protocols::exposition::Format;
pub use source::Exposer;
pub use target::{Health, LastScrape};

/// What scraping needs.
pub struct Dependencies {
    /// Clock and files.
    pub env: Env,
    /// Where samples go.
    pub store: Arc<dyn MetricStore>,
    /// Makes the clients that speak to targets.
    pub clients: Arc<Clients>,
    /// The name under which others reach this machine.
    pub hostname: String,
    /// Targets within this process.
    pub own: Vec<OwnTarget>,
}

/// A target within this process: its metrics are stored as if it had been scraped.
pub struct OwnTarget {
    /// The value of the `job` label.
    pub job: String,
    /// The value of the `instance` label.
    pub instance: String,
    /// How often it is asked.
    pub interval: Duration,
    /// What it exposes.
    pub exposer: Arc<dyn Exposer>,
}

/// A target that is scraped.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveTarget {
    /// The job.
    pub pool: String,
    /// Labels before relabelling.
    pub discovered_labels: Labels,
    /// Labels that its series get.
    pub labels: Labels,
    /// Where it is scraped; `sightglass:<job>` for targets within this process.
    pub scrape_url: String,
    /// The same as others see it.
    pub global_url: String,
    /// How the last scrape went.
    pub last: LastScrape,
    /// How often it is scraped.
    pub interval: Duration,
    /// How long a scrape may take.
    pub timeout: Duration,
}

/// A target that a rule dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct DroppedTarget {
    /// The job.
    pub pool: String,
    /// Labels before relabelling.
    pub discovered_labels: Labels,
}

/// All targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// Those that are scraped, by job and address.
    pub active: Vec<ActiveTarget>,
    /// Those that were dropped, as far as they are kept.
    pub dropped: Vec<DroppedTarget>,
    /// How many were dropped, by job.
    pub dropped_counts: BTreeMap<String, u64>,
}

/// What one target says about one metric family.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetMetadata {
    /// The target's labels.
    pub target: Labels,
    /// The family.
    pub family: String,
    /// What it says.
    pub metadata: Metadata,
}

/// Scrapes the targets of a configuration.
pub struct Scraper {
    means: Means,
    hostname: String,
    pools: RwLock<BTreeMap<String, Arc<PoolHandle>>>,
    own: RwLock<Vec<(String, Arc<PoolHandle>)>>,
    problems: Mutex<Vec<Problem>>,
    shown: Mutex<String>,
    /// Held during a reload, so that there is one at a time.
    reloading: tokio::sync::Mutex<()>,
}

impl Scraper {
    /// Starts scraping.
    pub async fn start(config: &Config, dependencies: Dependencies) -> Scraper {
        let Dependencies { env, store, clients, hostname, own } = dependencies;
        let shared = Shared { clock: env.clock, store, counters: Counters::default() };
        let mut seed = DefaultHasher::new();
        hostname.hash(&mut seed);
        let (shared, seed) = (Arc::new(shared), seed.finish());
        let means = Means { shared, clients, fs: env.fs, seed };
        let own = own.into_iter().map(|own| {
            let job = own.job.clone();
            (job, Arc::new(PoolHandle::start_own(means.clone(), own)))
        });
        let scraper = Scraper {
            own: RwLock::new(own.collect()),
            means,
            hostname,
            pools: RwLock::default(),
            problems: Mutex::default(),
            shown: Mutex::default(),
            reloading: tokio::sync::Mutex::default(),
        };
        scraper.reload(config).await;
        scraper
    }

    /// Takes another configuration. Targets that stay as they are keep what is known of them;
    /// returns when the targets are those of the new configuration.
    pub async fn reload(&self, config: &Config) {
        let _one_at_a_time = self.reloading.lock().await;
        self.problems.lock().clone_from(&config.problems);
        self.shown.lock().clone_from(&config.shown);
        let jobs: BTreeMap<_, _> =
            config.jobs.iter().map(|job| (job.job_name.clone(), job.clone())).collect();
        let mut pools = self.pools.read().clone();
        let gone: Vec<_> = pools.keys().filter(|job| !jobs.contains_key(*job)).cloned().collect();
        for job in gone {
            // A pool stays until the series of its targets are marked as gone.
            if pools[&job].reload(None).await {
                pools.remove(&job);
            }
        }
        for (name, job) in jobs {
            let start = || Arc::new(PoolHandle::start(self.means.clone()));
            let pool = pools.entry(name).or_insert_with(start);
            pool.reload(Some(job)).await;
        }
        *self.pools.write() = pools;
    }

    /// Stops scraping. Nothing is marked as gone: the server is expected back.
    pub async fn stop(&self) {
        let _one_at_a_time = self.reloading.lock().await;
        let pools = std::mem::take(&mut *self.pools.write());
        for pool in pools.into_values() {
            pool.stop().await;
        }
        let own = std::mem::take(&mut *self.own.write());
        for (_, pool) in own {
            pool.stop().await;
        }
    }

    /// All targets as they are now.
    pub fn targets(&self) -> Targets {
        let mut targets = Targets::default();
        let mut take = |job: &str, pool: &PoolHandle| {
            let view = pool.view.read();
            targets.active.extend(view.active.iter().map(|target| self.active(job, target)));
            targets.dropped.extend(view.dropped.iter().map(|labels| DroppedTarget {
                pool: job.to_owned(),
                discovered_labels: labels.clone(),
            }));
            targets.dropped_counts.insert(job.to_owned(), view.dropped_count);
        };
        self.pools.read().iter().for_each(|(job, pool)| take(job, pool));
        self.own.read().iter().for_each(|(job, pool)| take(job, pool));
        targets
    }

    fn active(&self, pool: &str, target: &Target) -> ActiveTarget {
        ActiveTarget {
            pool: pool.to_owned(),
            discovered_labels: target.discovered.lock().clone(),
            labels: target.labels.clone(),
            scrape_url: target.url.clone(),
            global_url: global_url(&target.url, &self.hostname),
            last: target.last.lock().clone(),
            interval: target.interval,
            timeout: target.timeout,
        }
    }

    /// What targets say about their metrics.
    pub fn metadata(&self) -> Vec<TargetMetadata> {
        let mut all = Vec::new();
        let mut take = |pool: &PoolHandle| {
            for target in &pool.view.read().active {
                let families = target.families.lock().clone();
                all.extend(families.iter().map(|(family, metadata)| TargetMetadata {
                    target: target.labels.clone(),
                    family: family.clone(),
                    metadata: metadata.clone(),
                }));
            }
        };
        self.pools.read().values().for_each(|pool| take(pool));
        self.own.read().iter().for_each(|(_, pool)| take(pool));
        all
    }

    /// The text of the configuration in force, without its secrets.
    pub fn config_shown(&self) -> String {
        self.shown.lock().clone()
    }

    /// What is configured and not done, and what does not work now.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.problems.lock().clone();
        for pool in self.pools.read().values() {
            problems.extend(pool.view.read().problems.iter().cloned());
        }
        problems
    }

    /// Counts about scraping, and how many targets there are in which state.
    pub fn self_metrics(&self) -> Vec<SelfMetric> {
        let mut metrics = self.means.shared.counters.metrics();
        let mut states = BTreeMap::from([("up", 0), ("down", 0), ("unknown", 0)]);
        let targets = self.targets();
        for target in &targets.active {
            *states.entry(target.last.health.name()).or_insert(0) += 1;
        }
        states.insert("dropped", targets.dropped_counts.values().sum());
        metrics.extend(states.into_iter().map(|(state, count)| SelfMetric {
            name: "sightglass_scrape_targets",
            help: "Targets by the state of their last scrape.",
            kind: MetricKind::Gauge,
            labels: vec![("state", state.to_owned())],
            value: count as f64,
        }));
        metrics
    }
}

/// An address as others see it: a loopback host becomes this machine's name.
fn global_url(url: &str, hostname: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let is_loopback = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if is_loopback && parsed.set_host(Some(hostname)).is_ok() {
        return parsed.to_string();
    }
    url.to_owned()
}

#[cfg(test)]
mod tests;
