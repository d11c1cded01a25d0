//! Alertmanager: version 2 of its API, as Prometheus servers and `amtool` use it.

use alerting::{
    AlertQuery, PostableAlert, PostableSilence, SilenceError, SilenceState, VersionInfo,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use crate::app::Shared;
use crate::parameters::Parameters;

/// The version of Alertmanager whose behaviour this is; `amtool` shows it.
const COMPATIBLE_VERSION: &str = "0.28.0";

/// Everything under `/api/v2`.
pub(super) fn router() -> Router<Shared> {
    let v2 = Router::new()
        .route("/status", get(status))
        .route("/receivers", get(receivers))
        .route("/alerts", get(alerts).post(post_alerts))
        .route("/alerts/groups", get(groups))
        .route("/silences", get(silences).post(post_silence))
        .route("/silence/{id}", get(silence).delete(expire_silence))
        .fallback(async || Failure(StatusCode::NOT_FOUND, "there is no such call".to_owned()));
    Router::new().nest("/api/v2", v2)
}

/// A failure; version 2 answers with its text alone, as a JSON string.
struct Failure(StatusCode, String);

impl Failure {
    fn bad_request(message: impl Into<String>) -> Self {
        Failure(StatusCode::BAD_REQUEST, message.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

impl From<SilenceError> for Failure {
    fn from(error: SilenceError) -> Self {
        let status = match &error {
            SilenceError::NotFound => StatusCode::NOT_FOUND,
            SilenceError::Invalid(_) => StatusCode::BAD_REQUEST,
            SilenceError::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Failure(status, error.to_string())
    }
}

async fn status(State(app): State<Shared>) -> impl IntoResponse {
    let version_info = VersionInfo {
        version: COMPATIBLE_VERSION.to_owned(),
        revision: app.about.revision.to_owned(),
        ..VersionInfo::default()
    };
    Json(app.alerting.alertmanager().status(version_info))
}

async fn receivers(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Failure> {
    let matchers = parameters.list("receiver_matchers");
    let receivers = app.alerting.alertmanager().receivers(&matchers);
    Ok(Json(receivers.map_err(Failure::bad_request)?))
}

/// The alerts that the parameters ask for.
fn alert_query(parameters: &Parameters) -> Result<AlertQuery, Failure> {
    let read = || -> Result<AlertQuery, String> {
        let mut query = AlertQuery::new(
            &parameters.list("filter"),
            parameters.get("receiver"),
            &parameters.list("receiver_matchers"),
        )?;
        query.active = parameters.is_on("active", true)?;
        query.silenced = parameters.is_on("silenced", true)?;
        query.inhibited = parameters.is_on("inhibited", true)?;
        query.muted = parameters.is_on("muted", true)?;
        Ok(query)
    };
    read().map_err(Failure::bad_request)
}

async fn alerts(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Failure> {
    Ok(Json(app.alerting.alertmanager().alerts(&alert_query(&parameters)?)))
}

async fn groups(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Failure> {
    Ok(Json(app.alerting.alertmanager().groups(&alert_query(&parameters)?)))
}

/// Bodies are read whatever their media type says, because old Prometheus servers send none.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::bad_request(format!("parsing the body failed: {error}")))
}

async fn post_alerts(State(app): State<Shared>, text: String) -> Result<StatusCode, Failure> {
    let posted: Vec<PostableAlert> = read(&text)?;
    app.alerting.alertmanager().post_alerts(&posted).map_err(Failure::bad_request)?;
    Ok(StatusCode::OK)
}

async fn silences(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Failure> {
    let mut states = Vec::new();
    for (name, state) in [
        ("active", SilenceState::Active),
        ("pending", SilenceState::Pending),
        ("expired", SilenceState::Expired),
    ] {
        if parameters.is_on(name, true).map_err(Failure::bad_request)? {
            states.push(state);
        }
    }
    let silences = app.alerting.alertmanager().silences(&parameters.list("filter"), &states);
    Ok(Json(silences.map_err(Failure::bad_request)?))
}

#[derive(Serialize)]
struct Posted {
    #[serde(rename = "silenceID")]
    silence_id: String,
}

async fn post_silence(State(app): State<Shared>, text: String) -> Result<Json<Posted>, Failure> {
    let posted: PostableSilence = read(&text)?;
    let silence_id = app.alerting.alertmanager().set_silence(&posted).await?;
    Ok(Json(Posted { silence_id }))
}

async fn silence(State(app): State<Shared>, Path(id): Path<String>) -> Response {
    match app.alerting.alertmanager().silence(&id) {
        Some(silence) => Json(silence).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!("silence not found"))).into_response(),
    }
}

async fn expire_silence(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    app.alerting.alertmanager().expire_silence(&id).await?;
    Ok(StatusCode::OK)
}
