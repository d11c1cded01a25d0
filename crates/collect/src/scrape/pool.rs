//! The targets of one job: which there are, and their loops.

mod handle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::Labels;
use parking_lot::RwLock;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::OwnTarget;
use super::cache::SeriesCache;
use super::report::Report;
use super::run::{Ended, TargetLoop};
use super::source::Source;
use super::target::{Target, TargetKey, discovered_labels};
use crate::config::{Problem, ScrapeConfig};
use crate::discovery::Discovery;
use handle::Command;

pub(super) use handle::{Means, PoolHandle, PoolView};

/// How often sources that can change are looked at.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// How many dropped targets are kept for display when the configuration sets no limit.
const DROPPED_MAX: u64 = 10_000;

struct Pool {
    means: Means,
    config: Option<Arc<ScrapeConfig>>,
    discovery: Option<Discovery>,
    running: HashMap<TargetKey, Running>,
    ending: Vec<Ending>,
    forbidden: watch::Sender<Option<String>>,
    view: Arc<RwLock<PoolView>>,
}

/// A loop that scrapes.
struct Running {
    config: Arc<ScrapeConfig>,
    target: Arc<Target>,
    stop: watch::Sender<bool>,
    task: JoinHandle<Ended>,
}

/// A target that went, and whose series will be marked as gone if it does not come back.
struct Ending {
    labels: Labels,
    keep: watch::Sender<bool>,
    task: JoinHandle<Option<Ended>>,
}

