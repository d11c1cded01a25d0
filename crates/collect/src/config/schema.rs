//! Blocks that are checked but not acted upon, described as data.
//!
//! A configuration that asks for Consul or for a remote write must load as it does upstream, and a
//! typing error in it must be found, although nothing is done with it yet. So these blocks have no
//! types of their own: a [`Schema`] lists their fields, and a function looks at combinations.

use std::collections::BTreeMap;
use std::fmt;

use http_client::{HttpClientConfig, TlsConfig, check_url};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use yaml::{INLINE, Located};

use super::{ConfigError, parse_duration, parse_size};
use crate::relabel::UncheckedRule;

/// The form of a block.
pub(super) struct Schema {
    /// What upstream calls its type.
    pub(super) type_name: &'static str,
    /// The names of its fields; their kinds stand at the same places.
    pub(super) fields: &'static [&'static str],
    pub(super) kinds: &'static [Kind],
    /// Whether the fields of `http_config` are allowed beside them.
    pub(super) http: bool,
    /// What the fields must satisfy together.
    pub(super) check: fn(&Fields, &HttpClientConfig) -> Result<(), ConfigError>,
}

/// The form of a field.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Bool,
    Int,
    Float,
    Duration,
    Size,
    Url,
    Texts,
    TextMap,
    Tls,
    Relabel,
    /// A block.
    One(&'static Schema),
    /// A list of blocks.
    Many(&'static Schema),
}

/// Describes a block: `schema! { NAME: "type" [http] { field: Kind, … } check }`.
macro_rules! schema {
    ($(#[$doc:meta])* $name:ident: $type_name:literal { $($field:ident: $kind:expr),* $(,)? } $check:expr) => {
        $crate::config::schema::schema!(@ $(#[$doc])* $name, $type_name, false, { $($field: $kind),* } $check);
    };
    ($(#[$doc:meta])* $name:ident: $type_name:literal http { $($field:ident: $kind:expr),* $(,)? } $check:expr) => {
        $crate::config::schema::schema!(@ $(#[$doc])* $name, $type_name, true, { $($field: $kind),* } $check);
    };
    (@ $(#[$doc:meta])* $name:ident, $type_name:literal, $http:literal, { $($field:ident: $kind:expr),* } $check:expr) => {
        $(#[$doc])*
        pub(in $crate::config) static $name: $crate::config::schema::Schema = {
            #[allow(unused_imports, reason = "not every block has fields of every kind")]
            use $crate::config::schema::Kind::*;
            $crate::config::schema::Schema {
                type_name: $type_name,
                fields: &[$(stringify!($field)),*],
                kinds: &[$($kind),*],
                http: $http,
                check: $check,
            }
        };
    };
}
pub(super) use schema;

/// A block without conditions.
pub(super) fn anything(_: &Fields, _: &HttpClientConfig) -> Result<(), ConfigError> {
    Ok(())
}

/// A value that was read.
#[derive(Debug)]
pub(super) enum Field {
    Text(String),
    Bool(bool),
    Int(i64),
    Float(f64),
    Texts(Vec<String>),
    TextMap(BTreeMap<String, String>),
    Rules(Vec<Option<Located<UncheckedRule>>>),
    One(Fields),
    Many(Vec<Fields>),
    /// Checked, and of no further interest.
    Other,
}

/// The fields of a block that were written.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<&'static str, Field>);

impl Fields {
    /// Whether a field is there and not empty.
    pub(super) fn has(&self, name: &str) -> bool {
        match self.0.get(name) {
            None => false,
            Some(Field::Text(text)) => !text.is_empty(),
            Some(Field::Texts(list)) => !list.is_empty(),
            Some(Field::Bool(value)) => *value,
            Some(_) => true,
        }
    }

    /// The text of a field, or a default when the field is not there.
    pub(super) fn text_or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        match self.0.get(name) {
            Some(Field::Text(text)) => text,
            _ => default,
        }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.text_or(name, "")
    }

    pub(super) fn int_or(&self, name: &str, default: i64) -> i64 {
        match self.0.get(name) {
            Some(Field::Int(value)) => *value,
            _ => default,
        }
    }

    pub(super) fn float(&self, name: &str) -> f64 {
        match self.0.get(name) {
            Some(Field::Float(value)) => *value,
            _ => 0.0,
        }
    }

    pub(super) fn texts(&self, name: &str) -> &[String] {
        match self.0.get(name) {
            Some(Field::Texts(list)) => list,
            _ => &[],
        }
    }

    pub(super) fn text_map(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let map = match self.0.get(name) {
            Some(Field::TextMap(map)) => Some(map),
            _ => None,
        };
        map.into_iter().flatten().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn rules(&self, name: &str) -> &[Option<Located<UncheckedRule>>] {
        match self.0.get(name) {
            Some(Field::Rules(rules)) => rules,
            _ => &[],
        }
    }

    pub(super) fn one(&self, name: &str) -> Option<&Fields> {
        match self.0.get(name) {
            Some(Field::One(fields)) => Some(fields),
            _ => None,
        }
    }

    pub(super) fn many(&self, name: &str) -> &[Fields] {
        match self.0.get(name) {
            Some(Field::Many(list)) => list,
            _ => &[],
        }
    }
}

impl<'de> DeserializeSeed<'de> for &'static Schema {
    type Value = (Fields, HttpClientConfig);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let (fields, http) = if self.http {
            deserializer.deserialize_tuple_struct(INLINE, 2, WithHttp(self))?
        } else {
            (PlainFields(self).deserialize(deserializer)?, HttpClientConfig::default())
        };
        (self.check)(&fields, &http).map_err(D::Error::custom)?;
        Ok((fields, http))
    }
}

/// The own fields of a block, then those of `http_config`.
struct WithHttp(&'static Schema);

impl<'de> Visitor<'de> for WithHttp {
    type Value = (Fields, HttpClientConfig);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.type_name)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut parts: S) -> Result<Self::Value, S::Error> {
        let missing = || S::Error::custom("not read by the YAML reader");
        let fields = parts.next_element_seed(PlainFields(self.0))?.ok_or_else(missing)?;
        let http = parts.next_element()?.ok_or_else(missing)?;
        Ok((fields, http))
    }
}

struct PlainFields(&'static Schema);

impl<'de> DeserializeSeed<'de> for PlainFields {
    type Value = Fields;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_struct(self.0.type_name, self.0.fields, self)
    }
}

impl<'de> Visitor<'de> for PlainFields {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.type_name)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields, M::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key::<String>()? {
            let known = self.0.fields.iter().zip(self.0.kinds).find(|(known, _)| **known == name);
            let (name, kind) =
                known.ok_or_else(|| M::Error::unknown_field(&name, self.0.fields))?;
            if let Some(field) = map.next_value_seed(*kind)? {
                fields.0.insert(*name, field);
            }
        }
        Ok(fields)
    }
}

impl<'de> DeserializeSeed<'de> for Kind {
    type Value = Option<Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Kind {
    type Value = Option<Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        use serde::Deserialize;
        let field = match self {
            Kind::Text => Field::Text(String::deserialize(deserializer)?),
            Kind::Bool => Field::Bool(bool::deserialize(deserializer)?),
            Kind::Int => Field::Int(i64::deserialize(deserializer)?),
            Kind::Float => Field::Float(f64::deserialize(deserializer)?),
            Kind::Duration => {
                let text = String::deserialize(deserializer)?;
                let duration = parse_duration(&text).map_err(D::Error::custom)?;
                Field::Int(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
            }
            Kind::Size => {
                let text = String::deserialize(deserializer)?;
                Field::Int(parse_size(&text).map_err(D::Error::custom)?)
            }
            Kind::Url => {
                let text = String::deserialize(deserializer)?;
                check_url(&text).map_err(D::Error::custom)?;
                Field::Text(text)
            }
            Kind::Texts => Field::Texts(Vec::deserialize(deserializer)?),
            Kind::TextMap => Field::TextMap(BTreeMap::deserialize(deserializer)?),
            Kind::Tls => {
                TlsConfig::deserialize(deserializer)?;
                Field::Other
            }
            Kind::Relabel => Field::Rules(Vec::deserialize(deserializer)?),
            Kind::One(schema) => Field::One(schema.deserialize(deserializer)?.0),
            Kind::Many(schema) => Field::Many(deserializer.deserialize_seq(Blocks(schema))?),
        };
        Ok(Some(field))
    }
}

/// A list of blocks.
struct Blocks(&'static Schema);

impl<'de> Visitor<'de> for Blocks {
    type Value = Vec<Fields>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Vec<Fields>, S::Error> {
        let mut list = Vec::new();
        while let Some((fields, _)) = items.next_element_seed(self.0)? {
            list.push(fields);
        }
        Ok(list)
    }
}
