//! Label sets as configuration and target files write them.

use std::collections::BTreeMap;
use std::fmt;

use model::Labels;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// Reads a map of labels; empty values are absent.
pub(crate) fn label_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Labels, D::Error> {
    let pairs = BTreeMap::<LabelName, LabelValue>::deserialize(deserializer)?;
    Ok(Labels::from_pairs(pairs.iter().map(|(name, value)| (&name.0, &value.0))))
}

/// A text that is not empty.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LabelName(String);

/// Any text.
struct LabelValue(String);

impl<'de> Deserialize<'de> for LabelName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = deserializer.deserialize_string(Utf8 { what: "label name" })?;
        if name.is_empty() {
            return Err(D::Error::custom("\"\" is not a valid label name"));
        }
        Ok(LabelName(name))
    }
}

impl<'de> Deserialize<'de> for LabelValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_string(Utf8 { what: "label value" }).map(LabelValue)
    }
}

/// A text, refused in upstream's words when it is not UTF-8.
struct Utf8 {
    what: &'static str,
}

impl Visitor<'_> for Utf8 {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<String, E> {
        let what = self.what;
        let shown = bytes.escape_ascii();
        Err(E::custom(format!("\"{shown}\" is not a valid {what}")))
    }
}
