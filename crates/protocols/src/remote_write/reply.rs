//! Replies to remote write: a status, and a text when something is wrong.

use crate::{Rejected, Reply};

/// The answer once the batch is stored. What was rejected makes it a 400, which tells the sender's log
/// why and keeps it from sending the same again; the rest is stored all the same.
pub fn accepted(rejected: &Rejected) -> Reply {
    match rejected.count {
        0 => Reply::empty(204),
        count => Reply::text(400, format!("{count} samples rejected: {}\n", rejected.reason)),
    }
}

/// The answer when nothing was stored; Prometheus sends again after 429 and 5xx only.
pub fn failed(http_status: u16, message: &str) -> Reply {
    Reply::text(http_status, format!("{message}\n"))
}
