//! Notifiers: a request from a notification, and a verdict from the answer. Sending is not here.

mod slack;
mod webhook;

use std::collections::BTreeMap;
use std::path::Path;

use env::Fs;
use http_client::HttpClientConfig;

use crate::config;
use crate::message::{Notification, Templates};

/// All notifiers that exist, in the order in which a receiver uses them.
pub const NOTIFIERS: [&str; 2] = ["webhook", "slack"];

/// The largest file with an address.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// A request to make. The body is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) url: String,
    pub(crate) body: String,
}

/// What a server answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a str,
}

/// Why a notification failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// Whether to try again.
    pub(crate) retry: bool,
    /// The word of the metric of failed notifications.
    pub(crate) reason: &'static str,
}

impl Failure {
    /// One that trying again does not mend.
    pub(crate) fn lasting(message: impl Into<String>) -> Self {
        Failure { message: message.into(), retry: false, reason: "other" }
    }
}

/// What a notifier keeps until the next notification of the group.
pub(crate) type Kept = BTreeMap<String, String>;

/// A way to tell people.
pub(crate) trait Notifier: Send + Sync {
    /// Its kind, one of [`NOTIFIERS`].
    fn kind(&self) -> &'static str;

    /// Whether it tells of what is resolved.
    fn send_resolved(&self) -> bool;

    /// How to speak with its server.
    fn http(&self) -> &HttpClientConfig;

    /// How long one attempt may take, in nanoseconds; 0 for as long as the notification may.
    fn timeout_ns(&self) -> i64;

    /// The request for a notification.
    ///
    /// # Errors
    /// When a template fails or a file cannot be read.
    fn request(
        &self,
        notification: &Notification,
        templates: &Templates,
        fs: &dyn Fs,
    ) -> Result<Request, Failure>;

    /// What the answer means.
    ///
    /// # Errors
    /// When it means that nobody was told.
    fn judge(&self, request: &Request, response: Response<'_>) -> Result<Kept, Failure>;
}

/// A notifier of a receiver and its position among those of its kind.
pub(crate) struct Integration {
    pub(crate) notifier: Box<dyn Notifier>,
    pub(crate) index: usize,
}

/// The notifiers of a receiver.
pub(crate) fn integrations(receiver: &config::Receiver) -> Vec<Integration> {
    let webhooks = receiver
        .webhooks
        .iter()
        .cloned()
        .map(|config| Box::new(webhook::Webhook(config)) as Box<dyn Notifier>);
    let slacks = receiver
        .slacks
        .iter()
        .cloned()
        .map(|config| Box::new(slack::Slack(config)) as Box<dyn Notifier>);
    let number = |(index, notifier)| Integration { notifier, index };
    webhooks.enumerate().map(number).chain(slacks.enumerate().map(number)).collect()
}

/// The text of a file with an address, without the white space around it.
fn read_address(fs: &dyn Fs, file: &str) -> Result<String, Failure> {
    let unreadable = |reason: String| Failure::lasting(format!("reading {file}: {reason}"));
    let content =
        fs.read(Path::new(file), FILE_BYTES_MAX).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(content).map_err(|_| unreadable("not UTF-8 text".to_owned()))?;
    Ok(text.trim().to_owned())
}

/// A status of 2xx is success; of the others, those of 5xx may pass.
fn check_status(response: Response<'_>) -> Result<(), Failure> {
    let status = response.status;
    if status / 100 == 2 {
        return Ok(());
    }
    let mut message = format!("unexpected status code {status}");
    if !response.body.is_empty() {
        message = format!("{message}: {}", response.body);
    }
    let reason = match status {
        401 | 403 => "authError",
        429 => "rateLimited",
        400..=499 => "clientError",
        500..=599 => "serverError",
        _ => "other",
    };
    Err(Failure { message, retry: status / 100 == 5, reason })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_is_the_folders() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/notify");
        let entries = env::RealFs.list(Path::new(folder)).unwrap();
        let folders: BTreeSet<_> =
            entries.iter().filter(|entry| entry.is_dir).map(|entry| entry.name.as_str()).collect();
        assert_eq!(folders, BTreeSet::from(NOTIFIERS));
    }

    #[test]
    fn statuses() {
        let check = |status, body| {
            let result = check_status(Response { status, content_type: "", body });
            result.map_err(|f| (f.message, f.retry, f.reason))
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(check(204, "x"), Ok(()));
        assert_eq!(
            check(404, "gone"),
            Err((text("unexpected status code 404: gone"), false, "clientError"))
        );
        assert_eq!(check(429, ""), Err((text("unexpected status code 429"), false, "rateLimited")));
        assert_eq!(check(401, ""), Err((text("unexpected status code 401"), false, "authError")));
        assert_eq!(check(503, ""), Err((text("unexpected status code 503"), true, "serverError")));
        assert_eq!(check(302, ""), Err((text("unexpected status code 302"), false, "other")));
    }
}
