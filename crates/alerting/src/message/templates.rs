//! Templates for notifications: those built in and those of the user's files.

use std::collections::BTreeMap;
use std::path::Path;

use env::Fs;
use model::Labels;

use super::Notification;
use super::data::Data;
use super::functions::{MessageFunctions, Names};
use super::route_labels::{Resolver, RouteLabels};
use crate::Timestamp;
use crate::alert::Alert;
use crate::template::{self, Library, Limits, TemplateError, Value};

const DEFAULT: &str = include_str!("default.tmpl");

/// The largest template file.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Why a template file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateFileError {
    /// It cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, String),
    /// It is no template.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// All templates, and where people reach this server.
#[derive(Debug)]
pub(crate) struct Templates {
    library: Library,
    external_url: String,
}

impl Templates {
    /// The templates that are built in.
    pub(crate) fn built_in(external_url: &str) -> Self {
        let mut library = Library::default();
        library.add("default.tmpl", DEFAULT, &Names).expect("the built-in templates are tested");
        Templates { library, external_url: external_url.to_owned() }
    }

    /// Adds the files that match the patterns; what they define replaces what was defined.
    ///
    /// # Errors
    /// At the first file that cannot be read or is no template.
    pub(crate) fn add_files(
        &mut self,
        fs: &dyn Fs,
        patterns: &[String],
    ) -> Result<(), TemplateFileError> {
        // A pattern may match nothing yet, and so may a name.
        for pattern in patterns {
            let unreadable = |text: String| TemplateFileError::Unreadable(pattern.clone(), text);
            let files = env::glob(fs, Path::new(pattern)).map_err(|e| unreadable(e.to_string()))?;
            files.iter().try_for_each(|path| self.add_file(fs, path))?;
        }
        Ok(())
    }

    fn add_file(&mut self, fs: &dyn Fs, path: &Path) -> Result<(), TemplateFileError> {
        let file = path.display().to_string();
        let unreadable = |text: String| TemplateFileError::Unreadable(file, text);
        let content = match fs.read(path, FILE_BYTES_MAX) {
            Ok(content) => content,
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let text =
            String::from_utf8(content).map_err(|_| unreadable("not UTF-8 text".to_owned()))?;
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        Ok(self.library.add(&name, &text, &Names)?)
    }

    pub(crate) fn external_url(&self) -> &str {
        &self.external_url
    }

    /// What a template prints for a notification.
    ///
    /// # Errors
    /// When the text is no template or fails.
    pub(crate) fn render(
        &self,
        text: &str,
        data: &Data,
        notification: &Notification,
    ) -> Result<String, TemplateError> {
        let labels = RouteLabels::Rendered(&notification.route_labels);
        self.render_with(text, data, labels, notification.now)
    }

    pub(super) fn render_with(
        &self,
        text: &str,
        data: &Data,
        route_labels: RouteLabels<'_>,
        now: Timestamp,
    ) -> Result<String, TemplateError> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        let functions = MessageFunctions { now, route_labels };
        let parsed = template::parse("template", text, &functions, &[])?;
        let data = Value::object(data.clone());
        template::execute(&parsed, &self.library, &functions, &[], &data, Limits::default())
    }

    /// The labels of a route for a group. One that cannot be rendered is left out and reported.
    pub(crate) fn route_labels(
        &self,
        labels: &BTreeMap<String, String>,
        receiver: &str,
        group_labels: &Labels,
        alerts: &[Alert],
        now: Timestamp,
    ) -> BTreeMap<String, String> {
        if labels.is_empty() {
            return BTreeMap::new();
        }
        let data = Data::new(receiver, "unknown", group_labels, labels, alerts, &self.external_url);
        let resolver = Resolver::new(labels, &data, self);
        let resolved =
            labels.keys().filter_map(|name| match RouteLabels::Raw(&resolver).resolve(name, now) {
                Ok(value) => Some((name.clone(), value)),
                Err(error) => {
                    tracing::error!(label = name, error, "a label of a route cannot be rendered");
                    None
                }
            });
        resolved.collect()
    }
}
