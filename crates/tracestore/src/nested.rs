//! Events and links, which lie in columns of JSON.

use model::{Attributes, Event, Link, Value};
use records::json;

/// How deep attribute values may be nested. Events add three levels: the list, the event and its
/// attributes.
pub(crate) const MAX_DEPTH: usize = json::MAX_DEPTH - 3;

/// Whether an attribute value is nested at most [`MAX_DEPTH`] deep.
pub(crate) fn is_storable(value: &Value) -> bool {
    json::depth(value) <= MAX_DEPTH
}

/// A list of objects with the keys `time_ns`, `name` and `attributes`.
pub(crate) fn events(events: &[Event]) -> Value {
    let event = |event: &Event| {
        Value::Map(vec![
            ("time_ns".to_owned(), Value::Int(event.time_ns)),
            ("name".to_owned(), Value::from(event.name.as_str())),
            ("attributes".to_owned(), Value::Map(event.attributes.clone())),
        ])
    };
    Value::Array(events.iter().map(event).collect())
}

/// A list of objects with the keys `trace_id`, `span_id`, `trace_state` and `attributes`.
pub(crate) fn links(links: &[Link]) -> Value {
    let link = |link: &Link| {
        Value::Map(vec![
            ("trace_id".to_owned(), Value::Str(link.trace_id.to_string())),
            ("span_id".to_owned(), Value::Str(link.span_id.to_string())),
            ("trace_state".to_owned(), Value::from(link.trace_state.as_str())),
            ("attributes".to_owned(), Value::Map(link.attributes.clone())),
        ])
    };
    Value::Array(links.iter().map(link).collect())
}

/// What [`events`] wrote.
pub(crate) fn read_events(value: Value) -> Vec<Event> {
    let event = |mut members: Members| {
        Some(Event {
            time_ns: members.int("time_ns"),
            name: members.text("name"),
            attributes: members.map("attributes"),
        })
    };
    objects(value).filter_map(event).collect()
}

/// What [`links`] wrote.
pub(crate) fn read_links(value: Value) -> Vec<Link> {
    let link = |mut members: Members| {
        Some(Link {
            trace_id: members.text("trace_id").parse().ok()?,
            span_id: members.text("span_id").parse().ok()?,
            trace_state: members.text("trace_state"),
            attributes: members.map("attributes"),
        })
    };
    objects(value).filter_map(link).collect()
}

/// Whether one of the events or links has an attribute whose text is this.
pub(crate) fn has_attribute(value: &Value, name: &str, text: &str) -> bool {
    let Value::Array(objects) = value else { return false };
    objects.iter().any(|object| {
        let Value::Map(members) = object else { return false };
        members.iter().filter(|(key, _)| key == "attributes").any(|(_, attributes)| {
            let Value::Map(attributes) = attributes else { return false };
            attributes.iter().any(|(n, value)| n == name && value.to_text() == text)
        })
    })
}

/// The members of an object.
struct Members(Attributes);

impl Members {
    fn take(&mut self, name: &str) -> Option<Value> {
        let position = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.swap_remove(position).1)
    }

    fn int(&mut self, name: &str) -> i64 {
        if let Some(Value::Int(value)) = self.take(name) { value } else { 0 }
    }

    fn text(&mut self, name: &str) -> String {
        if let Some(Value::Str(text)) = self.take(name) { text } else { String::new() }
    }

    fn map(&mut self, name: &str) -> Attributes {
        if let Some(Value::Map(members)) = self.take(name) { members } else { Attributes::new() }
    }
}

fn objects(value: Value) -> impl Iterator<Item = Members> {
    let elements = if let Value::Array(elements) = value { elements } else { Vec::new() };
    elements.into_iter().filter_map(|element| match element {
        Value::Map(members) => Some(Members(members)),
        _ => None,
    })
}
