//! The loop of one target.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use env::Clock;
use model::MetricBatch;
use store::{AppendError, Commit, MetricStore};
use tokio::sync::watch;

use super::append::{Appender, Scraped};
use super::cache::SeriesCache;
use super::counters::{Counters, add};
use super::report::{Outcome, Report};
use super::source::{FetchError, Source};
use super::target::{Health, LastScrape, Target};
use crate::config::ScrapeConfig;

/// A scrape that starts at most this much late counts as punctual, so that timestamps lie evenly
/// and compress well.
const TOLERANCE_MS: i64 = 2;

/// What all loops share.
pub(super) struct Shared {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) store: Arc<dyn MetricStore>,
    pub(super) counters: Counters,
}

/// Everything one target's loop owns.
pub(super) struct TargetLoop {
    pub(super) shared: Arc<Shared>,
    pub(super) config: Arc<ScrapeConfig>,
    pub(super) target: Arc<Target>,
    pub(super) source: Source,
    pub(super) cache: SeriesCache,
    /// Where in the interval the scrapes lie.
    pub(super) offset_ms: i64,
    /// Whether to begin at once instead of at the offset.
    pub(super) at_once: bool,
    /// Why nothing is scraped for now, such as too many targets.
    pub(super) forbidden: watch::Receiver<Option<String>>,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) report: Report,
    pub(super) pending: Option<Commit>,
}

/// What remains of a loop that was stopped.
pub(super) struct Ended {
    pub(super) shared: Arc<Shared>,
    pub(super) config: Arc<ScrapeConfig>,
    pub(super) target: Arc<Target>,
    pub(super) cache: SeriesCache,
    report: Report,
    /// When the last scrape was, if there was one.
    last_ms: Option<i64>,
}

impl TargetLoop {
    /// Scrapes until told to stop.
    pub(super) async fn run(mut self) -> Ended {
        let mut stop = self.stop.clone();
        let mut last_ms = None;
        let interval_ms = i64::try_from(self.target.interval.as_millis()).unwrap_or(i64::MAX);
        loop {
            let now_ms = self.shared.clock.now_ms();
            let planned_ms = match (last_ms, self.at_once) {
                (None, true) => now_ms,
                _ => next_tick(now_ms, interval_ms, self.offset_ms, last_ms),
            };
            let wait = Duration::from_millis((planned_ms - now_ms).max(0).unsigned_abs());
            let scrape = async {
                tokio::time::sleep(wait).await;
                let late_ms = self.shared.clock.now_ms() - planned_ms;
                let tolerance_ms = TOLERANCE_MS.min(interval_ms / 100);
                let t_ms = if late_ms > tolerance_ms { planned_ms + late_ms } else { planned_ms };
                self.scrape(t_ms).await;
                t_ms
            };
            tokio::select! {
                biased;
                // The other end is gone when everything stops.
                _ = stop.wait_for(|stop| *stop) => break,
                t_ms = scrape => last_ms = Some(t_ms),
            }
        }
        let TargetLoop { shared, config, target, cache, report, .. } = self;
        Ended { shared, config, target, cache, report, last_ms }
    }

    /// One scrape and what it says about itself.
    pub(super) async fn scrape(&mut self, t_ms: i64) {
        self.look_at_last_commit();
        let start_ns = self.shared.clock.monotonic_ns();
        let forbidden = self.forbidden.borrow().clone();
        let fetched = match forbidden {
            Some(why) => Err(FetchError::Failed(why)),
            None => self.source.fetch(&self.target.url, self.target.timeout, &self.config).await,
        };
        let appender = Appender {
            config: &self.config,
            target: &self.target.labels,
            cache: &mut self.cache,
            t_ms,
        };
        let (mut scraped, result, body_bytes) = match fetched {
            Ok((format, body)) => {
                let (scraped, result) = appender.append(format, &body);
                (scraped, result, i64::try_from(body.len()).unwrap_or(i64::MAX))
            }
            Err(FetchError::TooLarge) => {
                let scraped =
                    Scraped { limit: Some("body_size_limit"), ..appender.append_nothing() };
                (scraped, Err("body size limit exceeded".to_owned()), -1)
            }
            Err(FetchError::Failed(why)) => (appender.append_nothing(), Err(why), 0),
        };
        let elapsed_ns = self.shared.clock.monotonic_ns().saturating_sub(start_ns);
        let duration = Duration::from_nanos(elapsed_ns);
        let mut batch = std::mem::take(&mut scraped.batch);
        let outcome = Outcome { worked: result.is_ok(), duration, scraped: &scraped, body_bytes };
        self.report.add(&outcome, &self.config, self.target.timeout, t_ms, &mut batch);
        self.count(&scraped, result.is_ok());
        if let Some(families) = self.cache.changed_families() {
            *self.target.families.lock() = families;
        }
        self.note(result, t_ms, duration);
        self.store(batch);
    }

