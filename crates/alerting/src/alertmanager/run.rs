//! Lets the state machine run: waits for what is due, delivers, and keeps what must be kept.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use env::Env;
use http_client::Clients;
use model::{Labels, Matcher};
use parking_lot::Mutex;
use store::{DocumentError, Documents};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::core::{Core, Setup};
use super::deliver::{DeliveryFigures, deliver};
use super::query::{AlertQuery, matchers, takes_receiver_labels};
use super::view::{
    AlertGroupView, ConfigView, GettableAlert, ReceiverView, RouteTest, RouteView, StatusView,
    VersionInfo,
};
use crate::alert::{Alert, PostableAlert};
use crate::document::{self, Change};
use crate::history::{self, History, NotificationQuery, NotificationRecord};
use crate::nflog::{self, NotificationLog};
use crate::notify::Kept;
use crate::rules::SentAlert;
use crate::silence::{
    self, GettableSilence, PostableSilence, SilenceError, SilenceLimits, SilenceState, Silences,
    random_id,
};
use crate::{Moment, Timestamp};

/// How long a stop waits for attempts that are under way.
const STOP_PATIENCE: Duration = Duration::from_secs(3);
/// The longest the loop sleeps, in case the clocks behave oddly.
const SLEEP_MS_MAX: i64 = 60_000;

/// What Alertmanager's job needs.
pub(crate) struct Parts {
    pub(crate) env: Env,
    pub(crate) documents: Arc<dyn Documents>,
    pub(crate) clients: Arc<Clients>,
}

