//! The files that say what is scraped, evaluated, notified and shown; read at the start and again at
//! every reload.

use std::path::{Path, PathBuf};

use alerting::AlertingConfig;
use anyhow::{Context, Result};
use api::{ConfigFile, Problem, ProblemSeverity};
use collect::config::{Config as PrometheusConfig, Severity};
use env::Env;
use http_client::ProxyEnvironment;

use crate::config::Config;

/// Where files lie that are taken without being named: `targets` and `rules` below the data
/// directory.
pub(crate) const TARGETS_DIR: &str = "targets";
/// See [`TARGETS_DIR`].
pub(crate) const RULES_DIR: &str = "rules";

/// How often rules are evaluated when no prometheus.yml says so.
const EVALUATION_INTERVAL_MS: i64 = 15_000;

/// What was read.
pub(crate) struct ConfigFiles {
    pub(crate) prometheus: PrometheusConfig,
    pub(crate) alerting: AlertingConfig,
    pub(crate) statuses: Vec<ConfigFile>,
}

/// What is scraped whether or not a prometheus.yml is given: whatever files in `targets` name.
fn built_in(data_dir: &Path) -> String {
    let files = data_dir.join(TARGETS_DIR);
    let pattern =
        |ending: &str| format!("{:?}", files.join(format!("*.{ending}")).display().to_string());
    format!(
        "global:\n  scrape_interval: 5s\n  evaluation_interval: {}s\nscrape_configs:\n  \
         - job_name: targets\n    file_sd_configs:\n      - files: [{}, {}, {}]\n",
        EVALUATION_INTERVAL_MS / 1000,
        pattern("json"),
        pattern("yml"),
        pattern("yaml"),
    )
}

impl ConfigFiles {
    /// Reads all files.
    ///
    /// # Errors
    /// When one of them would be refused; nothing is changed then.
    pub(crate) fn read(config: &Config, env: &Env) -> Result<Self> {
        let now_ms = env.clock.now_ms();
        let mut statuses = Vec::new();
        let prometheus = prometheus_config(config, env)?;
        if let Some(path) = &config.prometheus_config {
            let problems = prometheus.problems.iter().map(|problem| Problem {
                severity: match problem.severity {
                    Severity::Error => ProblemSeverity::Error,
                    Severity::Warning => ProblemSeverity::Warning,
                },
                message: problem.message.clone(),
            });
            statuses.push(status("prometheus", path, now_ms, problems.collect()));
        }
        let alerting = alerting_config(config, &prometheus);
        for pattern in &alerting.rule_files {
            for file in env::glob(&*env.fs, Path::new(pattern))? {
                statuses.push(status("rules", &file, now_ms, Vec::new()));
            }
        }
        if let Some(path) = &config.alertmanager_config {
            statuses.push(status("alertmanager", path, now_ms, Vec::new()));
        }
        Ok(ConfigFiles { prometheus, alerting, statuses })
    }
}

/// What prometheus.yml says, and the job of files in `targets` unless it has one of that name.
fn prometheus_config(config: &Config, env: &Env) -> Result<PrometheusConfig> {
    let text = built_in(&config.data_dir);
    let built_in = PrometheusConfig::parse(text.as_bytes(), &config.data_dir, &variable)
        .context("the built-in configuration")?;
    let Some(path) = &config.prometheus_config else { return Ok(built_in) };
    let mut given = PrometheusConfig::load(path, &*env.fs, &variable)?;
    for job in built_in.jobs {
        if given.jobs.iter().all(|other| other.job_name != job.job_name) {
            given.jobs.push(job);
        }
    }
    Ok(given)
}

/// External labels may contain variables of the environment.
#[allow(clippy::disallowed_methods, reason = "the server reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the environment says about proxies.
pub(crate) fn proxies() -> ProxyEnvironment {
    let either = |upper: &str, lower: &str| variable(upper).or_else(|| variable(lower));
    ProxyEnvironment {
        http: either("HTTP_PROXY", "http_proxy").unwrap_or_default(),
        https: either("HTTPS_PROXY", "https_proxy").unwrap_or_default(),
        exceptions: either("NO_PROXY", "no_proxy").unwrap_or_default(),
    }
}

fn status(kind: &'static str, path: &Path, loaded_ms: i64, problems: Vec<Problem>) -> ConfigFile {
    let path = path.display().to_string();
    ConfigFile { kind, path, loaded_ms, ok: true, problems }
}

fn alerting_config(config: &Config, prometheus: &PrometheusConfig) -> AlertingConfig {
    let millis =
        |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let dropped = config.data_dir.join(RULES_DIR);
    let mut rule_files: Vec<PathBuf> = prometheus.rule_files.clone();
    rule_files.extend(["*.yml", "*.yaml"].map(|pattern| dropped.join(pattern)));
    let text = |path: &PathBuf| path.display().to_string();
    AlertingConfig {
        rule_files: rule_files.iter().map(text).collect(),
        evaluation_interval_ms: millis(prometheus.global.evaluation_interval),
        rule_query_offset_ms: millis(prometheus.global.rule_query_offset),
        external_labels: prometheus.global.external_labels.clone(),
        external_url: config.external_url.clone(),
        alertmanager_file: config.alertmanager_config.as_ref().map(text),
        query_limits: config.limits.query,
        ..AlertingConfig::default()
    }
}

/// Problems of alertmanager.yml, found by those who act on it.
pub(crate) fn note_alerting_problems(statuses: &mut [ConfigFile], problems: &[String]) {
    for file in statuses.iter_mut().filter(|file| file.kind == "alertmanager") {
        file.problems = problems
            .iter()
            .map(|message| Problem { severity: ProblemSeverity::Warning, message: message.clone() })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use env::Simulation;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn dropped_targets_are_scraped_beside_those_of_a_file() {
        let world = Simulation::seeded(1);
        let path = Path::new("/etc/prometheus.yml");
        let jobs = |text: &str| {
            world.fs.plant(path, text.as_bytes());
            let settings =
                Settings { prometheus_config: Some(path.to_owned()), ..Settings::default() };
            let config = Config::new(settings).unwrap();
            let read = prometheus_config(&config, &world.env()).unwrap();
            read.jobs.iter().map(|job| job.job_name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(jobs("scrape_configs: [{job_name: api}]"), ["api", "targets"]);
        assert_eq!(jobs("scrape_configs: [{job_name: targets}]"), ["targets"]);
    }
}
