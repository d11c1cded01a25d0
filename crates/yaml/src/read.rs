//! Reading the tree with serde.

use std::cell::RefCell;
use std::collections::HashSet;

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use crate::access::{Items, Pairs, PositionThenValue};
use crate::inline::{INLINE, LOCATED, Taken};
use crate::scalar::Meaning;
use crate::tree::{Content, Node, Pair, Scalar, ScalarKind};
use crate::{Error, unknown};

/// Reads one node.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) node: &'a Node,
    /// The fields that the parts of an inlined structure have taken so far.
    pub(crate) taken: Option<&'a RefCell<Taken>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(node: &'a Node) -> Self {
        Reader { node, taken: None }
    }

    fn scalar(&self) -> Option<&'a Scalar> {
        match &self.node.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_null)
    }

    /// The error of a node that is not what the type wants, as Go words it.
    fn mismatch(&self, wanted: &str) -> Error {
        let found = match &self.node.content {
            Content::Sequence(_) => "!!seq".to_owned(),
            Content::Mapping(_) => "!!map".to_owned(),
            Content::Scalar(scalar) => {
                let tag = match scalar.meaning() {
                    Meaning::Bool(_) => "!!bool",
                    Meaning::Int(_) => "!!int",
                    Meaning::Float(_) => "!!float",
                    Meaning::Null | Meaning::Text => "!!str",
                };
                let short: String = scalar.text.chars().take(32).collect();
                format!("{tag} `{short}`")
            }
        };
        Error::new(format!("cannot unmarshal {found} into {wanted}")).or_at(self.node.position)
    }

    fn visit_text<'de, V: Visitor<'de>>(scalar: &Scalar, visitor: V) -> Result<V::Value, Error> {
        if scalar.is_null() {
            return visitor.visit_str("");
        }
        if scalar.kind != ScalarKind::Binary {
            return visitor.visit_str(&scalar.text);
        }
        match String::from_utf8(scalar.bytes()?) {
            Ok(text) => visitor.visit_string(text),
            Err(error) => visitor.visit_byte_buf(error.into_bytes()),
        }
    }

    /// The pairs of a mapping; a null has none.
    pub(crate) fn pairs(&self, wanted: &str) -> Result<&'a [Pair], Error> {
        match &self.node.content {
            Content::Mapping(mapping) => Ok(&mapping.pairs),
            _ if self.is_null() => Ok(&[]),
            _ => Err(self.mismatch(wanted)),
        }
    }

    /// The text of a node that is a key.
    pub(crate) fn key(&self) -> Result<&'a str, Error> {
        self.node.text().ok_or_else(|| self.mismatch("string"))
    }
}

/// Numbers of every width, read as wide as possible and narrowed by the type itself.
macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ty),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let value = self.scalar().and_then(Scalar::as_int);
            match value.and_then(|value| <$type>::try_from(value).ok()) {
                Some(value) => visitor.$visit(value),
                None if self.is_null() => visitor.$visit(0),
                None => Err(self.mismatch(stringify!($type))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    whole_numbers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let scalar = match &self.node.content {
            Content::Scalar(scalar) => scalar,
            Content::Sequence(_) => return self.deserialize_seq(visitor),
            Content::Mapping(_) => return self.deserialize_map(visitor),
        };
        match scalar.meaning() {
            Meaning::Null => visitor.visit_unit(),
            Meaning::Bool(value) => visitor.visit_bool(value),
            Meaning::Int(value) => match (i64::try_from(value), u64::try_from(value)) {
                (Ok(value), _) => visitor.visit_i64(value),
                (_, Ok(value)) => visitor.visit_u64(value),
                _ => visitor.visit_f64(value as f64),
            },
            Meaning::Float(value) => visitor.visit_f64(value),
            Meaning::Text => Reader::visit_text(scalar, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar().and_then(Scalar::as_bool) {
            Some(value) => visitor.visit_bool(value),
            None if self.is_null() => visitor.visit_bool(false),
            None => Err(self.mismatch("bool")),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let scalar = self.scalar();
        let value = scalar.and_then(Scalar::as_float);
        match value.or_else(|| scalar.and_then(Scalar::as_int).map(|value| value as f64)) {
            Some(value) => visitor.visit_f64(value),
            None if self.is_null() => visitor.visit_f64(0.0),
            None => Err(self.mismatch("float64")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some(scalar) => Reader::visit_text(scalar, visitor),
            None => Err(self.mismatch("string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scalar() {
            Some(scalar) => visitor.visit_byte_buf(scalar.bytes()?),
            None => Err(self.mismatch("string")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            _ if self.is_null() => visitor.visit_seq(Items([].iter())),
            _ => Err(self.mismatch("a list")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            INLINE => self.inline(visitor),
            LOCATED => visitor.visit_seq(PositionThenValue::new(self.node)),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let pairs = self.pairs("a map")?;
        let mut names = HashSet::new();
        for (key, _) in pairs {
            let name = Reader::new(key).key()?;
            if !names.insert(name) {
                let message = format!("key {name:?} already set in map");
                return Err(Error::new(message).or_at(key.position));
            }
        }
        visitor.visit_map(Pairs::new(pairs.iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut known: Vec<&Pair> = Vec::new();
        for pair @ (key, _) in self.pairs(name)? {
            let field = Reader::new(key).key()?;
            if !fields.contains(&field) {
                if self.taken.is_none() {
                    return Err(unknown::field(field, name, fields, key.position));
                }
                continue;
            }
            if known.iter().any(|(other, _)| Reader::new(other).key() == Ok(field)) {
                let message = format!("field {field} already set in type {name}");
                return Err(Error::new(message).or_at(key.position));
            }
            known.push(pair);
        }
        if let Some(taken) = self.taken {
            let mut taken = taken.borrow_mut();
            if taken.type_name.is_empty() {
                taken.type_name = name;
            }
            taken.fields.extend(fields);
        }
        visitor.visit_map(Pairs::new(known.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text: StrDeserializer<'_, Error> = self.key()?.into_deserializer();
        visitor.visit_enum(text)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
