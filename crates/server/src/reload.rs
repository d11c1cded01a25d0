//! Reading the configuration again while everything runs.

use std::path::PathBuf;
use std::sync::Arc;

use alerting::Alerting;
use anyhow::Result;
use api::{ConfigFile, Dashboards, Problem, ProblemSeverity};
use collect::scrape::Scraper;
use env::Env;
use parking_lot::RwLock;

use crate::config::Config;
use crate::config_files::{self, ConfigFiles};
use crate::dashboards;

/// Applies the files of the configuration to what runs.
pub(crate) struct Reloader {
    pub(crate) config: Config,
    pub(crate) env: Env,
    pub(crate) scraper: Arc<Scraper>,
    pub(crate) alerting: Arc<Alerting>,
    pub(crate) dashboards: Arc<Dashboards>,
    /// What the status page says about the files.
    pub(crate) files: Arc<RwLock<Vec<ConfigFile>>>,
    /// Held during a reload, so that there is one at a time.
    pub(crate) reloading: tokio::sync::Mutex<()>,
}

impl Reloader {
    /// Reads all files again; when one is refused, everything stays as it was.
    ///
    /// # Errors
    /// With what is wrong with the file.
    pub(crate) async fn reload(&self) -> Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let applied = self.apply().await;
        match &applied {
            Ok(()) => tracing::info!("the configuration was read again"),
            Err(error) => {
                tracing::error!("the configuration stays as it was: {error:#}");
                self.note_failure(&format!("{error:#}"));
            }
        }
        applied
    }

    async fn apply(&self) -> Result<()> {
        let files = ConfigFiles::read(&self.config, &self.env)?;
        self.alerting.reload(&files.alerting).await?;
        self.scraper.reload(&files.prometheus).await;
        self.note(files);
        Ok(())
    }

    /// Says what was read, and in the log what of it has no effect.
    pub(crate) fn note(&self, files: ConfigFiles) {
        let mut statuses = files.statuses;
        config_files::note_alerting_problems(&mut statuses, &self.alerting.problems());
        let folder = self.config.dashboards.as_deref();
        statuses.extend(dashboards::provision(&self.dashboards, folder, &self.env));
        for file in &statuses {
            for problem in &file.problems {
                tracing::warn!(file = file.path, "{}", problem.message);
            }
        }
        *self.files.write() = statuses;
    }

    /// The files stay in force as they were read before, and the page says why.
    fn note_failure(&self, message: &str) {
        let severity = ProblemSeverity::Error;
        let mut files = self.files.write();
        files.retain(|file| file.kind != FAILED_RELOAD);
        files.insert(
            0,
            ConfigFile {
                kind: FAILED_RELOAD,
                path: self.main_file().display().to_string(),
                loaded_ms: self.env.clock.now_ms(),
                ok: false,
                problems: vec![Problem { severity, message: message.to_owned() }],
            },
        );
    }

    fn main_file(&self) -> PathBuf {
        let named =
            self.config.prometheus_config.as_ref().or(self.config.alertmanager_config.as_ref());
        named.cloned().unwrap_or_else(|| self.config.data_dir.clone())
    }
}

/// What the status page calls a reload that was refused.
const FAILED_RELOAD: &str = "reload";