/// Takes alerts in, tells people, and answers questions.
pub struct Alertmanager {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What the tasks share.
pub(super) struct Shared {
    core: Mutex<Core>,
    pub(super) history: Mutex<History>,
    pub(super) figures: DeliveryFigures,
    pub(super) env: Env,
    pub(super) clients: Arc<Clients>,
    writes: mpsc::UnboundedSender<Write>,
    wake: Notify,
    deliveries: Mutex<JoinSet<()>>,
    started: Timestamp,
}

/// Changes to write, and who waits for them to be safe.
struct Write {
    changes: Vec<Change>,
    done: Option<oneshot::Sender<Result<(), DocumentError>>>,
}

impl Alertmanager {
    /// Reads what was kept and begins.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub(crate) fn start(setup: Setup, parts: Parts) -> Result<Self, DocumentError> {
        let Parts { env, documents, clients } = parts;
        let now = Moment::now(&*env.clock);
        let silences = document::load(&*documents, silence::KIND)?;
        let silences = Silences::new(SilenceLimits::default(), silences);
        let log = NotificationLog::new(document::load(&*documents, nflog::KIND)?);
        let history = History::new(document::load(&*documents, history::KIND)?);
        let (writes, queue) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            core: Mutex::new(Core::new(setup, silences, log, now)),
            history: Mutex::new(history),
            figures: DeliveryFigures::default(),
            env,
            clients,
            writes,
            wake: Notify::new(),
            deliveries: Mutex::default(),
            started: now.wall,
        });
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            tokio::spawn(run(Arc::clone(&shared), stopped.clone())),
            tokio::spawn(write_all(queue, documents, stopped)),
        ];
        Ok(Alertmanager { shared, stop, tasks: Mutex::new(tasks) })
    }

    /// Takes another configuration. Deliveries that are under way are given up; their groups are
    /// told of anew.
    pub(crate) fn configure(&self, setup: Setup) {
        self.shared.deliveries.lock().abort_all();
        let now = Moment::now(&*self.shared.env.clock);
        self.shared.core.lock().configure(setup, now);
        self.shared.wake.notify_one();
    }

    /// Ends everything; attempts that are under way have a few seconds.
    pub(crate) async fn stop(&self) {
        let mut deliveries = std::mem::take(&mut *self.shared.deliveries.lock());
        let all = async { while deliveries.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_PATIENCE, all).await.is_err() {
            tracing::warn!("notifications that are under way are given up");
        }
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            let _ended = task.await;
        }
    }

    fn now(&self) -> Moment {
        Moment::now(&*self.shared.env.clock)
    }

    /// Takes alerts from our own rules.
    pub(crate) fn receive(&self, sent: Vec<SentAlert>) {
        let now = self.now();
        let alerts = sent.into_iter().map(|alert| Alert {
            labels: alert.labels,
            annotations: alert.annotations,
            starts_at: alert.starts_at,
            ends_at: Some(alert.ends_at),
            updated_at: now.wall,
            generator_url: alert.generator_url,
            timeout: false,
        });
        self.shared.core.lock().put_all(alerts.collect(), now);
        self.shared.wake.notify_one();
    }

    /// Takes alerts from outside (`POST /api/v2/alerts`). Those that are valid are taken in any
    /// case.
    ///
    /// # Errors
    /// With what is wrong with the others, a line each.
    pub fn post_alerts(&self, posted: &[PostableAlert]) -> Result<(), String> {
        let now = self.now();
        let mut core = self.shared.core.lock();
        let timeout = TimeDelta::try_milliseconds(core.config.resolve_timeout_ms);
        let timeout = timeout.unwrap_or(TimeDelta::MAX);
        let (mut alerts, mut errors) = (Vec::new(), Vec::new());
        for posted in posted {
            match Alert::from_postable(posted, now.wall, timeout) {
                Ok(alert) => alerts.push(alert),
                Err(error) => errors.push(error),
            }
        }
        core.counters.invalid += errors.len() as u64;
        core.put_all(alerts, now);
        drop(core);
        self.shared.wake.notify_one();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
    }

    /// The alerts that a query takes (`GET /api/v2/alerts`).
    pub fn alerts(&self, query: &AlertQuery) -> Vec<GettableAlert> {
        self.shared.core.lock().alerts(query, self.now().wall)
    }

    /// The groups that a query takes (`GET /api/v2/alerts/groups`).
    pub fn groups(&self, query: &AlertQuery) -> Vec<AlertGroupView> {
        self.shared.core.lock().groups(query, self.now().wall)
    }

    /// The receivers whose labels match (`GET /api/v2/receivers`).
    ///
    /// # Errors
    /// When one of the texts is no matcher.
    pub fn receivers(&self, receiver_matchers: &[String]) -> Result<Vec<ReceiverView>, String> {
        let matchers = matchers(receiver_matchers)
            .map_err(|error| format!("failed to parse receiver_matchers param: {error}"))?;
        let core = self.shared.core.lock();
        let receivers = core.config.receivers.iter();
        let matching = receivers.filter(|r| takes_receiver_labels(&matchers, &r.labels));
        let view = |receiver: &crate::config::Receiver| ReceiverView {
            name: receiver.name.clone(),
            labels: receiver.labels.clone(),
        };
        Ok(matching.map(view).collect())
    }

    /// The configuration, and since when this runs (`GET /api/v2/status`).
    pub fn status(&self, version_info: VersionInfo) -> StatusView {
        StatusView {
            cluster: serde_json::json!({ "status": "disabled", "peers": [] }),
            config: ConfigView { original: self.shared.core.lock().config.shown.clone() },
            uptime: self.shared.started,
            version_info,
        }
    }

    /// Silences in these states that have all of these matchers (`GET /api/v2/silences`).
    ///
    /// # Errors
    /// When one of the texts is no matcher.
    pub fn silences(
        &self,
        filter: &[String],
        states: &[SilenceState],
    ) -> Result<Vec<GettableSilence>, String> {
        let filter: Vec<Matcher> = matchers(filter)?;
        Ok(self.shared.core.lock().silences.list(states, &filter, self.now().wall))
    }

    /// One silence (`GET /api/v2/silence/<id>`).
    pub fn silence(&self, id: &str) -> Option<GettableSilence> {
        self.shared.core.lock().silences.get(id, self.now().wall)
    }

    /// Creates or updates a silence and returns its identifier (`POST /api/v2/silences`). When this
    /// returns, it is on stable storage.
    ///
    /// # Errors
    /// When it is invalid, names one that does not exist, or cannot be written.
    pub async fn set_silence(&self, posted: &PostableSilence) -> Result<String, SilenceError> {
        let new_id = random_id(&*self.shared.env.random);
        let now = self.now().wall;
        let (id, changes) = self.shared.core.lock().silences.set(posted, &new_id, now)?;
        self.write(changes).await?;
        Ok(id)
    }

    /// Ends a silence (`DELETE /api/v2/silence/<id>`). When this returns, that is on stable storage.
    ///
    /// # Errors
    /// When there is none of that name, or it cannot be written.
    pub async fn expire_silence(&self, id: &str) -> Result<(), SilenceError> {
        let changes = self.shared.core.lock().silences.expire(id, self.now().wall)?;
        self.write(changes).await
    }

    async fn write(&self, changes: Vec<Change>) -> Result<(), SilenceError> {
        let written = self.shared.write(changes).await;
        written.map_err(|error| SilenceError::Storage(error.to_string()))
    }

    /// The routes that an alert with these labels takes (`POST /api/routes/test`).
    pub fn routes_test(&self, labels: &Labels) -> Vec<RouteTest> {
        self.shared.core.lock().test_routes(labels)
    }

    /// The route tree (`GET /api/routes`).
    pub fn routes(&self) -> RouteView {
        self.shared.core.lock().routes()
    }

    /// The newest notifications that a query takes (`GET /api/notifications`).
    pub fn notifications(&self, query: &NotificationQuery) -> Vec<NotificationRecord> {
        self.shared.history.lock().query(query)
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        self.shared.core.lock().config.problems.clone()
    }

    /// Gives figures to whoever makes metrics of them.
    pub(crate) fn figures(&self) -> super::view::Figures {
        let now = self.now().wall;
        let core = self.shared.core.lock();
        super::view::Figures {
            counters: core.counters.clone(),
            notifiers: self.shared.figures.all(),
            alerts: core.count_states(now),
            silences: [SilenceState::Active, SilenceState::Pending, SilenceState::Expired]
                .map(|state| (state, core.silences.count(state, now))),
            groups: core.dispatcher.len(),
            groups_refused: core.dispatcher.refused(),
        }
    }
}