    /// Hands samples over without waiting for the disk.
    fn store(&mut self, batch: MetricBatch) {
        match self.shared.store.append(batch) {
            Ok(commit) => self.pending = Some(commit),
            Err(error) => self.not_stored(&error),
        }
    }

    /// Looks what became of the samples of the scrape before.
    fn look_at_last_commit(&mut self) {
        let Some(mut commit) = self.pending.take() else { return };
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(Err(error)) = Pin::new(&mut commit).poll(&mut context) {
            self.not_stored(&error);
        }
    }

    fn not_stored(&self, error: &AppendError) {
        add(&self.shared.counters.not_stored, 1);
        tracing::warn!(job = %self.config.job_name, url = %self.target.url, %error,
            "the samples of a scrape were not stored");
    }

    fn count(&self, scraped: &Scraped, worked: bool) {
        let counters = &self.shared.counters;
        add(&counters.scrapes, 1);
        add(&counters.failures, u64::from(!worked));
        add(&counters.samples, scraped.samples);
        add(&counters.duplicates, scraped.duplicates);
        add(&counters.ahead, scraped.ahead);
        if let Some(limit) = scraped.limit {
            counters.limit_met(limit);
        }
        if scraped.duplicates + scraped.ahead > 0 {
            tracing::debug!(job = %self.config.job_name, url = %self.target.url,
                duplicates = scraped.duplicates, ahead = scraped.ahead, "samples were left out");
        }
    }

    /// Keeps how the scrape went, and logs when that changed.
    fn note(&self, result: Result<(), String>, at_ms: i64, duration: Duration) {
        let (health, error) = match result {
            Ok(()) => (Health::Up, None),
            Err(error) => (Health::Down, Some(error)),
        };
        let mut last = self.target.last.lock();
        let (job, url) = (&self.config.job_name, &self.target.url);
        match (last.health, &error) {
            (Health::Down, None) => tracing::info!(%job, %url, "the target is up again"),
            (Health::Up | Health::Unknown, Some(error)) => {
                tracing::warn!(%job, %url, %error, "the target is down");
            }
            _ => {}
        }
        *last = LastScrape { health, error, at_ms, duration };
    }
}

impl Ended {
    /// Marks everything the target had as gone, once it is clear that it does not come back: at the
    /// time of the scrape that did not happen, a little more than one interval after that.
    pub(super) async fn mark_gone(mut self, mut kept: watch::Receiver<bool>) -> Option<Ended> {
        let last_ms = self.last_ms?;
        let interval = self.target.interval;
        {
            let wait = pin!(tokio::time::sleep(interval * 2 + interval / 10));
            tokio::select! {
                biased;
                _ = kept.wait_for(|kept| *kept) => return Some(self),
                () = wait => {}
            }
        }
        let t_ms = last_ms + i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        let appender = Appender {
            config: &self.config,
            target: &self.target.labels,
            cache: &mut self.cache,
            t_ms,
        };
        let mut batch = appender.append_nothing().batch;
        self.report.mark_gone(t_ms, &mut batch);
        match self.shared.store.append(batch) {
            Ok(commit) => drop(commit),
            Err(error) => {
                tracing::warn!(url = %self.target.url, %error, "a target's end was not stored");
            }
        }
        None
    }
}

/// The next moment at the offset within the interval, after the last scrape; a last scrape that lies
/// more than an interval ahead means that the clock was set back, and does not count.
fn next_tick(now_ms: i64, interval_ms: i64, offset_ms: i64, last_ms: Option<i64>) -> i64 {
    let after = match last_ms {
        Some(last_ms) if last_ms - now_ms < interval_ms => last_ms.max(now_ms),
        _ => now_ms,
    };
    let since_tick = (after - offset_ms).rem_euclid(interval_ms);
    after + interval_ms - since_tick
}

#[cfg(test)]
mod tests;
