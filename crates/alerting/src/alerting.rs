//! Rules and Alertmanager's job together, as the server runs them.

use std::path::Path;
use std::sync::Arc;

use env::Env;
use http_client::Clients;
use model::Labels;
use store::{Cancel, DocumentError, Documents, MetricStore, QueryLimits};
use yaml::FileError;

use crate::alertmanager::{Alertmanager, Parts, Setup};
use crate::config::Config;
use crate::golang::zone::Zone;
use crate::history::{NotificationQuery, NotificationRecord};
use crate::message::Templates;
use crate::metrics::{Metric, metrics};
use crate::rules::{self, AlertView, GroupView, Runner, Settings, World};

/// Where the machine says in which zone it stands.
const LOCAL_TIME: &str = "/etc/localtime";

/// What the configuration says about alerts.
#[derive(Clone, Debug)]
pub struct AlertingConfig {
    /// Patterns of rule files (`rule_files` of `prometheus.yml`, made absolute).
    pub rule_files: Vec<String>,
    /// How often groups are evaluated that say nothing (`evaluation_interval`).
    pub evaluation_interval_ms: i64,
    /// How far in the past groups look that say nothing (`rule_query_offset`).
    pub rule_query_offset_ms: i64,
    /// Labels to add to alerts (`external_labels`).
    pub external_labels: Labels,
    /// Where people reach this server, without a slash at the end.
    pub external_url: String,
    /// `alertmanager.yml`, when there is one.
    pub alertmanager_file: Option<String>,
    /// How rules evaluate PromQL.
    pub promql: promql::Options,
    /// What one evaluation may cost.
    pub query_limits: QueryLimits,
}

impl Default for AlertingConfig {
    fn default() -> Self {
        AlertingConfig {
            rule_files: Vec::new(),
            evaluation_interval_ms: 60_000,
            rule_query_offset_ms: 0,
            external_labels: Labels::empty(),
            external_url: String::new(),
            alertmanager_file: None,
            promql: promql::Options::default(),
            query_limits: QueryLimits::default(),
        }
    }
}

/// The world alerts live in.
#[derive(Clone)]
pub struct Dependencies {
    /// Clock, files, randomness.
    pub env: Env,
    /// What rules read, and where their results go.
    pub metrics: Arc<dyn MetricStore>,
    /// What must survive a restart.
    pub documents: Arc<dyn Documents>,
    /// How notifications leave.
    pub clients: Arc<Clients>,
}

