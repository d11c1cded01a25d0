//! Dashboards: provisioned ones, and those that people imported.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use parking_lot::RwLock;
use serde_json::{Value, json};
use store::{DocumentError, Documents};

use super::require_change_header;
use crate::app::Shared;
use crate::error::ApiError;

/// The kind under which imported dashboards are kept.
const KIND: &str = "dashboard";

/// A dashboard's JSON at most.
const BYTES_MAX: usize = 8 << 20;

/// Calls under `/api/dashboards`.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/dashboards", get(list).post(import))
        .route("/dashboards/{uid}", get(one).delete(delete))
        .layer(DefaultBodyLimit::max(BYTES_MAX))
        .layer(axum::middleware::from_fn(require_change_header))
}

/// Dashboards from files and from the catalog; of two with one uid the provisioned one is served.
pub struct Dashboards {
    documents: Arc<dyn Documents>,
    provisioned: RwLock<BTreeMap<String, Provisioned>>,
}

#[derive(Clone)]
struct Provisioned {
    folder: String,
    json: Value,
}

/// A dashboard and what is known about it beside its JSON.
struct Stored {
    uid: String,
    folder: String,
    json: Value,
    provisioned: bool,
    version: i64,
    updated_ms: i64,
}

impl Dashboards {
    /// Those in the catalog.
    pub fn new(documents: Arc<dyn Documents>) -> Self {
        Dashboards { documents, provisioned: RwLock::default() }
    }

    /// Replaces the provisioned dashboards: folder, file name and JSON text of each. Returns what is
    /// wrong with those that were left out.
    pub fn provision(&self, files: &[(String, String, String)]) -> Vec<String> {
        let mut problems = Vec::new();
        let mut provisioned = BTreeMap::new();
        for (folder, file, text) in files {
            match read(text) {
                Ok(json) => {
                    let uid = uid(&json).unwrap_or_else(|| slug(file));
                    let folder = folder.clone();
                    if provisioned.insert(uid.clone(), Provisioned { folder, json }).is_some() {
                        problems.push(format!("{file}: another dashboard has the uid {uid:?} too"));
                    }
                }
                Err(error) => problems.push(format!("{file}: {error}")),
            }
        }
        *self.provisioned.write() = provisioned;
        problems
    }

    fn provisioned(&self, uid: &str) -> Option<Stored> {
        let Provisioned { folder, json } = self.provisioned.read().get(uid)?.clone();
        let uid = uid.to_owned();
        Some(Stored { uid, folder, json, provisioned: true, version: 1, updated_ms: 0 })
    }

    fn get(&self, uid: &str) -> Result<Option<Stored>, DocumentError> {
        if let Some(stored) = self.provisioned(uid) {
            return Ok(Some(stored));
        }
        Ok(self.documents.get(KIND, uid)?.and_then(from_document))
    }

    fn all(&self) -> Result<Vec<Stored>, DocumentError> {
        let uids: Vec<_> = self.provisioned.read().keys().cloned().collect();
        let mut all: Vec<_> = uids.iter().filter_map(|uid| self.provisioned(uid)).collect();
        let imported = self.documents.list(KIND)?;
        all.extend(
            imported.into_iter().filter(|d| !uids.contains(&d.id)).filter_map(from_document),
        );
        Ok(all)
    }
}

/// What is kept of an imported dashboard: `{"folder":…,"dashboard":…}`.
fn from_document(document: store::Document) -> Option<Stored> {
    let mut body: Value = serde_json::from_str(&document.body).ok()?;
    Some(Stored {
        uid: document.id,
        folder: body["folder"].as_str().unwrap_or_default().to_owned(),
        json: body["dashboard"].take(),
        provisioned: false,
        version: document.version,
        updated_ms: document.updated_ms,
    })
}

/// Reads a dashboard's JSON, bare or as Grafana's API wraps it.
fn read(text: &str) -> Result<Value, String> {
    let mut json: Value =
        serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if json.get("dashboard").is_some_and(Value::is_object) {
        json = json["dashboard"].take();
    }
    let has_content = ["panels", "rows", "title"].iter().any(|key| json.get(key).is_some());
    match has_content {
        true => Ok(json),
        false => Err("this is not a Grafana dashboard: it has no title, panels or rows".to_owned()),
    }
}

/// Checks a dashboard's JSON and returns how many panels it has.
///
/// # Errors
/// When it is none.
pub fn check_dashboard(text: &str) -> Result<usize, String> {
    read(text).map(|json| panels(&json))
}

fn uid(json: &Value) -> Option<String> {
    json["uid"].as_str().filter(|uid| !uid.is_empty()).map(str::to_owned)
}

/// A uid made of a title or file name: lower-case letters, digits and dashes.
fn slug(name: &str) -> String {
    let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".json");
    let dashed: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(40)
        .collect();
    dashed.trim_matches('-').to_owned()
}

