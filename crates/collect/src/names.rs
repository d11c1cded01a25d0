//! Which texts are names of metrics and labels.

use serde::Deserialize;

/// `metric_name_validation_scheme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum NameScheme {
    /// Letters, digits and underscores; colons in names of metrics.
    #[serde(rename = "legacy")]
    Legacy,
    /// Any text that is not empty.
    #[default]
    #[serde(rename = "utf8")]
    Utf8,
}

impl NameScheme {
    /// Whether a text is the name of a label.
    pub fn is_label_name(self, name: &str) -> bool {
        match self {
            NameScheme::Utf8 => !name.is_empty(),
            NameScheme::Legacy => {
                let first = name.bytes().next();
                first.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            }
        }
    }

    /// Whether a text is the name of a metric.
    pub fn is_metric_name(self, name: &str) -> bool {
        match self {
            NameScheme::Utf8 => !name.is_empty(),
            NameScheme::Legacy => {
                let first = name.bytes().next();
                first.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':'))
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let legacy = NameScheme::Legacy;
        assert!(legacy.is_label_name("_a1") && !legacy.is_label_name("a:b"));
        assert!(!legacy.is_label_name("") && !legacy.is_label_name("1a"));
        assert!(legacy.is_metric_name("job:up:sum") && !legacy.is_metric_name("a.b"));
        assert!(NameScheme::Utf8.is_label_name("a.b") && !NameScheme::Utf8.is_metric_name(""));
    }
}
