//! Queries run off the event loop, a few at a time, and stop when nobody waits for them.

use std::sync::Arc;
use std::time::Duration;

use store::{Cancel, CancelReason, QueryContext, QueryError, QueryLimits};
use tokio::sync::Semaphore;

use crate::App;

/// Runs a query and measures how long its language took to answer.
///
/// # Errors
/// Those of the query, or `Timeout`.
pub(crate) async fn instrumented<T, E>(
    app: &App,
    language: &'static str,
    timeout: Option<Duration>,
    query: impl FnOnce(&QueryContext) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<QueryError> + Send + 'static,
{
    let started_ns = app.clock.monotonic_ns();
    let result = app.queries.run(timeout, query).await;
    let took_ns = app.clock.monotonic_ns().saturating_sub(started_ns);
    app.telemetry.query(language, took_ns as f64 / 1e9);
    result
}

/// Runs queries under limits.
pub(crate) struct QueryRunner {
    permits: Arc<Semaphore>,
    limits: QueryLimits,
    timeout: Duration,
}

/// Cancels the query when the future that waits for it is dropped, as it is when a client leaves.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel(CancelReason::Canceled);
    }
}

impl QueryRunner {
    /// A runner of at most `concurrency` queries at a time; more wait their turn.
    pub(crate) fn new(concurrency: usize, limits: QueryLimits, timeout: Duration) -> Self {
        QueryRunner { permits: Arc::new(Semaphore::new(concurrency)), limits, timeout }
    }

    /// The timeout in force when a client asks for this one, or for none.
    pub(crate) fn timeout(&self, asked: Option<Duration>) -> Duration {
        asked.map_or(self.timeout, |asked| asked.min(self.timeout))
    }

    /// Runs a query; waiting for its turn counts towards its timeout.
    ///
    /// # Errors
    /// Those of the query, or `Timeout`.
    pub(crate) async fn run<T, E>(
        &self,
        timeout: Option<Duration>,
        query: impl FnOnce(&QueryContext) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<QueryError> + Send + 'static,
    {
        let context = QueryContext { cancel: Cancel::default(), limits: self.limits };
        let guard = CancelOnDrop(context.cancel.clone());
        let timeout = self.timeout(timeout);
        let permits = self.permits.clone();
        let work = async {
            let permit = permits.acquire_owned().await;
            let permit = permit.map_err(|_| E::from(QueryError::Canceled))?;
            let span = tracing::Span::current();
            let task = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                span.in_scope(|| query(&context))
            });
            task.await.unwrap_or_else(|panic| {
                tracing::error!(%panic, "a query panicked");
                Err(E::from(QueryError::Io("the query failed, the log says how".into())))
            })
        };
        match tokio::time::timeout(timeout, work).await {
            Ok(result) => result,
            Err(_) => {
                guard.0.cancel(CancelReason::Timeout);
                Err(E::from(QueryError::Timeout))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(timeout: Duration) -> QueryRunner {
        QueryRunner::new(1, QueryLimits::default(), timeout)
    }

    fn spin(context: &QueryContext) -> Result<(), QueryError> {
        loop {
            context.cancel.check()?;
            std::thread::yield_now();
        }
    }

    #[tokio::test]
    async fn a_query_ends_at_its_timeout() {
        let runner = runner(Duration::from_millis(20));
        assert_eq!(runner.run(None, spin).await, Err(QueryError::Timeout));
        assert_eq!(runner.run(None, |_| Ok::<_, QueryError>(1)).await, Ok(1), "its permit is back");
    }

    #[tokio::test]
    async fn a_query_ends_when_nobody_waits() {
        let runner = Arc::new(runner(Duration::from_secs(60)));
        let waiting = tokio::spawn({
            let runner = runner.clone();
            async move { runner.run(None, spin).await }
        });
        tokio::task::yield_now().await;
        waiting.abort();
        assert_eq!(runner.run(None, |_| Ok::<_, QueryError>(2)).await, Ok(2));
    }
}
