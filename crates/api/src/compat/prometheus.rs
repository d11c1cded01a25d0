//! Prometheus: its HTTP API and its remote write receiver.

mod answer;
mod metadata;
mod params;
mod query;
mod remote_write;
mod rules;
mod status;
mod targets;

use axum::Router;
use axum::routing::{get, post};

use self::answer::{Failure, Kind};
use crate::app::Shared;

/// Everything Prometheus serves.
pub(super) fn router() -> Router<Shared> {
    Router::new().nest("/api/v1", v1())
}

fn v1() -> Router<Shared> {
    Router::new()
        .route("/query", get(query::instant).post(query::instant))
        .route("/query_range", get(query::range).post(query::range))
        .route("/query_exemplars", get(query::exemplars).post(query::exemplars))
        .route("/format_query", get(query::format).post(query::format))
        .route("/series", get(metadata::series).post(metadata::series))
        .route("/labels", get(metadata::labels).post(metadata::labels))
        .route("/label/{name}/values", get(metadata::label_values))
        .route("/metadata", get(metadata::metadata))
        .route("/targets", get(targets::targets))
        .route("/targets/metadata", get(targets::metadata))
        .route("/scrape_pools", get(targets::scrape_pools))
        .route("/rules", get(rules::rules))
        .route("/alerts", get(rules::alerts))
        .route("/alertmanagers", get(status::alertmanagers))
        .route("/status/buildinfo", get(status::buildinfo))
        .route("/status/runtimeinfo", get(status::runtimeinfo))
        .route("/status/flags", get(status::flags))
        .route("/status/config", get(status::config))
        .route("/write", post(remote_write::write))
        .fallback(async || Failure::new(Kind::NotFound, "there is no such call".to_owned()))
}
