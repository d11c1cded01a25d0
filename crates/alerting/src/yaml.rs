//! YAML, strictly: unknown and duplicate keys are errors that name their place.

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location, Spanned};

/// A line and a character within it, both from 1; 0 where the place is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Place {
    pub(crate) fn of<T>(value: &Spanned<T>) -> Self {
        Place::at(value.referenced)
    }

    fn at(location: Location) -> Self {
        Place { line: location.line(), column: location.column() }
    }
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) place: Place,
    pub(crate) message: String,
}

/// The most text a file may have.
const BYTES_MAX: usize = 32 << 20;

/// Reads the first document of a text; an empty text is a document that says nothing.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    if text.len() > BYTES_MAX {
        let message = format!("the file has more than {BYTES_MAX} bytes");
        return Err(YamlError { place: Place::default(), message });
    }
    match serde_saphyr::from_str_with_options(text, options()) {
        Err(Error::MultipleDocuments { location, .. }) => {
            let line = location.line();
            tracing::warn!(line, "only the first YAML document of a file is read");
            let mut bytes = text.as_bytes();
            let first = serde_saphyr::read_with_options(&mut bytes, options()).next();
            first.unwrap_or_else(|| serde_saphyr::from_str_with_options("", options()))
        }
        other => other,
    }
    .map_err(|error| {
        let place = error.location().map(Place::at).unwrap_or_default();
        YamlError { place, message: message(&error) }
    })
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! { with_snippet: false }
}

/// The message without the place, which is told apart, and without advice to programmers.
fn message(error: &Error) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
    let text = text.split(", set DuplicateKeyPolicy").next().unwrap_or(text);
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn first_document_and_places() {
        type Map = BTreeMap<String, String>;
        assert_eq!(parse::<Map>("a: 1.10\n---\nb: 2\n").unwrap()["a"], "1.10");
        let error = parse::<Map>("a: 1\na: 2\n").unwrap_err();
        assert_eq!(error.message, "duplicate mapping key: a");
        assert_eq!(error.place, Place { line: 2, column: 1 });
        assert_eq!(parse::<Option<Map>>("# nothing\n"), Ok(None));
    }
}
