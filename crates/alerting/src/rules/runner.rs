//! The thin rim: a task for each group that waits for its time and has it evaluated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::{Labels, Matcher, MetricBatch, stale_nan};
use parking_lot::Mutex;
use store::{CancelReason, Commit, Select};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use super::SentAlert;
use super::file::GroupSpec;
use super::group::Group;
use super::schedule::Schedule;
use super::view::GroupView;
use super::world::World;
use crate::Moment;

/// How many groups are evaluated at the same time.
const CONCURRENCY: usize = 4;

/// Where alerts go.
pub(crate) type AlertSink = Arc<dyn Fn(Vec<SentAlert>) + Send + Sync>;

/// All groups and their tasks.
pub(crate) struct Runner {
    sink: AlertSink,
    permits: Arc<Semaphore>,
    groups: Mutex<BTreeMap<(String, String), Running>>,
    /// Whether rules were loaded before: then there is nothing to bring back from before the start.
    started: Mutex<bool>,
}

/// A group that runs.
struct Running {
    world: Arc<World>,
    /// What the group was made of, to see whether a reload changes it.
    fingerprint: String,
    view: Arc<Mutex<GroupView>>,
    stop: watch::Sender<bool>,
    task: JoinHandle<Option<Group>>,
}

impl Runner {
    pub(crate) fn new(sink: AlertSink) -> Self {
        Runner {
            sink,
            permits: Arc::new(Semaphore::new(CONCURRENCY)),
            groups: Mutex::default(),
            started: Mutex::new(false),
        }
    }

    /// Runs these groups from now on. Groups that did not change go on undisturbed; those that did
    /// keep the state of the rules they still have.
    pub(crate) async fn reload(&self, specs: Vec<(String, GroupSpec)>, world: &Arc<World>) {
        let restored = std::mem::replace(&mut *self.started.lock(), true);
        let mut old = std::mem::take(&mut *self.groups.lock());
        let mut new = BTreeMap::new();
        for (file, spec) in specs {
            let key = (file, spec.name.clone());
            let fingerprint = format!("{spec:?} {:?}", world.settings);
            if let Some(same) = old.remove(&key) {
                if same.fingerprint == fingerprint {
                    new.insert(key, same);
                    continue;
                }
                let mut group = Group::new(&key.0, spec, world, restored);
                if let Some(state) = same.stop().await {
                    group.take_over(state);
                }
                new.insert(key, self.start(group, fingerprint, world));
            } else {
                let group = Group::new(&key.0, spec, world, restored);
                new.insert(key, self.start(group, fingerprint, world));
            }
        }
        *self.groups.lock() = new;
        for (_, removed) in old {
            if let Some(group) = removed.stop().await {
                mark_later(group, world);
            }
        }
    }

    /// Stops all groups and waits for the evaluations that are under way.
    pub(crate) async fn stop(&self) {
        let groups = std::mem::take(&mut *self.groups.lock());
        for running in groups.values() {
            running.world.cancel.cancel(CancelReason::Canceled);
            running.stop.send_replace(true);
        }
        for running in groups.into_values() {
            running.stop().await;
        }
    }

    /// All groups as they were after their last evaluation, sorted by file and name.
    pub(crate) fn views(&self) -> Vec<GroupView> {
        self.groups.lock().values().map(|running| running.view.lock().clone()).collect()
    }

    fn start(&self, group: Group, fingerprint: String, world: &Arc<World>) -> Running {
        let view = Arc::new(Mutex::new(GroupView::of(&group)));
        let (stop, stopped) = watch::channel(false);
        let run = Run {
            world: Arc::clone(world),
            sink: Arc::clone(&self.sink),
            permits: Arc::clone(&self.permits),
            view: Arc::clone(&view),
        };
        let task = tokio::spawn(run.run(group, stopped));
        Running { world: Arc::clone(world), fingerprint, view, stop, task }
    }
}

impl Running {
    /// Ends the task and returns the group, unless an evaluation panicked.
    async fn stop(self) -> Option<Group> {
        self.stop.send_replace(true);
        self.task.await.ok().flatten()
    }
}

/// What a group's task works with.
struct Run {
    world: Arc<World>,
    sink: AlertSink,
    permits: Arc<Semaphore>,
    view: Arc<Mutex<GroupView>>,
}

impl Run {
    async fn run(self, group: Group, mut stopped: watch::Receiver<bool>) -> Option<Group> {
        let mut group = group;
        let mut schedule =
            Schedule::new(&group.file, &group.name, group.interval_ms, now(&self.world));
        let mut evaluations = 0u64;
        loop {
            let wait_ms = schedule.wait_ms(now(&self.world).mono_ms).unsigned_abs();
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return Some(group),
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            }
            let permit = tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return Some(group),
                permit = self.permits.acquire() => permit.ok()?,
            };
            let tick = schedule.tick(now(&self.world));
            evaluations += 1;
            let (world, sink) = (Arc::clone(&self.world), Arc::clone(&self.sink));
            let evaluated = tokio::task::spawn_blocking(move || {
                group.counters.iterations_missed += tick.missed;
                group.counters.iterations += tick.missed;
                if tick.jumped_ms != 0 {
                    let jumped_ms = tick.jumped_ms;
                    tracing::warn!(
                        jumped_ms,
                        "the clock was set; the times of alerts move with it"
                    );
                    group.shift_ms(jumped_ms);
                }
                group.evaluate(tick.at_ms, &world, &mut |alerts| sink(alerts));
                // The first evaluation may come before the first samples.
                if evaluations == 2 {
                    group.restore(world.clock.now_ms(), &world);
                }
                group
            });
            group = match evaluated.await {
                Ok(group) => group,
                Err(error) => {
                    tracing::error!(%error, "the evaluation of a group of rules failed for good");
                    return None;
                }
            };
            drop(permit);
            *self.view.lock() = GroupView::of(&group);
        }
    }
}

fn now(world: &World) -> Moment {
    Moment::now(&*world.clock)
}

/// Marks the series of a group that is no more as gone, unless another group goes on with them.
fn mark_later(group: Group, world: &Arc<World>) {
    let (world, wait_ms) = (Arc::clone(world), 2 * group.interval_ms.unsigned_abs());
    let removed_ms = world.clock.now_ms();
    let series: BTreeSet<Labels> = group.into_series().into_iter().collect();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let marking = tokio::task::spawn_blocking(move || mark(&series, removed_ms, &world));
        if let Ok(Err(error)) = marking.await {
            tracing::warn!(error, "marking series of removed rules as gone failed");
        }
    });
}

fn mark(series: &BTreeSet<Labels>, removed_ms: i64, world: &World) -> Result<(), String> {
    let mut batch = MetricBatch::default();
    for labels in series {
        let matchers = labels.iter().map(|(name, value)| Matcher::equal(name, value)).collect();
        let (start_ms, end_ms) = (removed_ms + 1, i64::MAX);
        let select = Select { matchers, start_ms, end_ms };
        let found = world.store.select(&select, &world.context()).map_err(|e| e.to_string())?;
        if !found.iter().any(|found| found.labels == *labels) {
            batch.push(labels.clone(), removed_ms, stale_nan());
        }
    }
    if batch.samples.is_empty() {
        return Ok(());
    }
    world.store.append(batch).and_then(Commit::wait).map(drop).map_err(|error| error.to_string())
}
