//! Replies as Elasticsearch writes them: compact, with the fields clients look for.

use serde_json::{Value, json};

use super::decode::{Item, Outcome};
use super::filter_path::filter_path as filter;
use crate::{DecodeError, Reply};

/// The answer to `_bulk` once the batch is stored. `filter_path` is the parameter of that name.
///
/// `"errors":false,"items":[` stand next to each other: Fluent Bit looks for just this text in
/// answers that are longer than its buffer.
pub fn accepted(items: &[Item], took_ms: u64, filter_path: Option<&str>) -> Reply {
    let errors = items.iter().any(|item| matches!(item.outcome, Outcome::Failed(_)));
    let mut body = format!("{{\"took\":{took_ms},\"errors\":{errors},\"items\":[");
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            body.push(',');
        }
        write_item(item, position, &mut body);
    }
    body.push_str("]}");
    if let Some(paths) = filter_path.filter(|paths| !paths.is_empty())
        && let Ok(json) = serde_json::from_str(&body)
    {
        body = filter(json, paths).to_string();
    }
    Reply { status: 200, content_type: "application/json", body: body.into_bytes() }
}

fn write_item(item: &Item, position: usize, out: &mut String) {
    let action = item.action.name();
    let (index, id) = (quoted(&item.index), quoted(&item.id));
    *out += &format!("{{\"{action}\":{{\"_index\":{index},\"_id\":{id},");
    let (result, status) = match &item.outcome {
        Outcome::Created => ("created", 201),
        Outcome::NotFound => ("not_found", 404),
        Outcome::Failed(error) => {
            let (status, error_type) = (error.status, error.error_type);
            let reason = quoted(&error.reason);
            *out += &format!(
                "\"status\":{status},\"error\":{{\"type\":\"{error_type}\",\"reason\":{reason}}}}}}}"
            );
            return;
        }
    };
    *out += &format!(
        "\"_version\":1,\"result\":\"{result}\",\
         \"_shards\":{{\"total\":1,\"successful\":1,\"failed\":0}},\
         \"_seq_no\":{position},\"_primary_term\":1,\"status\":{status}}}}}"
    );
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The answer to a body that could not be decoded.
pub fn refused(error: &DecodeError) -> Reply {
    let error_type = match error {
        DecodeError::TooLarge { .. } => "content_too_long_exception",
        DecodeError::Unsupported(_) => "media_type_header_exception",
        DecodeError::Malformed { reason, .. } if reason.starts_with("Validation Failed") => {
            "action_request_validation_exception"
        }
        DecodeError::Malformed { reason, .. } if reason.starts_with("request body") => {
            "parse_exception"
        }
        DecodeError::Malformed { .. } => "illegal_argument_exception",
    };
    failed(error.http_status(), error_type, &error.reason())
}

/// An error for the whole request. Shippers retry on 429 and 5xx; per item they would give up.
pub fn failed(http_status: u16, error_type: &str, reason: &str) -> Reply {
    let cause = json!({ "type": error_type, "reason": reason });
    let body = json!({
        "error": { "root_cause": [cause], "type": error_type, "reason": reason },
        "status": http_status,
    });
    Reply::json(http_status, &body)
}
