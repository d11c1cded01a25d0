//! What must hold of any text at all; fuzzing and the ordinary tests ask it.

use crate::{LENGTH_MAX, Language, Query};

/// Reads the bytes as a query in either language and checks that errors point into the text, and
/// that a query in its canonical form is read back as the same.
///
/// # Panics
/// When that does not hold.
pub fn fuzz(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for language in [Language::Kql, Language::Lucene] {
        let parsed = Query::parse(language, text).and_then(|query| {
            query.filter()?;
            Ok(query)
        });
        match parsed {
            Ok(query) => canonical_form_is_stable(&query),
            Err(error) => {
                assert!(text.get(error.range.clone()).is_some(), "{error:?} of {text:?}");
            }
        }
    }
}

fn canonical_form_is_stable(query: &Query) {
    for language in [Language::Kql, Language::Lucene] {
        let Some(printed) = query.print(language) else { continue };
        // Names that were written once for many values are repeated, which may be too long.
        if printed.len() > LENGTH_MAX {
            continue;
        }
        match Query::parse(language, &printed) {
            Ok(again) => {
                // KQL says a range with two bounds in two comparisons, which is another filter.
                let meaning = |query: &Query| query.filter().ok();
                let same = language == Language::Kql || meaning(&again) == meaning(query);
                assert!(same, "{printed:?} means something else");
                assert_eq!(again.print(language), Some(printed));
            }
            Err(error) => assert!(error.message.contains("levels deep"), "{printed:?}: {error:?}"),
        }
    }
}
