//! `prometheus.yml`, whole and unmodified.
//!
//! Files are read as Prometheus 3 reads them: the same are accepted, the same refused, with the
//! same defaults. What a file asks for and is not done stands in [`Config::problems`].

mod alerting;
mod discovery;
mod error;
mod expand;
mod global;
pub(crate) mod labels;
mod protocol;
mod remote;
mod schema;
mod scrape;
mod secret;
mod storage;
mod telemetry;
mod units;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::Fs;
use serde::Deserialize;
use yaml::{Document, FileError, Located};

pub use alerting::Alerting;
pub use discovery::DiscoveryConfig;
pub use error::{ConfigError, Problem, Severity};
pub use global::{Global, Limits};
pub use protocol::Escaping;
pub use protocols::exposition::ScrapeProtocol;
pub use scrape::ScrapeConfig;
pub use telemetry::Otlp;
pub(crate) use units::{duration, parse_duration, parse_size, size};

/// A whole configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// What holds for all jobs; its external labels have their variables filled in.
    pub global: Global,
    /// Patterns of rule files, relative ones resolved.
    pub rule_files: Vec<PathBuf>,
    /// The jobs, those of `scrape_config_files` included.
    pub jobs: Vec<Arc<ScrapeConfig>>,
    /// What happens to alerts.
    pub alerting: Alerting,
    /// How metrics received over OTLP get their labels.
    pub otlp: Otlp,
    /// What is asked for and not done.
    pub problems: Vec<Problem>,
    /// The file's text without its secrets.
    pub shown: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    global: Global,
    #[serde(rename = "runtime")]
    _runtime: storage::Runtime,
    alerting: alerting::UncheckedAlerting,
    rule_files: Vec<String>,
    scrape_config_files: Vec<String>,
    scrape_configs: Vec<Option<Located<scrape::UncheckedScrape>>>,
    storage: storage::Storage,
    tracing: Option<telemetry::Tracing>,
    remote_write: Vec<Option<remote::RemoteWrite>>,
    remote_read: Vec<Option<remote::RemoteRead>>,
    otlp: Otlp,
}

/// A file that `scrape_config_files` names.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.ScrapeConfigs")]
struct PlainJobs {
    scrape_configs: Vec<Option<Located<scrape::UncheckedScrape>>>,
}

