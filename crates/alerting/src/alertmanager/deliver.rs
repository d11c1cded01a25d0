//! Delivers one notification: tries until somebody was told or time is up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http_client::{Auth, Method, SecretSource, read_limited};
use parking_lot::Mutex;

use super::backoff::Backoff;
use super::core::Delivery;
use super::run::Shared;
use crate::Moment;
use crate::history::{AttemptOutcome, NotificationRecord, NotifiedAlert, Outcome};
use crate::message::Notification;
use crate::notify::{Failure, Kept, Request, Response};

/// The largest answer that is read.
const RESPONSE_BYTES_MAX: u64 = 1 << 20;

/// Figures of one kind of notifier.
#[derive(Clone, Debug, Default)]
pub(crate) struct NotifierFigures {
    pub(crate) notifications: u64,
    /// By reason.
    pub(crate) failed: BTreeMap<&'static str, u64>,
    pub(crate) requests: u64,
    pub(crate) requests_failed: u64,
    pub(crate) seconds: f64,
}

/// Figures of all kinds.
#[derive(Debug, Default)]
pub(super) struct DeliveryFigures(Mutex<BTreeMap<&'static str, NotifierFigures>>);

impl DeliveryFigures {
    fn change(&self, kind: &'static str, change: impl FnOnce(&mut NotifierFigures)) {
        change(self.0.lock().entry(kind).or_default());
    }

    pub(super) fn all(&self) -> BTreeMap<&'static str, NotifierFigures> {
        self.0.lock().clone()
    }
}

/// Delivers, and tells the state machine how that ended.
pub(super) async fn deliver(shared: Arc<Shared>, delivery: Delivery) {
    let kind = delivery.integration.notifier.kind();
    shared.figures.change(kind, |figures| figures.notifications += 1);
    let mut record = new_record(&delivery, &*shared.env.random);
    let mut backoff = Backoff::new();
    let result = loop {
        let now = Moment::now(&*shared.env.clock);
        let left_ms = delivery.deadline_ms - now.mono_ms;
        let (attempt, result) = attempt(&shared, &delivery, left_ms.max(1).unsigned_abs()).await;
        record_attempt(&shared, &delivery, &mut record, attempt);
        let failure = match result {
            Ok(kept) => break Ok(kept),
            Err(failure) => failure,
        };
        let wait_ms = backoff.wait_ms(&*shared.env.random);
        let now = Moment::now(&*shared.env.clock);
        let left_ms = delivery.deadline_ms - now.mono_ms;
        let (receiver, integration) = (&record.receiver, &record.integration);
        let error = record.error.as_deref().unwrap_or_default();
        if !failure.retry || i64::try_from(wait_ms).is_ok_and(|wait| wait >= left_ms) {
            let attempts = record.attempts;
            tracing::error!(receiver, integration, attempts, error, "notifying failed");
            shared.figures.change(kind, |f| *f.failed.entry(failure.reason).or_default() += 1);
            break Err(());
        }
        tracing::warn!(receiver, integration, error, "notifying failed and is tried again");
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    };
    shared.delivered(delivery.id, result).await;
}

/// One attempt: what it showed, and whether somebody was told.
async fn attempt(
    shared: &Arc<Shared>,
    delivery: &Delivery,
    left_ms: u64,
) -> (AttemptOutcome, Result<Kept, Failure>) {
    let started = Moment::now(&*shared.env.clock);
    let mut outcome =
        AttemptOutcome { time_ms: started.wall.timestamp_millis(), ..AttemptOutcome::default() };
    let result = send(shared, delivery, left_ms, &mut outcome).await;
    let took_ms = Moment::now(&*shared.env.clock).mono_ms - started.mono_ms;
    outcome.took_ms = took_ms.unsigned_abs();
    outcome.error = result.as_ref().err().map(|failure| failure.message.clone());
    let failed = u64::from(result.is_err());
    shared.figures.change(delivery.integration.notifier.kind(), |figures| {
        figures.requests += 1;
        figures.requests_failed += failed;
        figures.seconds += took_ms as f64 / 1000.0;
    });
    (outcome, result)
}

