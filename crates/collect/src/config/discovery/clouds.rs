//! Mechanisms of the large clouds: AWS, Azure, Google, Oracle, OpenStack.

use http_client::HttpClientConfig;

use crate::config::ConfigError;
use crate::config::schema::{Fields, anything, schema};

schema!(FILTER: "aws.Filter" { name: Text, values: Texts } anything);

schema!(
    /// One entry for all services, told apart by `role`.
    AWS: "aws.plain" http {
        role: Text, region: Text, endpoint: Text, access_key: Text, secret_key: Text,
        profile: Text, role_arn: Text, external_id: Text, refresh_interval: Duration, port: Int,
        filters: Many(&FILTER), clusters: Texts,
    } aws_role
);

schema!(EC2: "aws.plain" http {
    endpoint: Text, region: Text, access_key: Text, secret_key: Text, profile: Text,
    role_arn: Text, external_id: Text, refresh_interval: Duration, port: Int,
    filters: Many(&FILTER),
} ec2_filters);

schema!(
    /// ECS; ElastiCache and MSK have the same fields.
    ECS: "aws.plain" http {
        region: Text, endpoint: Text, access_key: Text, secret_key: Text, profile: Text,
        role_arn: Text, external_id: Text, clusters: Texts, port: Int, refresh_interval: Duration,
        request_concurrency: Int,
    } anything
);

schema!(LIGHTSAIL: "aws.plain" http {
    endpoint: Text, region: Text, access_key: Text, secret_key: Text, profile: Text,
    role_arn: Text, external_id: Text, refresh_interval: Duration, port: Int,
} anything);

schema!(RDS: "aws.plain" http {
    region: Text, endpoint: Text, access_key: Text, secret_key: Text, profile: Text,
    role_arn: Text, external_id: Text, clusters: Texts, port: Int, refresh_interval: Duration,
    filters: Many(&FILTER), request_concurrency: Int,
} anything);

schema!(AZURE: "azure.plain" http {
    environment: Text, port: Int, subscription_id: Text, tenant_id: Text, client_id: Text,
    client_secret: Text, refresh_interval: Duration, authentication_method: Text,
    resource_group: Text,
} azure);

schema!(GCE: "gce.plain" {
    project: Text, zone: Text, filter: Text, refresh_interval: Duration, port: Int,
    tag_separator: Text,
} gce);

schema!(OCI: "oci.plain" http {
    auth: Text, tenancy: Text, user: Text, fingerprint: Text, key_file: Text,
    key_passphrase: Text, key_passphrase_file: Text, region: Text, compartments: Texts, port: Int,
    refresh_interval: Duration,
} oci);

schema!(OPENSTACK: "openstack.plain" {
    identity_endpoint: Text, username: Text, userid: Text, password: Text, project_name: Text,
    project_id: Text, domain_name: Text, domain_id: Text, application_credential_name: Text,
    application_credential_id: Text, application_credential_secret: Text, role: Text,
    region: Text, refresh_interval: Duration, port: Int, all_tenants: Bool, tls_config: Tls,
    availability: Text,
} openstack);

fn aws_role(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.text("role") {
        "ec2" | "ecs" | "elasticache" | "lightsail" | "msk" | "rds" => Ok(()),
        role => Err(ConfigError(format!("unknown AWS SD role {role:?}"))),
    }
}

fn ec2_filters(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.many("filters").iter().any(|filter| filter.texts("values").is_empty()) {
        return Err(ConfigError::new("EC2 SD configuration filter values cannot be empty"));
    }
    Ok(())
}

fn azure(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let require = |name| match fields.has(name) {
        true => Ok(()),
        false => Err(ConfigError(format!("azure SD configuration requires a {name}"))),
    };
    require("subscription_id")?;
    match fields.text_or("authentication_method", "OAuth") {
        "OAuth" => ["tenant_id", "client_id", "client_secret"].into_iter().try_for_each(require),
        "ManagedIdentity" | "SDK" | "WorkloadIdentity" => Ok(()),
        other => Err(ConfigError(format!(
            "unknown authentication_type {other:?}. Supported types are \"OAuth\", \
             \"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\""
        ))),
    }
}

fn gce(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    for name in ["project", "zone"] {
        if !fields.has(name) {
            return Err(ConfigError(format!("GCE SD configuration requires a {name}")));
        }
    }
    Ok(())
}

fn oci(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("region") {
        return Err(ConfigError::new("oci_sd: region is required"));
    }
    match fields.text_or("auth", "api_key") {
        "api_key" => {
            for name in ["tenancy", "user", "fingerprint", "key_file"] {
                if !fields.has(name) {
                    return Err(ConfigError(format!("oci_sd: api_key auth requires {name}")));
                }
            }
            if fields.has("key_passphrase") && fields.has("key_passphrase_file") {
                return Err(ConfigError::new(
                    "oci_sd: at most one of key_passphrase and key_passphrase_file must be \
                     configured",
                ));
            }
        }
        "instance_principal" => {
            let key = ["tenancy", "user", "fingerprint", "key_file", "key_passphrase"];
            if key.into_iter().chain(["key_passphrase_file"]).any(|name| fields.has(name)) {
                return Err(ConfigError::new(
                    "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, \
                     key_file, key_passphrase, or key_passphrase_file set",
                ));
            }
        }
        other => {
            return Err(ConfigError(format!(
                "oci_sd: unknown auth method {other:?}, expected \"api_key\" or \
                 \"instance_principal\""
            )));
        }
    }
    match fields.texts("compartments").iter().position(String::is_empty) {
        Some(index) => Err(ConfigError(format!("oci_sd: compartments[{index}] must not be empty"))),
        None => Ok(()),
    }
}

fn openstack(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let role = fields.text("role");
    if !["", "hypervisor", "instance", "loadbalancer"].contains(&role) {
        return Err(ConfigError(format!("unknown OpenStack SD role {role:?}")));
    }
    match fields.text_or("availability", "public") {
        "public" | "internal" | "admin" => {}
        other => {
            return Err(ConfigError(format!(
                "unknown availability {other}, must be one of admin, internal or public"
            )));
        }
    }
    if role.is_empty() {
        return Err(ConfigError::new("role missing (one of: instance, hypervisor, loadbalancer)"));
    }
    if !fields.has("region") {
        return Err(ConfigError::new("openstack SD configuration requires a region"));
    }
    Ok(())
}
