//! Errors that name their place.

use std::sync::Arc;

/// Why a template was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}:{column}: {message}")]
pub(crate) struct TemplateError {
    /// The template's name: a file, or what it is for.
    pub(crate) name: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The character within the line, from 1.
    pub(crate) column: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// A template's text and what it is called; a clone shares it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) name: Arc<str>,
    pub(super) text: Arc<str>,
}

impl Source {
    /// An error at a byte of the text.
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> TemplateError {
        let mut places = (0..=at.min(self.text.len())).rev();
        let end = places.find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        TemplateError {
            name: self.name.to_string(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
        }
    }
}