async fn send(
    shared: &Arc<Shared>,
    delivery: &Delivery,
    left_ms: u64,
    outcome: &mut AttemptOutcome,
) -> Result<Kept, Failure> {
    let request = render(shared, delivery).await?;
    outcome.payload = Some(request.body.clone());
    let notifier = &delivery.integration.notifier;
    // Whatever keeps a server from answering may pass.
    let passing = |error: http_client::Error| {
        let reason = match error {
            http_client::Error::Timeout => "contextDeadlineExceeded",
            _ => "other",
        };
        Failure { message: error.to_string(), retry: true, reason }
    };
    let timeout = match u64::try_from(notifier.timeout_ns()) {
        Ok(nanos) if nanos > 0 => Duration::from_nanos(nanos).min(Duration::from_millis(left_ms)),
        _ => Duration::from_millis(left_ms),
    };
    let client = shared.clients.get(notifier.http()).map_err(passing)?;
    let builder = client.request(Method::POST, &request.url).await.map_err(passing)?;
    let response = builder
        .header("content-type", "application/json")
        .timeout(timeout)
        .body(request.body.clone())
        .send()
        .await
        .map_err(|error| passing(error.into()))?;
    let status = response.status().as_u16();
    outcome.status_code = Some(status);
    let content_type = response.headers().get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_owned();
    let body = read_limited(response, RESPONSE_BYTES_MAX).await.map_err(passing)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    outcome.response = Some(body.clone());
    let response = Response { status, content_type: &content_type, body: &body };
    let verdict = notifier.judge(&request, response);
    // The address is a secret; what the record shows is cleaned of it.
    outcome.payload = Some(clean(&request.body, &request.url));
    outcome.response = Some(clean(&body, &request.url));
    verdict.map_err(|failure| Failure { message: clean(&failure.message, &request.url), ..failure })
}

fn clean(text: &str, url: &str) -> String {
    text.replace(url, "<secret>")
}

/// Renders away from the threads that must not block: templates may be long and files slow.
async fn render(shared: &Arc<Shared>, delivery: &Delivery) -> Result<Request, Failure> {
    let (delivery, fs) = (delivery.clone(), Arc::clone(&shared.env.fs));
    let rendering = tokio::task::spawn_blocking(move || {
        let Delivery { integration, notification, templates, .. } = &delivery;
        integration.notifier.request(notification, templates, &*fs)
    });
    rendering.await.unwrap_or_else(|error| Err(Failure::lasting(error.to_string())))
}

fn new_record(delivery: &Delivery, random: &dyn env::Random) -> NotificationRecord {
    let Notification { group_key, group_labels, receiver, alerts, reason, now, .. } =
        &delivery.notification;
    let pairs = |labels: &model::Labels| {
        labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let time_ms = now.timestamp_millis();
    let (kind, index) = (delivery.integration.notifier.kind(), delivery.integration.index);
    let notified = alerts.iter().map(|alert| NotifiedAlert {
        fingerprint: alert.fingerprint(),
        status: if alert.ends_at.is_some() { "resolved" } else { "firing" }.to_owned(),
        labels: pairs(&alert.labels),
    });
    NotificationRecord {
        id: format!("{time_ms:013}-{:08x}", random.next_u64() >> 32),
        time_ms,
        group_key: group_key.clone(),
        receiver: receiver.clone(),
        integration: format!("{kind}[{index}]"),
        group_labels: pairs(group_labels),
        alerts: notified.collect(),
        reason: reason.to_string(),
        attempts: 0,
        outcome: Outcome::Failed,
        error: None,
        status_code: None,
        took_ms: 0,
        payload: None,
        response: None,
        tries: Default::default(),
    }
}

fn record_attempt(
    shared: &Shared,
    delivery: &Delivery,
    record: &mut NotificationRecord,
    attempt: AttemptOutcome,
) {
    record.add(attempt, &secrets(delivery));
    let changes = shared.history.lock().record(record.clone());
    shared.write_later(changes);
}

/// What must not be shown of the notifier's configuration.
fn secrets(delivery: &Delivery) -> Vec<String> {
    let http = delivery.integration.notifier.http();
    let inline = |source: &Option<SecretSource>| match source {
        Some(SecretSource::Inline(secret)) => Some(secret.expose().to_owned()),
        _ => None,
    };
    let own = match &http.auth {
        Auth::None => None,
        Auth::Basic { password, .. } => inline(password),
        Auth::Authorization { credentials, .. } => inline(credentials),
        Auth::OAuth2(oauth2) => inline(&oauth2.client_secret),
    };
    let headers = http.headers.iter().flat_map(|header| &header.values);
    let headers = headers.filter_map(|value| match value {
        SecretSource::Inline(secret) => Some(secret.expose().to_owned()),
        _ => None,
    });
    own.into_iter().chain(headers).collect()
}