/// Why alerting did not start, or a reload changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlertingError {
    /// Rule files are wrong: correct them.
    #[error("{}", lines(.0))]
    Rules(Vec<FileError>),
    /// `alertmanager.yml` is wrong: correct it.
    #[error(transparent)]
    Alertmanager(#[from] FileError),
    /// A file with templates is wrong: correct it.
    #[error("{0}")]
    Template(String),
    /// What was kept cannot be read: try again later.
    #[error(transparent)]
    Documents(#[from] DocumentError),
}

fn lines(errors: &[FileError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Rules that are evaluated, and people who are told of alerts.
pub struct Alerting {
    dependencies: Dependencies,
    alertmanager: Arc<Alertmanager>,
    runner: Runner,
}

impl Alerting {
    /// Reads all files and begins. It needs a Tokio runtime with timers.
    ///
    /// # Errors
    /// When a file is wrong or what was kept cannot be read.
    pub async fn start(
        config: &AlertingConfig,
        dependencies: Dependencies,
    ) -> Result<Self, AlertingError> {
        let (groups, setup) = read(config, &dependencies)?;
        let Dependencies { env, documents, clients, .. } = dependencies.clone();
        let alertmanager = Alertmanager::start(setup, Parts { env, documents, clients })?;
        let alertmanager = Arc::new(alertmanager);
        let receiver = Arc::clone(&alertmanager);
        let runner = Runner::new(Arc::new(move |alerts| receiver.receive(alerts)));
        let alerting = Alerting { dependencies, alertmanager, runner };
        alerting.runner.reload(groups, &alerting.world(config)).await;
        Ok(alerting)
    }

    /// Reads all files again. Rules that did not change keep their state.
    ///
    /// # Errors
    /// When a file is wrong; then everything stays as it was.
    pub async fn reload(&self, config: &AlertingConfig) -> Result<(), AlertingError> {
        let (groups, setup) = read(config, &self.dependencies)?;
        self.alertmanager.configure(setup);
        self.runner.reload(groups, &self.world(config)).await;
        Ok(())
    }

    /// Stops evaluating and notifying.
    pub async fn stop(&self) {
        self.runner.stop().await;
        self.alertmanager.stop().await;
    }

    fn world(&self, config: &AlertingConfig) -> Arc<World> {
        let settings = Settings {
            interval_ms: config.evaluation_interval_ms,
            query_offset_ms: config.rule_query_offset_ms,
            external_labels: config.external_labels.clone(),
            external_url: config.external_url.clone(),
            promql: config.promql,
            query_limits: config.query_limits,
            ..Settings::default()
        };
        Arc::new(World {
            store: Arc::clone(&self.dependencies.metrics),
            clock: Arc::clone(&self.dependencies.env.clock),
            settings,
            cancel: Cancel::default(),
        })
    }

    /// All groups of rules, sorted by file and name.
    pub fn rule_groups(&self) -> Vec<GroupView> {
        self.runner.views()
    }

    /// All alerts of rules that are pending or fire.
    pub fn active_alerts(&self) -> Vec<AlertView> {
        self.runner.views().iter().flat_map(GroupView::alerts).cloned().collect()
    }

    /// Alertmanager's job.
    pub fn alertmanager(&self) -> &Alertmanager {
        &self.alertmanager
    }

    /// The newest notifications that a query takes.
    pub fn notifications(&self, query: &NotificationQuery) -> Vec<NotificationRecord> {
        self.alertmanager.notifications(query)
    }

    /// What was read from files and does nothing yet.
    pub fn problems(&self) -> Vec<String> {
        self.alertmanager.problems()
    }

    /// Figures under the names that Prometheus and Alertmanager give them.
    pub fn metrics(&self) -> Vec<Metric> {
        metrics(&self.runner.views(), &self.alertmanager.figures())
    }
}

type Loaded = (Vec<(String, rules::GroupSpec)>, Setup);

/// Reads all files, before anything is changed.
fn read(config: &AlertingConfig, dependencies: &Dependencies) -> Result<Loaded, AlertingError> {
    let fs = &*dependencies.env.fs;
    let groups = rules::load(fs, &config.rule_files).map_err(AlertingError::Rules)?;
    let alertmanager = match &config.alertmanager_file {
        Some(file) => read_config(fs, file)?,
        None => Config::built_in(),
    };
    let mut templates = Templates::built_in(&config.external_url);
    templates
        .add_files(fs, &alertmanager.templates)
        .map_err(|error| AlertingError::Template(error.to_string()))?;
    let local_zone = fs.read(Path::new(LOCAL_TIME), 1 << 20).ok();
    let local_zone = local_zone.and_then(|data| Zone::from_tzif("Local", &data));
    Ok((groups, Setup { config: alertmanager, templates, local_zone }))
}

fn read_config(fs: &dyn env::Fs, file: &str) -> Result<Config, FileError> {
    let content = fs
        .read(Path::new(file), yaml::FILE_BYTES_MAX)
        .map_err(|error| FileError::new(file, error.to_string()))?;
    let text = yaml::utf8(&content).map_err(|error| FileError::new(file, error))?;
    Config::load(text, file)
}

/// Checks a rule file without running it.
///
/// # Errors
/// With everything that is wrong.
pub fn check_rules(text: &str, file: &str) -> Result<usize, Vec<FileError>> {
    rules::parse(text, file).map(|groups| groups.iter().map(|group| group.rules.len()).sum())
}

/// Checks `alertmanager.yml` without using it, and returns what does nothing yet.
///
/// # Errors
/// At the first thing that is wrong.
pub fn check_alertmanager(text: &str, file: &str) -> Result<Vec<String>, FileError> {
    Config::load(text, file).map(|config| config.problems)
}