impl Config {
    /// Reads a file and those it includes. `variable` looks up what `${NAME}` in external labels
    /// stands for.
    ///
    /// # Errors
    /// When a file cannot be read, or Prometheus would refuse it.
    pub fn load(
        path: &Path,
        fs: &dyn Fs,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, FileError> {
        let content = read(path, fs)?;
        let dir = path.parent().unwrap_or(Path::new(""));
        let mut config = Config::default();
        let include =
            config.read(&content, dir, variable).map_err(|error| FileError::new(path, error))?;
        let mut origins: BTreeMap<String, String> = BTreeMap::new();
        for job in &config.jobs {
            origins.insert(job.job_name.clone(), "main config file".to_owned());
        }
        for pattern in include {
            let files = env::glob(fs, &pattern)
                .map_err(|error| FileError::new(path, format!("{}: {error}", pattern.display())))?;
            for file in files {
                config.include(&file, fs, &mut origins)?;
            }
        }
        config.find_problems();
        Ok(config)
    }

    /// Reads a file's content alone; files it includes are not looked at. Relative paths start at
    /// `dir`.
    ///
    /// # Errors
    /// When Prometheus would refuse it.
    pub fn parse(
        content: &[u8],
        dir: &Path,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, yaml::Error> {
        let mut config = Config::default();
        config.read(content, dir, variable)?;
        config.find_problems();
        Ok(config)
    }

    /// Takes over a file's content; what remains are patterns of files to include.
    fn read(
        &mut self,
        content: &[u8],
        dir: &Path,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<PathBuf>, yaml::Error> {
        let document = Document::parse(yaml::utf8(content)?)?;
        self.shown = document.masked(secret::is_secret);
        if let Some(position) = document.ignored() {
            let message = format!("{position}: only the first YAML document is read");
            self.problems.push(Problem::warning(message));
        }
        let include = self.complete(document.read()?, dir)?;
        self.expand_labels(variable);
        Ok(include)
    }

    fn complete(&mut self, plain: Plain, dir: &Path) -> Result<Vec<PathBuf>, yaml::Error> {
        let names = plain.global.names;
        for (what, patterns) in
            [("rule", &plain.rule_files), ("scrape config", &plain.scrape_config_files)]
        {
            if let Some(pattern) = patterns.iter().find(|pattern| !is_file_pattern(pattern)) {
                return Err(yaml::Error::new(format!("invalid {what} file path {pattern:?}")));
            }
        }
        self.global = plain.global;
        for job in plain.scrape_configs {
            let job = self.check_job(job, dir)?;
            if self.jobs.iter().any(|other| other.job_name == job.value.job_name) {
                let message =
                    format!("found multiple scrape configs with job name {:?}", job.value.job_name);
                return Err(yaml::Error::new(message).or_at(job.position));
            }
            self.jobs.push(Arc::new(job.value));
        }
        self.alerting = plain.alerting.check(names)?;
        remote::check(&plain.remote_write, &plain.remote_read, names)?;
        plain.otlp.check(names)?;
        self.otlp = plain.otlp;
        self.rule_files = plain.rule_files.iter().map(|pattern| dir.join(pattern)).collect();
        for (field, count, why) in [
            ("remote_write", plain.remote_write.len(), "samples are not sent on"),
            ("remote_read", plain.remote_read.len(), "other servers are not asked"),
            ("tracing", usize::from(plain.tracing.is_some()), "traces of Sightglass stay here"),
            (
                "storage.tsdb.retention",
                usize::from(plain.storage.has_retention),
                "retention is set in Sightglass' own configuration",
            ),
        ] {
            if count > 0 {
                self.problems.push(Problem::warning(format!("{field} has no effect: {why}")));
            }
        }
        Ok(plain.scrape_config_files.iter().map(|pattern| dir.join(pattern)).collect())
    }

    fn check_job(
        &self,
        job: Option<Located<scrape::UncheckedScrape>>,
        dir: &Path,
    ) -> Result<Located<ScrapeConfig>, yaml::Error> {
        let Some(Located { position, value }) = job else {
            return Err(yaml::Error::new("empty or null scrape config section"));
        };
        let value = value.check(&self.global, dir).map_err(|error| error.or_at(position))?;
        Ok(Located { position, value })
    }

    /// Adds the jobs of an included file.
    fn include(
        &mut self,
        path: &Path,
        fs: &dyn Fs,
        origins: &mut BTreeMap<String, String>,
    ) -> Result<(), FileError> {
        let content = read(path, fs)?;
        let refuse = |error| FileError::new(path, error);
        let plain: PlainJobs = yaml::utf8(&content).and_then(yaml::from_str).map_err(refuse)?;
        let dir = path.parent().unwrap_or(Path::new(""));
        for job in plain.scrape_configs {
            let Located { position, value } = self.check_job(job, dir).map_err(refuse)?;
            if let Some(first) = origins.get(&value.job_name) {
                let message = format!(
                    "found multiple scrape configs with job name {:?}, first found in {first}",
                    value.job_name
                );
                return Err(refuse(yaml::Error::new(message).or_at(position)));
            }
            origins.insert(value.job_name.clone(), format!("{:?}", path.display().to_string()));
            self.jobs.push(Arc::new(value));
        }
        Ok(())
    }

    fn expand_labels(&mut self, variable: &dyn Fn(&str) -> Option<String>) {
        let labels = self.global.external_labels.clone();
        let expanded = labels.iter().map(|(name, value)| {
            let expanded = expand::expand(value, |wanted| {
                let found = variable(wanted).filter(|text| !text.is_empty());
                if found.is_none() {
                    self.problems.push(Problem::warning(format!(
                        "external label {name}: the environment variable {wanted} is empty"
                    )));
                }
                found.unwrap_or_default()
            });
            (name.to_owned(), expanded)
        });
        self.global.external_labels = model::Labels::from_pairs(expanded);
    }

    /// Lists what is configured and not done.
    fn find_problems(&mut self) {
        if self.alerting.alertmanagers > 0 {
            self.problems.push(Problem::warning(
                "alerting.alertmanagers has no effect: alerts go to the built-in Alertmanager",
            ));
        }
        for field in &self.global.inactive {
            self.problems.push(Problem::warning(format!("global.{field} has no effect")));
        }
        for job in &self.jobs {
            let name = &job.job_name;
            let mut mechanisms = job.discovery.inactive.clone();
            mechanisms.dedup();
            for mechanism in mechanisms {
                self.problems.push(Problem::error(format!(
                    "job {name:?}: {mechanism} is not supported yet, so its targets are not scraped"
                )));
            }
            for field in &job.inactive {
                self.problems
                    .push(Problem::warning(format!("job {name:?}: {field} has no effect")));
            }
            if job.scrape_protocols == [ScrapeProtocol::PrometheusProto] {
                self.problems.push(Problem::warning(format!(
                    "job {name:?}: PrometheusProto is not asked for; the text formats are"
                )));
            }
        }
    }
}

fn read(path: &Path, fs: &dyn Fs) -> Result<Vec<u8>, FileError> {
    fs.read(path, yaml::FILE_BYTES_MAX).map_err(|error| FileError::new(path, error.to_string()))
}

/// Whether a path has stars in its last part only.
fn is_file_pattern(pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => true,
        Some((_, rest)) => !rest.contains(['*', '/']),
    }
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
pub(crate) mod tests;
