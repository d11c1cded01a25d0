//! Targets in files that other programs write (`file_sd_configs`).
//!
//! Files are JSON or YAML by their names' ends. They are read again every few seconds and compared
//! with what they held, which needs neither notifications nor trust in modification times. A file
//! that cannot be read or understood keeps its last good targets; one that is gone loses them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use env::Fs;
use model::{Labels, LabelsBuilder};
use serde::Deserialize;

use super::static_config::TargetGroup;
use crate::config::{ConfigError, Problem, duration};

/// The label that names the file a target comes from.
const FILE_PATH: &str = "__meta_filepath";

/// A block of `file_sd_configs`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Plain")]
pub struct FileConfig {
    /// Patterns of the files.
    pub files: Vec<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "file.plain")]
struct Plain {
    files: Vec<String>,
    /// How often upstream looks without being notified; we look more often than that.
    #[serde(rename = "refresh_interval", deserialize_with = "duration")]
    _refresh_interval: std::time::Duration,
}

impl TryFrom<Plain> for FileConfig {
    type Error = ConfigError;

    fn try_from(plain: Plain) -> Result<Self, ConfigError> {
        if plain.files.is_empty() {
            return Err(ConfigError::new(
                "file service discovery config must contain at least one path name",
            ));
        }
        if let Some(name) = plain.files.iter().find(|name| !is_valid_pattern(name)) {
            let message = format!("path name {name:?} is not valid for file discovery");
            return Err(ConfigError(message));
        }
        Ok(FileConfig { files: plain.files.into_iter().map(PathBuf::from).collect() })
    }
}

impl FileConfig {
    /// Makes relative patterns relative to `dir`.
    pub(crate) fn resolve_paths(&mut self, dir: &Path) {
        for file in &mut self.files {
            *file = dir.join(&*file);
        }
    }
}

/// A known ending, and stars only in the last part of the path.
fn is_valid_pattern(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let stars_are_last = match name.split_once('*') {
        None => true,
        Some((_, rest)) => !rest.contains(['*', '/']),
    };
    ["json", "yml", "yaml", "JSON", "YML", "YAML"].contains(&ending) && stars_are_last
}

/// The files of one block as they were last read.
pub struct FileDiscovery {
    config: FileConfig,
    files: BTreeMap<PathBuf, Known>,
    /// Patterns that cannot be looked up.
    problems: Vec<String>,
}

#[derive(Default)]
struct Known {
    /// What the file held when it was last read.
    digest: Option<u64>,
    /// The groups of its last good content.
    groups: Vec<TargetGroup>,
    /// What is wrong with the content.
    misread: Option<String>,
    /// Why it cannot be read.
    unread: Option<String>,
}

impl FileDiscovery {
    /// Knows no file yet.
    pub fn new(config: FileConfig) -> Self {
        FileDiscovery { config, files: BTreeMap::new(), problems: Vec::new() }
    }

    /// The groups of all files.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroup> {
        self.files.values().flat_map(|file| &file.groups)
    }

    /// What cannot be read now, and why.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let files = self.files.values().flat_map(|file| file.misread.iter().chain(&file.unread));
        files.chain(&self.problems).map(|message| Problem::error(format!("file_sd: {message}")))
    }

    /// Looks at the files; whether their groups changed.
    pub fn poll(&mut self, fs: &dyn Fs) -> bool {
        self.problems.clear();
        let mut present = Vec::new();
        let mut is_complete = true;
        for pattern in &self.config.files {
            match env::glob(fs, pattern) {
                Ok(files) => present.extend(files),
                Err(error) => {
                    is_complete = false;
                    self.problems.push(format!("{}: {error}", pattern.display()));
                }
            }
        }
        let before = self.files.len();
        if is_complete {
            self.files.retain(|path, _| present.contains(path));
        }
        let mut changed = self.files.len() != before;
        for path in present {
            let known = self.files.entry(path.clone()).or_default();
            changed |= known.read(&path, fs);
        }
        changed
    }
}

impl Known {
    fn read(&mut self, path: &Path, fs: &dyn Fs) -> bool {
        let content = match fs.read(path, yaml::FILE_BYTES_MAX) {
            Ok(content) => content,
            Err(error) => {
                self.unread = Some(error.to_string());
                return false;
            }
        };
        self.unread = None;
        let digest = digest(&content);
        if self.digest.replace(digest) == Some(digest) {
            return false;
        }
        match parse(path, &content) {
            Ok(groups) => {
                self.misread = None;
                let changed = groups != self.groups;
                self.groups = groups;
                changed
            }
            Err(reason) => {
                self.misread = Some(format!("{}:{reason}", path.display()));
                false
            }
        }
    }
}

/// Tells contents apart without keeping them.
fn digest(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// The groups in a file's content; the path decides between JSON and YAML and becomes a label.
///
/// # Errors
/// A text to put behind the path: place and reason.
pub fn parse(path: &Path, content: &[u8]) -> Result<Vec<TargetGroup>, String> {
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let groups: Vec<Option<TargetGroup>> = if is_json {
        serde_json::from_slice(content)
            .map_err(|error| format!("{}:{}: {error}", error.line(), error.column()))?
    } else {
        yaml::utf8(content).and_then(yaml::from_str).map_err(|error| error.to_string())?
    };
    let path = path.display().to_string();
    let named = groups.into_iter().enumerate().map(|(index, group)| {
        let group = group.ok_or_else(|| format!(" nil target group item found (index {index})"))?;
        Ok(TargetGroup { labels: with_path(&group.labels, &path), ..group })
    });
    named.collect()
}

fn with_path(labels: &Labels, path: &str) -> Labels {
    LabelsBuilder::from(labels).set(FILE_PATH, path).build()
}

#[cfg(test)]
mod tests;
