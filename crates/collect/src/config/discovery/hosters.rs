//! Mechanisms of smaller clouds and hosters of machines.

use http_client::{HttpClientConfig, check_url};

use crate::config::ConfigError;
use crate::config::schema::{Fields, anything, schema};

schema!(DIGITALOCEAN: "digitalocean.plain" http {
    refresh_interval: Duration, port: Int, role: Text,
} digitalocean);

schema!(HETZNER: "hetzner.plain" http {
    refresh_interval: Duration, port: Int, role: Text, label_selector: Text,
} hetzner);

schema!(IONOS: "ionos.plain" http {
    datacenter_id: Text, refresh_interval: Duration, port: Int,
} ionos);

schema!(LINODE: "linode.plain" http {
    refresh_interval: Duration, port: Int, tag_separator: Text, region: Text,
} anything);

schema!(OUTSCALE: "outscale.plain" http {
    endpoint: Text, region: Text, access_key: Text, secret_key: Text, secret_key_file: Text,
    refresh_interval: Duration, port: Int,
} outscale);

schema!(OVHCLOUD: "ovhcloud.plain" {
    endpoint: Text, application_key: Text, application_secret: Text, consumer_key: Text,
    refresh_interval: Duration, service: Text,
} ovhcloud);

schema!(SCALEWAY: "scaleway.plain" http {
    project_id: Text, api_url: Text, zone: Text, access_key: Text, secret_key: Text,
    secret_key_file: Text, name_filter: Text, tags_filter: Texts, refresh_interval: Duration,
    port: Int, role: Text,
} scaleway);

schema!(STACKIT: "stackit.plain" http {
    project: Text, refresh_interval: Duration, port: Int, region: Text, endpoint: Text,
    service_account_key: Text, private_key: Text, service_account_key_path: Text,
    private_key_path: Text, credentials_file_path: Text,
} stackit);

schema!(VULTR: "vultr.plain" http { refresh_interval: Duration, port: Int } anything);

fn digitalocean(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.text_or("role", "droplets") {
        "droplets" | "databases" => Ok(()),
        role => Err(ConfigError(format!("unknown DigitalOcean SD role {role:?}"))),
    }
}

fn hetzner(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.text("role") {
        "robot" | "hcloud" => Ok(()),
        "" => Err(ConfigError::new("role missing (one of: robot, hcloud)")),
        role => Err(ConfigError(format!("unknown role {role:?}"))),
    }
}

fn ionos(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.has("datacenter_id") {
        true => Ok(()),
        false => Err(ConfigError::new("datacenter id can't be empty")),
    }
}

/// Exactly one of a secret and its file.
fn one_secret_key(fields: &Fields) -> Result<(), ConfigError> {
    match (fields.has("secret_key"), fields.has("secret_key_file")) {
        (false, false) => {
            Err(ConfigError::new("one of secret_key & secret_key_file must be configured"))
        }
        (true, true) => {
            Err(ConfigError::new("at most one of secret_key & secret_key_file must be configured"))
        }
        _ => Ok(()),
    }
}

fn outscale(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if !fields.has("region") {
        return Err(ConfigError::new("outscale SD configuration requires a region"));
    }
    if !fields.has("access_key") {
        return Err(ConfigError::new("outscale SD configuration requires access_key"));
    }
    one_secret_key(fields)
}

fn ovhcloud(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    if fields.text_or("endpoint", "ovh-eu").is_empty() {
        return Err(ConfigError::new("endpoint can not be empty"));
    }
    for (name, said) in [
        ("application_key", "application key"),
        ("application_secret", "application secret"),
        ("consumer_key", "consumer key"),
    ] {
        if !fields.has(name) {
            return Err(ConfigError(format!("{said} can not be empty")));
        }
    }
    match fields.text("service") {
        "dedicated_server" | "vps" => Ok(()),
        service => Err(ConfigError(format!("unknown service: {service}"))),
    }
}

fn scaleway(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    match fields.text("role") {
        "instance" | "baremetal" => {}
        "" => return Err(ConfigError::new("role missing (one of: instance, baremetal)")),
        role => return Err(ConfigError(format!("unknown role {role:?}"))),
    }
    if !fields.has("project_id") {
        return Err(ConfigError::new("project_id is mandatory"));
    }
    one_secret_key(fields)?;
    match fields.has("access_key") {
        true => Ok(()),
        false => Err(ConfigError::new("access_key is mandatory")),
    }
}

fn stackit(fields: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    let endpoint = fields.text("endpoint");
    if endpoint.is_empty() && fields.text_or("region", "eu01").is_empty() {
        return Err(ConfigError::new("stackit_sd: endpoint and region missing"));
    }
    check_url(endpoint).map_err(|error| {
        ConfigError(format!("stackit_sd: invalid endpoint {endpoint:?}: {error}"))
    })?;
    Ok(())
}