/// How many panels there are, those inside rows too.
fn panels(json: &Value) -> usize {
    let among = |value: &Value| value.as_array().map_or(0, |panels| panels.iter().map(count).sum());
    fn count(panel: &Value) -> usize {
        let inner = panel["panels"].as_array().map_or(0, |panels| panels.iter().map(count).sum());
        usize::from(panel["type"] != "row" && panel.get("type").is_some()) + inner
    }
    among(&json["panels"]) + among(&json["rows"])
}

async fn list(State(app): State<Shared>) -> Result<Json<Value>, ApiError> {
    let all = app.dashboards.all()?;
    let entry = |stored: &Stored| {
        json!({
            "uid": stored.uid, "title": title(stored), "tags": tags(&stored.json),
            "folder": stored.folder, "provisioned": stored.provisioned,
            "updated_ms": stored.updated_ms, "panels": panels(&stored.json),
        })
    };
    Ok(Json(json!({"dashboards": all.iter().map(entry).collect::<Vec<_>>()})))
}

fn title(stored: &Stored) -> &str {
    stored.json["title"].as_str().unwrap_or(&stored.uid)
}

fn tags(json: &Value) -> Value {
    if json["tags"].is_array() { json["tags"].clone() } else { json!([]) }
}

async fn one(State(app): State<Shared>, Path(uid): Path<String>) -> Result<Json<Value>, ApiError> {
    let Some(stored) = app.dashboards.get(&uid)? else {
        return Err(ApiError::not_found(format!("there is no dashboard {uid:?}")));
    };
    let meta = json!({
        "uid": stored.uid, "version": stored.version, "provisioned": stored.provisioned,
        "folder": stored.folder, "updated_ms": stored.updated_ms,
    });
    Ok(Json(json!({"dashboard": stored.json, "meta": meta})))
}

async fn import(State(app): State<Shared>, text: String) -> Result<Json<Value>, ApiError> {
    let request: Value = serde_json::from_str(&text)
        .map_err(|error| ApiError::bad_request(format!("the dashboard is not JSON: {error}")))?;
    let json = read(&text).map_err(ApiError::bad_request)?;
    let folder = request["folder"].as_str().unwrap_or_default();
    let uid = uid(&json).unwrap_or_else(|| slug(json["title"].as_str().unwrap_or("dashboard")));
    if uid.is_empty() {
        return Err(ApiError::bad_request("the dashboard needs a uid or a title"));
    }
    if app.dashboards.provisioned(&uid).is_some() {
        let message = format!("the dashboard {uid:?} is provisioned from a file");
        return Err(ApiError::new(StatusCode::CONFLICT, message)
            .hint(Some("give the import another uid, or change the file".to_owned())));
    }
    let expected = if request["overwrite"] == json!(true) { None } else { Some(0) };
    let body = json!({"folder": folder, "dashboard": json}).to_string();
    let version = app.documents.put(KIND, &uid, &body, expected).map_err(|error| match error {
        DocumentError::Conflict => {
            ApiError::new(StatusCode::CONFLICT, format!("there is a dashboard {uid:?} already"))
                .hint(Some("import with \"overwrite\": true to replace it".to_owned()))
        }
        other => other.into(),
    })?;
    Ok(Json(json!({"uid": uid, "version": version})))
}

async fn delete(
    State(app): State<Shared>,
    Path(uid): Path<String>,
) -> Result<StatusCode, ApiError> {
    if app.dashboards.provisioned(&uid).is_some() {
        let message = format!("the dashboard {uid:?} is provisioned from a file");
        return Err(ApiError::new(StatusCode::CONFLICT, message)
            .hint(Some("remove the file and reload".to_owned())));
    }
    match app.documents.delete(KIND, &uid)? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ApiError::not_found(format!("there is no dashboard {uid:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use store::MemStore;

    use super::*;

    #[test]
    fn provisioned_ones_come_first() {
        let dashboards = Dashboards::new(Arc::new(MemStore::new()));
        let imported = r#"{"folder":"f","dashboard":{"title":"mine"}}"#;
        dashboards.documents.put(KIND, "a", imported, None).unwrap();
        dashboards.documents.put(KIND, "b", imported, None).unwrap();
        let file = |name: &str, text: &str| ("files".to_owned(), name.to_owned(), text.to_owned());
        let problems = dashboards.provision(&[
            file("x.json", r#"{"uid":"a","title":"theirs","panels":[{"type":"row","panels":[{"type":"stat"}]}]}"#),
            file("Some Thing.json", r#"{"title":"t"}"#),
            file("bad.json", "{"),
            file("other.json", r#"{"groups":[]}"#),
        ]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        let all = dashboards.all().unwrap();
        let titles: Vec<_> = all.iter().map(|d| (d.uid.as_str(), title(d))).collect();
        assert_eq!(titles, [("a", "theirs"), ("some-thing", "t"), ("b", "mine")]);
        assert_eq!(panels(&all[0].json), 1);
    }
}
