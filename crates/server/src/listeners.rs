//! Which listeners there are, on which ports, and what each serves.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use api::compat::{self, fluent_forward};
use api::{App, Bind, Listener, Service};
use env::Env;

use crate::config::{Config, Ports};

/// A standard port.
struct Standard {
    name: &'static str,
    purpose: &'static str,
    port: u16,
    bind: fn(&Ports) -> Bind,
    /// The compatible API it serves; `None` for Fluentd forward, which is not HTTP.
    api: Option<&'static str>,
}

const STANDARDS: &[Standard] = &[
    Standard {
        name: "prometheus",
        purpose: "Prometheus' API and remote write",
        port: 9090,
        bind: |ports| ports.prometheus,
        api: Some("prometheus"),
    },
    Standard {
        name: "alertmanager",
        purpose: "Alertmanager's API",
        port: 9093,
        bind: |ports| ports.alertmanager,
        api: Some("alertmanager"),
    },
    Standard {
        name: "elasticsearch",
        purpose: "Elasticsearch bulk",
        port: 9200,
        bind: |ports| ports.elasticsearch,
        api: Some("elasticsearch"),
    },
    Standard {
        name: "fluent-forward",
        purpose: "Fluentd forward",
        port: 24224,
        bind: |ports| ports.fluent_forward,
        api: None,
    },
    Standard {
        name: "otlp-grpc",
        purpose: "OTLP over gRPC",
        port: 4317,
        bind: |ports| ports.otlp_grpc,
        api: Some("otlp"),
    },
    Standard {
        name: "otlp-http",
        purpose: "OTLP over HTTP",
        port: 4318,
        bind: |ports| ports.otlp_http,
        api: Some("otlp"),
    },
    Standard {
        name: "jaeger-collector",
        purpose: "Jaeger's collector, thrift over HTTP",
        port: 14268,
        bind: |ports| ports.jaeger_collector,
        api: Some("jaeger"),
    },
    Standard {
        name: "jaeger-query",
        purpose: "Jaeger's query API",
        port: 16686,
        bind: |ports| ports.jaeger_query,
        api: Some("jaeger"),
    },
    Standard {
        name: "zipkin",
        purpose: "Zipkin",
        port: 9411,
        bind: |ports| ports.zipkin,
        api: Some("zipkin"),
    },
];

/// Binds everything and begins to serve.
pub(crate) async fn start(app: &Arc<App>, config: &Config, env: &Env) -> Result<()> {
    let main = Listener {
        name: "main",
        purpose: "the interface, the API, and every compatible API under its name",
        standard: config.listen,
        bind: Bind::Must(config.listen),
        service: Service::Http(api::main_router(app)),
    };
    app.listeners.start(main).await?;
    let options = fluent_forward::ForwardOptions {
        shared_key: config.fluent_shared_key.clone(),
        hostname: app.about.hostname.clone(),
    };
    for standard in STANDARDS {
        let Some(port) = standard.port.checked_add(config.ports.offset) else {
            tracing::warn!(
                listener = standard.name,
                "its port is beyond all ports with this offset"
            );
            continue;
        };
        let compatible = standard.api.and_then(|name| compat::APIS.iter().find(|a| a.name == name));
        let service = match compatible {
            Some(api) => Service::Http(api::compatible_router(api, app)),
            None => {
                let random = env.random.clone();
                Service::Stream(fluent_forward::handler(app, random, &options))
            }
        };
        let Standard { name, purpose, .. } = *standard;
        let bind = (standard.bind)(&config.ports);
        let address = SocketAddr::new(config.ports.ip, port);
        app.listeners.start(Listener { name, purpose, standard: address, bind, service }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_compatible_api_has_a_port() {
        for api in compat::APIS {
            assert!(
                STANDARDS.iter().any(|standard| standard.api == Some(api.name)),
                "{}",
                api.name
            );
        }
        for standard in STANDARDS {
            let is_known = |name| compat::APIS.iter().any(|api| api.name == name);
            assert!(standard.api.is_none_or(is_known), "{}", standard.name);
        }
    }
}
