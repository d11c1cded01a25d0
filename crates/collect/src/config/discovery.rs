//! Where a block finds its targets: the fields named `…_sd_configs`, and `static_configs`.
//!
//! Every mechanism of upstream is read and checked. Those that work are listed in
//! [`crate::discovery`]; the others are kept by name, to say that they do nothing.

mod clouds;
mod containers;
mod hosters;
mod kubernetes;
mod registries;

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::schema::Schema;
use crate::discovery::file::FileConfig;
use crate::discovery::static_config::TargetGroup;

/// Where targets come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiscoveryConfig {
    /// `static_configs`.
    pub static_configs: Vec<TargetGroup>,
    /// `file_sd_configs`.
    pub file: Vec<FileConfig>,
    /// Fields of mechanisms that do not work yet, each as often as it has entries.
    pub inactive: Vec<&'static str>,
}

/// Lists the mechanisms that are only checked, each with the form of its blocks.
macro_rules! mechanisms {
    (active: $($active:ident)*; checked: $($name:ident $schema:path,)*) => {
        /// The field of each mechanism.
        const FIELDS: &[&str] = &[$(stringify!($active),)* $(stringify!($name),)*];
        const CHECKED: &[(&str, &Schema)] = &[$((stringify!($name), &$schema),)*];
    };
}

mechanisms! {
    active: static_configs file_sd_configs;
    checked:
        aws_sd_configs clouds::AWS,
        azure_sd_configs clouds::AZURE,
        consul_sd_configs registries::CONSUL,
        digitalocean_sd_configs hosters::DIGITALOCEAN,
        dns_sd_configs registries::DNS,
        docker_sd_configs containers::DOCKER,
        dockerswarm_sd_configs containers::DOCKERSWARM,
        ec2_sd_configs clouds::EC2,
        ecs_sd_configs clouds::ECS,
        elasticache_sd_configs clouds::ECS,
        eureka_sd_configs registries::EUREKA,
        gce_sd_configs clouds::GCE,
        hetzner_sd_configs hosters::HETZNER,
        http_sd_configs registries::HTTP,
        ionos_sd_configs hosters::IONOS,
        kubernetes_sd_configs kubernetes::KUBERNETES,
        kuma_sd_configs registries::KUMA,
        lightsail_sd_configs clouds::LIGHTSAIL,
        linode_sd_configs hosters::LINODE,
        marathon_sd_configs containers::MARATHON,
        msk_sd_configs clouds::ECS,
        nerve_sd_configs registries::NERVE,
        nomad_sd_configs containers::NOMAD,
        oci_sd_configs clouds::OCI,
        openstack_sd_configs clouds::OPENSTACK,
        outscale_sd_configs hosters::OUTSCALE,
        ovhcloud_sd_configs hosters::OVHCLOUD,
        puppetdb_sd_configs registries::PUPPETDB,
        rds_sd_configs clouds::RDS,
        scaleway_sd_configs hosters::SCALEWAY,
        serverset_sd_configs registries::SERVERSET,
        stackit_sd_configs hosters::STACKIT,
        triton_sd_configs containers::TRITON,
        uyuni_sd_configs registries::UYUNI,
        vultr_sd_configs hosters::VULTR,
}

impl DiscoveryConfig {
    /// The fields that are read, for a test that compares them with the folders.
    #[cfg(test)]
    pub(crate) fn fields() -> &'static [&'static str] {
        FIELDS
    }
}

impl<'de> Deserialize<'de> for DiscoveryConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("discovery.Configs", FIELDS, DiscoveryVisitor)
    }
}

struct DiscoveryVisitor;

impl<'de> Visitor<'de> for DiscoveryVisitor {
    type Value = DiscoveryConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("discovery mechanisms")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<DiscoveryConfig, M::Error> {
        let mut config = DiscoveryConfig::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "static_configs" => {
                    config.static_configs = complete(map.next_value()?, "static_configs")?;
                }
                "file_sd_configs" => {
                    config.file = complete(map.next_value()?, "file_sd_configs")?;
                }
                other => {
                    let known = CHECKED.iter().find(|(field, _)| *field == other);
                    let (field, schema) =
                        known.ok_or_else(|| M::Error::unknown_field(other, FIELDS))?;
                    let count = map.next_value_seed(Checked { field, schema })?;
                    config.inactive.extend(std::iter::repeat_n(*field, count));
                }
            }
        }
        Ok(config)
    }
}

/// The items of a list none of which may be null.
fn complete<T, E: Error>(items: Vec<Option<T>>, field: &str) -> Result<Vec<T>, E> {
    items.into_iter().map(|item| item.ok_or_else(|| null_item(field))).collect()
}

fn null_item<E: Error>(field: &str) -> E {
    E::custom(format!("empty or null section in {field}"))
}

/// Checks the blocks of one mechanism and counts them.
struct Checked {
    field: &'static str,
    schema: &'static Schema,
}

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<usize, S::Error> {
        let mut count = 0;
        while let Some(block) = items.next_element_seed(Block(self.schema))? {
            block.ok_or_else(|| null_item(self.field))?;
            count += 1;
        }
        Ok(count)
    }
}

/// One block, or a null.
struct Block(&'static Schema);

impl<'de> DeserializeSeed<'de> for Block {
    type Value = Option<()>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Block {
    type Value = Option<()>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.type_name)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(|_| Some(()))
    }
}
