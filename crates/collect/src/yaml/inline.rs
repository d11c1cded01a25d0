//! Types that only this YAML reader fills.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::Position;

/// The names by which the reader knows them.
pub(crate) const INLINE: &str = "$inline";
pub(super) const LOCATED: &str = "$located";

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
