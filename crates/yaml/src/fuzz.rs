//! What fuzzing calls: any bytes are read or refused, and nothing panics or runs away.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::{Document, Inline, Located};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename = "fuzz.plain")]
#[allow(dead_code, reason = "only whether it can be read counts")]
struct Plain {
    text: Option<String>,
    number: i64,
    ratio: f64,
    flag: bool,
    list: Vec<Located<String>>,
    map: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename = "fuzz.more")]
#[allow(dead_code, reason = "only whether it can be read counts")]
struct More {
    more: Vec<Plain>,
}

/// Reads a document as structures, and shows it without its secrets.
///
/// # Panics
/// When what is shown still has something to hide.
pub fn document(data: &[u8]) {
    let Ok(text) = crate::utf8(data) else { return };
    let Ok(document) = Document::parse(text) else { return };
    let _verdict = document.read::<Inline<Plain, More>>();
    let is_secret = |key: &str| key == "password";
    let masked = document.masked(is_secret);
    if let Ok(again) = Document::parse(&masked) {
        assert_eq!(again.masked(is_secret), masked);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn seeds_and_their_mutations() {
        testkit::seeds::replay("yaml", 1_000, super::document);
    }
}
