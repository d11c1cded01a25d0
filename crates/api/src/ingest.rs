//! The one way in: every protocol hands its batch over here, to be counted and stored.

use std::sync::Arc;

use model::{LogBatch, MetricBatch, SpanBatch};
use store::{AppendError, Appended};

use crate::App;

impl App {
    /// Stores log records and returns once they are on stable storage.
    ///
    /// # Errors
    /// When they were not stored.
    pub(crate) async fn append_logs(
        &self,
        protocol: &'static str,
        batch: LogBatch,
    ) -> Result<Appended, AppendError> {
        if batch.records.is_empty() {
            return Ok(Appended::default());
        }
        let logs = self.logs.clone();
        let commit = blocking(move || logs.append(batch)).await;
        self.counted("logs", protocol, resolve(commit).await)
    }

    /// Stores spans, counts them into the metrics derived from spans, and returns once they are on
    /// stable storage.
    ///
    /// # Errors
    /// When they were not stored.
    pub(crate) async fn append_spans(
        &self,
        protocol: &'static str,
        batch: SpanBatch,
    ) -> Result<Appended, AppendError> {
        if batch.spans.is_empty() {
            return Ok(Appended::default());
        }
        let traces = self.traces.clone();
        let observed = Arc::new(batch);
        let stored = observed.clone();
        let commit = blocking(move || traces.append(SpanBatch::clone(&stored))).await;
        let result = self.counted("traces", protocol, resolve(commit).await);
        if result.is_ok() {
            self.span_metrics.lock().observe(&observed);
        }
        result
    }

    /// Stores samples and returns once they are on stable storage.
    ///
    /// # Errors
    /// When they were not stored.
    pub(crate) async fn append_metrics(
        &self,
        protocol: &'static str,
        batch: MetricBatch,
    ) -> Result<Appended, AppendError> {
        if batch.samples.is_empty() && batch.exemplars.is_empty() && batch.metadata.is_empty() {
            return Ok(Appended::default());
        }
        let metrics = self.metrics.clone();
        let commit = blocking(move || metrics.append(batch)).await;
        self.counted("metrics", protocol, resolve(commit).await)
    }

    fn counted(
        &self,
        signal: &'static str,
        protocol: &'static str,
        result: Result<Appended, AppendError>,
    ) -> Result<Appended, AppendError> {
        match &result {
            Ok(appended) => {
                self.telemetry.received(signal, protocol, appended.accepted);
                if appended.rejected > 0 {
                    self.telemetry.rejected(signal, protocol, "invalid", appended.rejected);
                }
            }
            Err(error) => self.telemetry.rejected(signal, protocol, reason(error), 1),
        }
        result
    }
}

fn reason(error: &AppendError) -> &'static str {
    match error {
        AppendError::Overloaded { .. } => "overloaded",
        AppendError::DiskFull(_) => "disk_full",
        AppendError::Stopping => "stopping",
        AppendError::Invalid(_) => "invalid",
        AppendError::Io(_) => "io",
    }
}

/// Encoding a batch for the log takes a while, so it happens off the event loop.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

async fn resolve(commit: Result<store::Commit, AppendError>) -> Result<Appended, AppendError> {
    commit?.await
}