impl Shared {
    /// Writes changes in turn; when this returns they are on stable storage.
    async fn write(&self, changes: Vec<Change>) -> Result<(), DocumentError> {
        let (done, waiting) = oneshot::channel();
        let stopping = || DocumentError::Io("the server is stopping".to_owned());
        let write = Write { changes, done: Some(done) };
        self.writes.send(write).map_err(|_| stopping())?;
        waiting.await.unwrap_or_else(|_| Err(stopping()))
    }

    /// Writes changes in turn.
    pub(super) fn write_later(&self, changes: Vec<Change>) {
        if !changes.is_empty() {
            let _stopping = self.writes.send(Write { changes, done: None });
        }
    }

    /// A delivery has come to an end. What it changed is on stable storage when this returns.
    pub(super) async fn delivered(&self, delivery: u64, result: Result<Kept, ()>) {
        let now = Moment::now(&*self.env.clock).wall;
        let changes = self.core.lock().finished(delivery, result, now);
        if let Err(error) = self.write(changes).await {
            tracing::error!(%error, "what a receiver was told could not be kept");
        }
        self.wake.notify_one();
    }
}

async fn run(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    loop {
        let now = Moment::now(&*shared.env.clock);
        let (tick, due_ms) = {
            let mut core = shared.core.lock();
            (core.tick(now), core.next_due())
        };
        shared.write_later(tick.changes);
        {
            let mut deliveries = shared.deliveries.lock();
            while deliveries.try_join_next().is_some() {}
            for delivery in tick.deliveries {
                deliveries.spawn(deliver(Arc::clone(&shared), delivery));
            }
        }
        let wait_ms = (due_ms - now.mono_ms).clamp(0, SLEEP_MS_MAX).unsigned_abs();
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = shared.wake.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
        }
    }
}

/// Writes one after the other, so that the last change of a document is the last to be written.
async fn write_all(
    mut queue: mpsc::UnboundedReceiver<Write>,
    documents: Arc<dyn Documents>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut stopping = false;
    loop {
        let next = if stopping {
            queue.try_recv().ok()
        } else {
            tokio::select! {
                biased;
                write = queue.recv() => write,
                _ = stopped.wait_for(|stopped| *stopped) => {
                    stopping = true;
                    continue;
                }
            }
        };
        let Some(Write { changes, done }) = next else { return };
        let documents = Arc::clone(&documents);
        let writing = tokio::task::spawn_blocking(move || document::apply(&*documents, &changes));
        let result = writing.await.unwrap_or_else(|e| Err(DocumentError::Io(e.to_string())));
        match (result, done) {
            (result, Some(done)) => drop(done.send(result)),
            (Err(error), None) => tracing::error!(%error, "writing a document failed"),
            (Ok(()), None) => {}
        }
    }
}
