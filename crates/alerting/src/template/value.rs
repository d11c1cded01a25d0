//! What templates compute with.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use crate::golang::time::Time;

/// A value; a clone is at most one reference count.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Go's `nil`, also in an interface.
    Nil,
    /// `bool`.
    Bool(bool),
    /// Any integer.
    Int(i64),
    /// An integer that prints as a word, such as a month.
    Word(i64, &'static str),
    /// `float64`.
    Float(f64),
    /// `string`.
    Text(Arc<str>),
    /// `time.Time`.
    Time(Arc<Time>),
    /// `time.Duration` in nanoseconds.
    Duration(i64),
    /// A slice.
    List(Arc<List>),
    /// A map with text keys.
    Map(Arc<Map>),
    /// Anything with methods or named fields.
    Object(Arc<dyn Object>),
}

/// A list that knows how many lists and maps lie within each other in it.
#[derive(Debug)]
pub(crate) struct List {
    items: Vec<Value>,
    /// Whether it was made a list of texts.
    of_text: bool,
    depth: usize,
}

/// A map with text keys.
#[derive(Debug)]
pub(crate) struct Map {
    entries: BTreeMap<String, Value>,
    /// Whether all values are texts, so that a missing key is the empty text and not nil.
    of_text: bool,
    depth: usize,
}

/// A named field of an object.
pub(crate) struct Field {
    /// What templates call it.
    pub(crate) name: &'static str,
    /// What it is called in JSON.
    pub(crate) json: &'static str,
    /// What it holds.
    pub(crate) value: Value,
}

/// A type with methods, named fields, or both.
pub(crate) trait Object: Send + Sync + std::fmt::Debug {
    /// What Go calls the type; error messages name it.
    fn type_name(&self) -> &'static str;

    /// Calls a method; `None` when there is none of that name.
    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let _none = (name, arguments);
        None
    }

    /// The fields of a struct, in order.
    fn fields(&self) -> Vec<Field> {
        Vec::new()
    }

    /// What a type that is a list or a map underneath consists of.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// How it prints, when it has its own way.
    fn display(&self) -> Option<String> {
        None
    }
}

impl Value {
    /// A text.
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Value::Text(Arc::from(text.as_ref()))
    }

    /// A list.
    pub(crate) fn list(values: impl IntoIterator<Item = Value>) -> Self {
        let items: Vec<Value> = values.into_iter().collect();
        let depth = 1 + items.iter().map(Value::depth).max().unwrap_or(0);
        Value::List(Arc::new(List { items, of_text: false, depth }))
    }

    /// A list of texts.
    pub(crate) fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let items = texts.into_iter().map(Value::text).collect();
        Value::List(Arc::new(List { items, of_text: true, depth: 1 }))
    }

    /// A map whose values are texts.
    pub(crate) fn text_map<N: Into<String>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let entries = pairs.into_iter().map(|(name, value)| (name.into(), Value::text(value)));
        Value::Map(Arc::new(Map { entries: entries.collect(), of_text: true, depth: 1 }))
    }

    /// A map whose values are of any type.
    pub(crate) fn map(entries: BTreeMap<String, Value>) -> Self {
        let depth = 1 + entries.values().map(Value::depth).max().unwrap_or(0);
        Value::Map(Arc::new(Map { entries, of_text: false, depth }))
    }

    /// A time.
    pub(crate) fn time(time: Time) -> Self {
        Value::Time(Arc::new(time))
    }

    /// An object.
    pub(crate) fn object(object: impl Object + 'static) -> Self {
        Value::Object(Arc::new(object))
    }

    /// What Go calls the type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Word(..) => "time.Month",
            Value::Float(_) => "float64",
            Value::Text(_) => "string",
            Value::Time(_) => "time.Time",
            Value::Duration(_) => "time.Duration",
            Value::List(list) if list.of_text => "[]string",
            Value::List(_) => "[]interface {}",
            Value::Map(map) if map.of_text => "map[string]string",
            Value::Map(_) => "map[string]interface {}",
            Value::Object(object) => object.type_name(),
        }
    }

    /// The value without its methods: lists and maps as such.
    pub(crate) fn plain(&self) -> Value {
        match self {
            Value::Object(object) => object.underlying().unwrap_or_else(|| self.clone()),
            other => other.clone(),
        }
    }

    /// Whether a condition takes it as true: neither zero nor empty.
    pub(crate) fn is_true(&self) -> bool {
        match self.plain() {
            Value::Nil => false,
            Value::Bool(value) => value,
            Value::Int(value) | Value::Word(value, _) | Value::Duration(value) => value != 0,
            Value::Float(value) => value != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(list) => !list.is_empty(),
            Value::Map(map) => map.len() > 0,
            Value::Time(_) | Value::Object(_) => true,
        }
    }

    /// How many lists and maps lie within each other.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Value::List(list) => list.depth,
            Value::Map(map) => map.depth,
            _ => 0,
        }
    }

    /// Roughly what looking at the value costs, in bytes of text or elements.
    pub(crate) fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::List(list) => list.len(),
            Value::Map(map) => map.len(),
            _ => 1,
        }
    }
}

impl List {
    /// Some of its elements; the range is within it.
    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Value {
        let items = self.items[range].to_vec();
        Value::List(Arc::new(List { items, of_text: self.of_text, depth: self.depth }))
    }
}

impl std::ops::Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl Map {
    /// The entries in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key, or the zero value of the map's elements.
    pub(crate) fn get(&self, key: &str) -> Value {
        match self.entries.get(key) {
            Some(value) => value.clone(),
            None if self.of_text => Value::text(""),
            None => Value::Nil,
        }
    }
}

impl Serialize for Value {
    /// As Go's `encoding/json` has it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nil => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) | Value::Word(value, _) | Value::Duration(value) => {
                serializer.serialize_i64(*value)
            }
            Value::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Value::Float(value) => {
                let text = crate::golang::float::format(*value, 'g', None);
                Err(serde::ser::Error::custom(format!("json: unsupported value: {text}")))
            }
            Value::Text(text) => serializer.serialize_str(text),
            Value::Time(time) => {
                serializer.serialize_str(&time.format("2006-01-02T15:04:05.999999999Z07:00"))
            }
            Value::List(list) => {
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                for value in list.iter() {
                    sequence.serialize_element(value)?;
                }
                sequence.end()
            }
            Value::Map(map) => serializer.collect_map(&map.entries),
            Value::Object(object) => match object.underlying() {
                Some(plain) => plain.serialize(serializer),
                None => {
                    let mut map = serializer.serialize_map(None)?;
                    for field in object.fields() {
                        map.serialize_entry(field.json, &field.value)?;
                    }
                    map.end()
                }
            },
        }
    }
}
