//! What was embedded is whole: the page with all it refers to, and dashboards one can import.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::Value;

use super::*;

/// The values of `src` and `href` attributes in a page.
fn references(page: &str) -> Vec<&str> {
    let parts = page.split(" src=\"").flat_map(|part| part.split(" href=\"")).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn everything_the_page_refers_to_is_embedded() {
    let page = std::str::from_utf8(index().content).unwrap();
    let references = references(page);
    for extension in [".js", ".css", ".svg"] {
        assert!(references.iter().any(|path| path.ends_with(extension)), "{extension}: {page}");
    }
    for path in references {
        assert!(asset(path.trim_start_matches('/')).is_some(), "{path} is missing");
    }
}

#[test]
fn hashed_names_are_immutable_and_the_page_is_not() {
    assert!(!index().is_immutable);
    assert!(ASSETS.iter().any(|(_, asset)| asset.is_immutable));
    for (path, asset) in ASSETS {
        assert_eq!(asset.is_immutable, path.starts_with("assets/"), "{path}");
    }
    let tags: BTreeSet<_> = ASSETS.iter().map(|(_, asset)| asset.etag).collect();
    assert_eq!(tags.len(), ASSETS.len());
}

#[test]
fn compressed_variants_hold_the_same() {
    for (path, asset) in ASSETS {
        let Some(gzip) = asset.gzip else { continue };
        assert!(gzip.len() < asset.content.len(), "{path}");
        let mut content = Vec::new();
        flate2::read::GzDecoder::new(gzip).read_to_end(&mut content).unwrap();
        assert!(content == asset.content, "{path}");
    }
    assert!(index().gzip.is_some());
}

#[test]
fn paths_that_are_no_files_have_no_asset() {
    for path in ["", "logs", "assets", "assets/", "../Cargo.toml", "/index.html"] {
        assert!(asset(path).is_none(), "{path}");
    }
}

#[test]
fn the_list_of_dashboards_is_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/dashboards");
    #[expect(clippy::disallowed_methods, reason = "the list is compared with the source folder")]
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = dashboards().iter().map(|(name, _)| (*name).into()).collect();
    assert_eq!(listed, files);
}

#[test]
fn dashboards_are_grafana_json_with_names_and_panels_of_their_own() {
    let mut uids = BTreeSet::new();
    for (name, text) in dashboards() {
        let dashboard: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let uid = dashboard["uid"].as_str().unwrap_or_default().to_owned();
        assert!(!uid.is_empty() && uids.insert(uid.clone()), "{name}: uid {uid:?}");
        assert!(dashboard["title"].is_string(), "{name}");
        let panels = dashboard["panels"].as_array().unwrap();
        let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), panels.len(), "{name}: panel ids repeat");
        for panel in panels.iter().filter(|panel| panel["type"] != "row") {
            let title = &panel["title"];
            assert!(!panel["targets"].as_array().unwrap().is_empty(), "{name}: {title}");
            let grid = &panel["gridPos"];
            let right = grid["x"].as_u64().unwrap() + grid["w"].as_u64().unwrap();
            assert!(right <= 24, "{name}: {title} reaches beyond the grid");
        }
    }
    assert_eq!(uids.len(), dashboards().len());
}
