//! Compatible APIs: each is served under its name on the main listener, and at the root of its
//! standard port.

mod alertmanager;
mod elasticsearch;
pub mod fluent_forward;
mod jaeger;
mod otlp;
mod prometheus;
mod zipkin;

use axum::Router;

use crate::app::Shared;

/// A compatible API over HTTP.
pub struct Api {
    /// Its path on the main listener, and its folder here.
    pub name: &'static str,
    /// Its routes.
    pub(crate) router: fn() -> Router<Shared>,
    /// Whether the original has `/-/healthy`, `/-/ready`, `/-/reload` and `/metrics`.
    pub(crate) has_operations: bool,
}

/// Every compatible API over HTTP.
pub const APIS: &[Api] = &[
    Api { name: "alertmanager", router: alertmanager::router, has_operations: true },
    Api { name: "elasticsearch", router: elasticsearch::router, has_operations: false },
    Api { name: "jaeger", router: jaeger::router, has_operations: false },
    Api { name: "otlp", router: otlp::router, has_operations: false },
    Api { name: "prometheus", router: prometheus::router, has_operations: true },
    Api { name: "zipkin", router: zipkin::router, has_operations: false },
];

/// Those that are not spoken over HTTP and have a listener of their own only.
pub const STREAMS: &[&str] = &["fluent_forward"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_the_modules() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compat");
        let entries = env::Fs::list(&env::RealFs, &here).unwrap();
        let modules: Vec<_> = entries.iter().filter_map(|e| e.name.strip_suffix(".rs")).collect();
        let listed = APIS.iter().map(|api| api.name).chain(STREAMS.iter().copied());
        let mut listed: Vec<_> = listed.collect();
        listed.sort_unstable();
        assert_eq!(modules, listed);
    }
}
