//! The query strings of public Elasticsearch scenarios, over their own data set.

use std::io::Read;

use serde_json::Value as Json;
use store::MemStore;

use super::found::{search, store_of};
use super::*;

/// Scenarios that ask what a record here does not know.
const KNOWN_FAILURES: [(&str, &str); 1] = [(
    "payload.commits.message:(to AND the)",
    "the fields of objects in an array are not fields of the record",
)];

fn github_events(folder: &std::path::Path) -> MemStore {
    let packed = testkit::corpora::read(&folder.join("gharchive-bulk.json.gz"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let documents: Vec<&str> = text.lines().skip(1).step_by(2).collect();
    assert_eq!(documents.len(), 100);
    store_of(&documents)
}

/// The query string of a scenario, in the fields it names.
fn query_string(scenario: &Json) -> Option<String> {
    if let Some(text) = scenario["params"]["q"].as_str() {
        return Some(text.to_owned());
    }
    let query = &scenario["json"]["query"]["query_string"];
    let text = query["query"].as_str()?;
    if let Some(field) = query["default_field"].as_str() {
        return query["fields"].is_null().then(|| format!("{field}:({text})"));
    }
    let fields: Vec<&str> = match &query["fields"] {
        Json::Null => return Some(text.to_owned()),
        Json::Array(fields) => fields.iter().filter_map(Json::as_str).collect(),
        _ => return None,
    };
    let each: Vec<_> = fields.iter().map(|field| format!("{field}:({text})")).collect();
    Some(if each.is_empty() { text.to_owned() } else { each.join(" OR ") })
}

#[test]
fn elasticsearch_scenarios() {
    let Some(folder) = testkit::corpora::corpus("elasticsearch") else { return };
    let store = github_events(&folder);
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, content) in testkit::corpora::files(&folder, ".yaml") {
        let content = String::from_utf8(content).unwrap();
        for text in content.split("\n---") {
            let Ok(scenario) = yaml::from_str::<Json>(text) else { continue };
            let Some(query) = query_string(&scenario) else { continue };
            // Whether a text fits a number's field is known to a mapping; there is none here.
            let strict = scenario["json"]["query"]["query_string"]["lenient"] == Json::Bool(false);
            if scenario["engines"] == serde_json::json!(["quickwit"]) || strict {
                continue;
            }
            let found = filter(Language::Lucene, &query).map(|filter| search(&store, filter).len());
            let total = scenario["expected"]["hits"]["total"]["value"].as_u64();
            let correct = match total {
                Some(total) => found.is_ok_and(|found| found as u64 == total),
                None if scenario["status_code"] == 400 => found.is_err(),
                None => continue,
            };
            match correct {
                true => passed += 1,
                false => failed.push((query, name.clone())),
            }
        }
    }
    let known: Vec<_> = KNOWN_FAILURES.iter().map(|(query, _)| *query).collect();
    let mut queries: Vec<_> = failed.iter().map(|(query, _)| query.as_str()).collect();
    queries.dedup();
    assert_eq!(queries, known, "{failed:?}");
    assert!(passed >= 20, "only {passed} scenarios were found");
}
