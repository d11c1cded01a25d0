//! How serde walks the collections of the tree.

use std::sync::Arc;

use serde::de::value::UsizeDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use crate::Error;
use crate::read::Reader;
use crate::tree::{Node, Pair};

/// The items of a sequence.
pub(crate) struct Items<'a>(pub(crate) std::slice::Iter<'a, Arc<Node>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.0.next() else { return Ok(None) };
        let value = seed.deserialize(Reader::new(node));
        value.map(Some).map_err(|error| error.or_at(node.position))
    }
}

/// The pairs of a mapping.
pub(crate) struct Pairs<'a, I: Iterator<Item = &'a Pair>> {
    pairs: I,
    value: Option<&'a Node>,
}

impl<'a, I: Iterator<Item = &'a Pair>> Pairs<'a, I> {
    pub(crate) fn new(pairs: I) -> Self {
        Pairs { pairs, value: None }
    }
}

impl<'a, 'de, I: Iterator<Item = &'a Pair>> MapAccess<'de> for Pairs<'a, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        self.value = Some(value);
        let name = seed.deserialize(Reader::new(key));
        name.map(Some).map_err(|error| error.or_at(key.position))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let node = self.value.take().expect("serde asks for a key before its value");
        seed.deserialize(Reader::new(node)).map_err(|error| error.or_at(node.position))
    }
}

/// The same mapping for every part of an inlined structure.
pub(crate) struct Parts<'a>(pub(crate) Reader<'a>);

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        seed.deserialize(self.0).map(Some)
    }
}

/// Line, column and value of one node.
pub(crate) struct PositionThenValue<'a> {
    node: &'a Node,
    step: usize,
}

impl<'a> PositionThenValue<'a> {
    pub(crate) fn new(node: &'a Node) -> Self {
        PositionThenValue { node, step: 0 }
    }
}

impl<'de> SeqAccess<'de> for PositionThenValue<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let number = |n: usize| -> UsizeDeserializer<Error> { n.into_deserializer() };
        self.step += 1;
        match self.step {
            1 => seed.deserialize(number(self.node.position.line)).map(Some),
            2 => seed.deserialize(number(self.node.position.column)).map(Some),
            _ => seed.deserialize(Reader::new(self.node)).map(Some),
        }
    }
}