impl Pool {
    fn new(means: Means, view: Arc<RwLock<PoolView>>) -> Self {
        Pool {
            means,
            config: None,
            discovery: None,
            running: HashMap::new(),
            ending: Vec::new(),
            forbidden: watch::channel(None).0,
            view,
        }
    }

    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let done = loop {
            let is_fixed = self.discovery.as_ref().is_none_or(Discovery::is_fixed);
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Reload(config, done)) => {
                        self.configure(config);
                        self.poll().await;
                        self.sync().await;
                        let is_idle = self.running.is_empty() && self.ending.is_empty();
                        let _nobody_waits = done.send(is_idle);
                    }
                    Some(Command::Stop(done)) => break Some(done),
                    None => break None,
                },
                () = tokio::time::sleep(POLL_INTERVAL), if !is_fixed => {
                    if self.poll().await {
                        self.sync().await;
                    }
                }
            }
        };
        for running in self.running.into_values() {
            drop(running.stop);
            let _ended = running.task.await;
        }
        for ending in self.ending {
            drop(ending.keep);
            let _ended = ending.task.await;
        }
        if let Some(done) = done {
            let _nobody_waits = done.send(());
        }
    }

    /// Takes a configuration; sources that it does not change keep their last good targets.
    fn configure(&mut self, config: Option<Arc<ScrapeConfig>>) {
        let wanted = config.as_ref().map(|config| &config.discovery);
        if wanted != self.config.as_ref().map(|config| &config.discovery) {
            self.discovery = wanted.map(Discovery::new);
        }
        self.config = config;
    }

    /// Looks at the sources, on a thread that may wait for a disk; whether anything changed.
    async fn poll(&mut self) -> bool {
        let Some(mut discovery) = self.discovery.take() else { return false };
        let fs = self.means.fs.clone();
        let polled = tokio::task::spawn_blocking(move || {
            let changed = discovery.poll(&*fs);
            (discovery, changed)
        });
        match polled.await {
            Ok((discovery, changed)) => {
                self.view.write().problems = discovery.problems().collect();
                self.discovery = Some(discovery);
                changed
            }
            Err(error) => {
                tracing::error!(%error, "looking for targets ended in a panic");
                false
            }
        }
    }

    /// Makes the loops those of the targets that there are now.
    async fn sync(&mut self) {
        let wanted = self.wanted();
        let mut leftovers = self.stop_unwanted(&wanted).await;
        self.forbid(wanted.len());
        for (key, target) in wanted {
            if let Some(running) = self.running.get(&key) {
                let discovered = target.discovered.lock().clone();
                *running.target.discovered.lock() = discovered;
                continue;
            }
            let leftover = match leftovers.remove(&target.labels) {
                Some(ended) => Some(ended),
                None => self.revive(&target.labels).await,
            };
            self.start(key, target, leftover);
        }
        for (labels, ended) in leftovers {
            let (keep, kept) = watch::channel(false);
            self.ending.push(Ending { labels, keep, task: tokio::spawn(ended.mark_gone(kept)) });
        }
        self.ending.retain(|ending| !ending.task.is_finished());
        let mut active: Vec<_> = self.running.values().map(|r| r.target.clone()).collect();
        active.sort_by(|a, b| (&a.url, &a.labels).cmp(&(&b.url, &b.labels)));
        self.view.write().active = active;
    }

    /// The targets that there are now, each once; dropped ones go to the view.
    fn wanted(&mut self) -> HashMap<TargetKey, Target> {
        let mut view = self.view.write();
        view.dropped.clear();
        view.dropped_count = 0;
        let (Some(config), Some(discovery)) = (&self.config, &self.discovery) else {
            return HashMap::new();
        };
        let kept_max = match config.limits.dropped_targets {
            0 => DROPPED_MAX,
            limit => limit,
        };
        let mut wanted = HashMap::new();
        view.problems = discovery.problems().collect();
        for group in discovery.groups() {
            for own in &group.targets {
                let discovered = discovered_labels(config, own, &group.labels);
                match Target::from_discovered(config, &discovered) {
                    Ok(Some((key, target))) => {
                        wanted.entry(key).or_insert(target);
                    }
                    Ok(None) => {
                        view.dropped_count += 1;
                        if view.dropped_count <= kept_max {
                            view.dropped.push(discovered);
                        }
                    }
                    Err(reason) => view.problems.push(Problem::error(format!(
                        "job {:?}: a target is left out: {reason} {discovered}",
                        config.job_name
                    ))),
                }
            }
        }
        wanted
    }

    /// Stops loops that are not wanted, or not with their configuration.
    async fn stop_unwanted(
        &mut self,
        wanted: &HashMap<TargetKey, Target>,
    ) -> HashMap<Labels, Ended> {
        let config = self.config.as_ref();
        let is_kept = |key: &TargetKey, running: &Running| {
            wanted.contains_key(key) && config.is_some_and(|config| **config == *running.config)
        };
        let stopped: Vec<_> =
            self.running.extract_if(|key, running| !is_kept(key, running)).collect();
        for (_, running) in &stopped {
            let _already_ended = running.stop.send(true);
        }
        let mut leftovers = HashMap::new();
        for (_, running) in stopped {
            match running.task.await {
                Ok(ended) => {
                    leftovers.insert(ended.target.labels.clone(), ended);
                }
                Err(error) => tracing::error!(%error, "a scrape loop ended in a panic"),
            }
        }
        leftovers
    }

    /// Forbids scraping while there are too many targets.
    fn forbid(&self, count: usize) {
        let limit = self.config.as_ref().map_or(0, |config| config.limits.targets);
        let why = (limit > 0 && count as u64 > limit)
            .then(|| format!("target_limit exceeded (number of targets: {count}, limit: {limit})"));
        if why.is_some() {
            self.means.shared.counters.limit_met("target_limit");
        }
        self.forbidden.send_replace(why);
    }

    /// What is known of a target that comes back before its series were marked as gone.
    async fn revive(&mut self, labels: &Labels) -> Option<Ended> {
        let position = self.ending.iter().position(|ending| ending.labels == *labels)?;
        let ending = self.ending.swap_remove(position);
        let _already_ended = ending.keep.send(true);
        ending.task.await.ok().flatten()
    }

    fn start(&mut self, key: TargetKey, target: Target, leftover: Option<Ended>) {
        let Some(config) = self.config.clone() else { return };
        let source = match self.means.clients.get(&config.http) {
            Ok(client) => Source::http(client, &config),
            Err(error) => Source::Broken(error.to_string()),
        };
        let cache = leftover.map_or_else(SeriesCache::default, |ended| {
            let mut cache = ended.cache;
            if !gives_same_labels(&ended.config, &config) {
                cache.forget_meanings();
            }
            *target.last.lock() = ended.target.last.lock().clone();
            *target.families.lock() = ended.target.families.lock().clone();
            cache
        });
        let hash = key.hash(self.means.seed);
        let interval_ms = u64::try_from(target.interval.as_millis()).unwrap_or(u64::MAX).max(1);
        let offset_ms = i64::try_from(hash % interval_ms).unwrap_or_default();
        self.spawn(key, target, config, source, cache, Begin { offset_ms, at_once: false });
    }

    /// Starts the one loop of a target within this process, at once and at full intervals.
    fn start_own(&mut self, own: OwnTarget) {
        let OwnTarget { job, instance, interval, exposer } = own;
        let mut config = ScrapeConfig::named(&job);
        (config.scrape_interval, config.scrape_timeout) = (interval, interval);
        let labels = Labels::from_pairs([("instance", &instance), ("job", &job)]);
        let url = format!("sightglass:{job}");
        let target = Target::new(labels.clone(), labels, url, interval, interval);
        let begin = Begin { offset_ms: 0, at_once: true };
        let source = Source::own(exposer);
        let key = target.own_key();
        self.spawn(key, target, Arc::new(config), source, SeriesCache::default(), begin);
        self.view.write().active = self.running.values().map(|r| r.target.clone()).collect();
    }

    fn spawn(
        &mut self,
        key: TargetKey,
        target: Target,
        config: Arc<ScrapeConfig>,
        source: Source,
        cache: SeriesCache,
        begin: Begin,
    ) {
        let target = Arc::new(target);
        let (stop, is_stopped) = watch::channel(false);
        let target_loop = TargetLoop {
            shared: self.means.shared.clone(),
            report: Report::new(&target.labels, &config),
            config: config.clone(),
            target: target.clone(),
            source,
            cache,
            offset_ms: begin.offset_ms,
            at_once: begin.at_once,
            forbidden: self.forbidden.subscribe(),
            stop: is_stopped,
            pending: None,
        };
        let task = tokio::spawn(target_loop.run());
        self.running.insert(key, Running { config, target, stop, task });
    }
}

/// When a loop scrapes.
#[derive(Clone, Copy)]
struct Begin {
    offset_ms: i64,
    at_once: bool,
}

/// Whether two configurations make the same labels of what a target exposes.
fn gives_same_labels(a: &ScrapeConfig, b: &ScrapeConfig) -> bool {
    let label_limits = |config: &ScrapeConfig| {
        let limits = config.limits;
        (limits.labels, limits.label_name_bytes, limits.label_value_bytes)
    };
    a.metric_relabel == b.metric_relabel
        && (a.honor_labels, a.names) == (b.honor_labels, b.names)
        && label_limits(a) == label_limits(b)
}
