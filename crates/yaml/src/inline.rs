//! Types that only this YAML reader fills: structures that share a mapping, values with their place.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};

use crate::access::Parts;
use crate::read::Reader;
use crate::{Error, Position, unknown};

/// The name by which the reader knows [`Inline`], for those who implement the like of it.
pub const INLINE: &str = "$inline";
pub(crate) const LOCATED: &str = "$located";

/// Two structures whose fields stand in one mapping. Each takes the fields it knows; a field that
/// neither knows is an error. Nests for more than two.
#[derive(Debug)]
pub struct Inline<A, B>(pub A, pub B);

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// Where it begins.
    pub position: Position,
    /// The value.
    pub value: T,
}

impl<T> Located<T> {
    /// What is wrong with the value, at its place unless a closer one is known.
    pub fn error(&self, error: impl Into<Error>) -> Error {
        error.into().or_at(self.position)
    }
}

impl<'de, A: Deserialize<'de>, B: Deserialize<'de>> Deserialize<'de> for Inline<A, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(INLINE, 2, InlineVisitor(PhantomData))
    }
}

struct InlineVisitor<A, B>(PhantomData<(A, B)>);

impl<'de, A: Deserialize<'de>, B: Deserialize<'de>> Visitor<'de> for InlineVisitor<A, B> {
    type Value = Inline<A, B>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut parts: S) -> Result<Self::Value, S::Error> {
        let missing = || S::Error::custom("not read by the YAML reader");
        let first = parts.next_element()?.ok_or_else(missing)?;
        let second = parts.next_element()?.ok_or_else(missing)?;
        Ok(Inline(first, second))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple_struct(LOCATED, 3, LocatedVisitor(PhantomData))
    }
}

struct LocatedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LocatedVisitor<T> {
    type Value = Located<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut parts: S) -> Result<Self::Value, S::Error> {
        let missing = || S::Error::custom("not read by the YAML reader");
        let line = parts.next_element()?.ok_or_else(missing)?;
        let column = parts.next_element()?.ok_or_else(missing)?;
        let value = parts.next_element()?.ok_or_else(missing)?;
        Ok(Located { position: Position { line, column }, value })
    }
}

/// The fields that the structures of one mapping have taken so far.
#[derive(Default)]
pub(crate) struct Taken {
    pub(crate) type_name: &'static str,
    pub(crate) fields: Vec<&'static str>,
}

impl Reader<'_> {
    /// Lets several structures take their fields, then looks whether any is left.
    pub(crate) fn inline<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.taken.is_some() {
            return visitor.visit_seq(Parts(self));
        }
        let taken = RefCell::new(Taken::default());
        let reader = Reader { node: self.node, taken: Some(&taken) };
        let value = visitor.visit_seq(Parts(reader))?;
        let taken = taken.borrow();
        for (key, _) in self.pairs(taken.type_name)? {
            let name = Reader::new(key).key()?;
            if !taken.fields.contains(&name) {
                return Err(unknown::field(name, taken.type_name, &taken.fields, key.position));
            }
        }
        Ok(value)
    }
}
