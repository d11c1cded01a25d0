//! Kubernetes.

use http_client::HttpClientConfig;

use crate::config::ConfigError;
use crate::config::schema::{Fields, anything, schema};

schema!(NAMESPACES: "kubernetes.plain" { own_namespace: Bool, names: Texts } anything);

schema!(SELECTOR: "kubernetes.SelectorConfig" {
    role: Text, label: Text, field: Text,
} selector);

schema!(ATTACH_METADATA: "kubernetes.AttachMetadataConfig" {
    node: Bool, namespace: Bool, deployment: Bool, job: Bool, cronjob: Bool,
} anything);

schema!(KUBERNETES: "kubernetes.plain" http {
    api_server: Url, role: Text, kubeconfig_file: Text, namespaces: One(&NAMESPACES),
    selectors: Many(&SELECTOR), attach_metadata: One(&ATTACH_METADATA),
} kubernetes);

/// Roles, and the roles of the selectors each of them takes.
const ROLES: [(&str, &[&str]); 6] = [
    ("pod", &["pod", "node"]),
    ("service", &["service"]),
    ("endpoints", &["pod", "service", "endpoints"]),
    ("endpointslice", &["pod", "service", "endpointslice"]),
    ("node", &["node"]),
    ("ingress", &["ingress"]),
];

fn check_role(role: &str) -> Result<(), ConfigError> {
    match ROLES.iter().any(|(known, _)| *known == role) {
        true => Ok(()),
        false => Err(ConfigError(format!("unknown Kubernetes SD role {role:?}"))),
    }
}

fn selector(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.has("role") { check_role(fields.text("role")) } else { Ok(()) }
}

fn kubernetes(fields: &Fields, http: &HttpClientConfig) -> Result<(), ConfigError> {
    let role = fields.text("role");
    if role.is_empty() {
        return Err(ConfigError::new(
            "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)",
        ));
    }
    check_role(role)?;
    let (server, file) = (fields.has("api_server"), fields.has("kubeconfig_file"));
    let own_namespace = fields.one("namespaces").is_some_and(|n| n.has("own_namespace"));
    if server && file {
        return Err(ConfigError::new(
            "cannot use 'kubeconfig_file' and 'api_server' simultaneously",
        ));
    }
    if file && !http.is_default() {
        return Err(ConfigError::new(
            "cannot use a custom HTTP client configuration together with 'kubeconfig_file'",
        ));
    }
    if !server && !http.is_default() {
        return Err(ConfigError::new(
            "to use custom HTTP client configuration please provide the 'api_server' URL \
             explicitly",
        ));
    }
    if own_namespace && (server || file) {
        let other = if server { "api_server" } else { "kubeconfig_file" };
        return Err(ConfigError(format!(
            "cannot use '{other}' and 'namespaces.own_namespace' simultaneously"
        )));
    }
    check_selectors(role, fields.many("selectors"))
}

fn check_selectors(role: &str, selectors: &[Fields]) -> Result<(), ConfigError> {
    let allowed = ROLES.iter().find(|(known, _)| *known == role).map_or(&[][..], |(_, a)| a);
    for (index, selector) in selectors.iter().enumerate() {
        let of = selector.text("role");
        if selectors[..index].iter().any(|other| other.text("role") == of) {
            return Err(ConfigError(format!("duplicated selector role: {of}")));
        }
        if !allowed.contains(&of) {
            let allowed = allowed.join(", ");
            return Err(ConfigError(format!("{role} role supports only {allowed} selectors")));
        }
        let field = selector.text("field");
        let terms = field.split(',').filter(|term| !term.is_empty());
        if let Some(term) = terms.into_iter().find(|term| !term.contains('=')) {
            return Err(ConfigError(format!(
                "invalid selector: '{field}'; can't understand '{term}'"
            )));
        }
    }
    Ok(())
}
