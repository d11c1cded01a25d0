//! A payload of the user's own: JSON whose texts are templates. What a text becomes is read as
//! YAML, so that templates can give numbers, lists and maps.

use serde_json::{Map, Value};

use crate::template::TemplateError;

/// Renders all texts and keys of a payload.
pub(super) fn render(
    payload: &Value,
    template: &impl Fn(&str) -> Result<String, TemplateError>,
) -> Result<Value, TemplateError> {
    match payload {
        Value::String(text) => template(text).map(read),
        Value::Array(values) => values.iter().map(|value| render(value, template)).collect(),
        Value::Object(entries) => {
            let mut rendered = Map::new();
            for (key, value) in entries {
                rendered.insert(template(key)?, render(value, template)?);
            }
            Ok(Value::Object(rendered))
        }
        other => Ok(other.clone()),
    }
}

/// What a text says as YAML; the text itself when it is none, or one that stands for a text.
fn read(text: String) -> Value {
    match yaml::from_str(&text) {
        Ok(Value::String(_)) | Err(_) => Value::String(text),
        Ok(value) => value,
    }
}
