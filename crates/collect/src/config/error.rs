//! What is wrong with a configuration, and what is merely not done with it.

use yaml::Position;

/// A combination of values that upstream refuses, in upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl ConfigError {
    /// An error with a fixed text.
    pub fn new(message: &str) -> Self {
        ConfigError(message.to_owned())
    }

    /// The same error about a value that stands here.
    pub(crate) fn at(self, position: Position) -> yaml::Error {
        yaml::Error::new(self.0).or_at(position)
    }
}

impl From<http_client::ConfigError> for ConfigError {
    fn from(error: http_client::ConfigError) -> Self {
        ConfigError(error.0)
    }
}

impl From<ConfigError> for yaml::Error {
    fn from(error: ConfigError) -> Self {
        yaml::Error::new(error.0)
    }
}

/// Something a file asks for that is not done, or should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What is not done, and where it is asked for.
    pub message: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Part of the configuration has no effect.
    Warning,
    /// Something configured does not work now.
    Error,
}

impl Problem {
    /// Part of the configuration has no effect.
    pub fn warning(message: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, message: message.into() }
    }

    /// Something configured does not work now.
    pub fn error(message: impl Into<String>) -> Self {
        Problem { severity: Severity::Error, message: message.into() }
    }
}
