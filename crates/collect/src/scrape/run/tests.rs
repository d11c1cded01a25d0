//! One loop: when it scrapes, and what it leaves in the store.

use env::SimClock;
use http_client::Client;
use model::{Labels, Matcher, is_stale_nan};
use protocols::exposition::Format;
use store::{MemStore, QueryContext, Select};

use super::*;
use crate::config::tests::job_of;
use crate::scrape::Exposer;

struct Body(&'static str);

impl Exposer for Body {
    fn expose(&self) -> (Format, Vec<u8>) {
        (Format::Text, self.0.as_bytes().to_vec())
    }
}

struct Setup {
    store: Arc<MemStore>,
    target_loop: TargetLoop,
    // Both ends are held, so that the loop is neither stopped nor forbidden.
    stop: watch::Sender<bool>,
    forbidden: watch::Sender<Option<String>>,
}

fn setup(settings: &str, source: Source, interval: Duration) -> Setup {
    let store = Arc::new(MemStore::new());
    let config = Arc::new(job_of(settings));
    let labels = Labels::from_pairs([("instance", "i"), ("job", "j")]);
    let url = "sightglass:j".to_owned();
    let target = Target::new(labels.clone(), labels, url, interval, interval);
    let shared = Shared {
        clock: Arc::new(SimClock::at_ms(5_000)),
        store: store.clone(),
        counters: Counters::default(),
    };
    let (stop, is_stopped) = watch::channel(false);
    let (forbidden, is_forbidden) = watch::channel(None);
    let target_loop = TargetLoop {
        shared: Arc::new(shared),
        report: Report::new(&target.labels, &config),
        config,
        target: Arc::new(target),
        source,
        cache: SeriesCache::default(),
        offset_ms: 0,
        at_once: true,
        forbidden: is_forbidden,
        stop: is_stopped,
        pending: None,
    };
    Setup { store, target_loop, stop, forbidden }
}

/// The samples of a metric: times and values.
fn samples(store: &MemStore, name: &str) -> Vec<(i64, String)> {
    let matchers = vec![Matcher::equal("__name__", name)];
    let select = Select { matchers, start_ms: 0, end_ms: i64::MAX };
    let found = MetricStore::select(store, &select, &QueryContext::default()).unwrap();
    let samples = found.iter().flat_map(|series| &series.samples);
    let shown = |value| if is_stale_nan(value) { "stale".to_owned() } else { value.to_string() };
    samples.map(|s| (s.t_ms, shown(s.value))).collect()
}

fn one(t_ms: i64, value: &str) -> Vec<(i64, String)> {
    vec![(t_ms, value.to_owned())]
}

#[tokio::test]
async fn a_scrape_says_how_it_went() {
    let source = Source::own(Arc::new(Body("a 1\nb 2\n")));
    let mut setup =
        setup("extra_scrape_metrics: true\nsample_limit: 9", source, Duration::from_secs(1));
    setup.target_loop.scrape(1_000).await;
    for (name, value) in [
        ("a", "1"),
        ("up", "1"),
        ("scrape_samples_scraped", "2"),
        ("scrape_samples_post_metric_relabeling", "2"),
        ("scrape_series_added", "2"),
        ("scrape_timeout_seconds", "1"),
        ("scrape_sample_limit", "9"),
        ("scrape_body_size_bytes", "8"),
        ("scrape_duration_seconds", "0"),
    ] {
        assert_eq!(samples(&setup.store, name), one(1_000, value), "{name}");
    }
    let last = setup.target_loop.target.last.lock().clone();
    assert_eq!((last.health, last.at_ms, last.error), (Health::Up, 1_000, None));
}

#[tokio::test]
async fn a_failure_is_down_with_a_reason() {
    let source = Source::own(Arc::new(Body("a 1\n")));
    let mut setup = setup("", source, Duration::from_secs(1));
    setup.target_loop.scrape(1_000).await;
    setup.target_loop.source = Source::Broken("no route".to_owned());
    setup.target_loop.scrape(2_000).await;
    assert_eq!(samples(&setup.store, "up").pop(), Some((2_000, "0".to_owned())));
    assert_eq!(samples(&setup.store, "a").pop(), Some((2_000, "stale".to_owned())));
    assert_eq!(samples(&setup.store, "scrape_timeout_seconds"), []);
    let last = setup.target_loop.target.last.lock().clone();
    assert_eq!((last.health, last.error.as_deref()), (Health::Down, Some("no route")));

    setup.target_loop.source = Source::own(Arc::new(Body("a 1\n")));
    setup.forbidden.send_replace(Some("target_limit exceeded".to_owned()));
    setup.target_loop.scrape(3_000).await;
    let last = setup.target_loop.target.last.lock().clone();
    assert_eq!(last.error.as_deref(), Some("target_limit exceeded"));
}

/// Answers when it is let, and says when it was asked.
struct Hanging {
    asked: std::sync::mpsc::Sender<()>,
    release: parking_lot::Mutex<std::sync::mpsc::Receiver<()>>,
}

impl Exposer for Hanging {
    fn expose(&self) -> (Format, Vec<u8>) {
        let _test_is_over = self.asked.send(());
        let _released = self.release.lock().recv();
        (Format::Text, Vec::new())
    }
}

#[tokio::test]
async fn what_hangs_is_not_asked_again() {
    let (asked, was_asked) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel();
    let hanging = Hanging { asked, release: parking_lot::Mutex::new(released) };
    let mut setup = setup("", Source::own(Arc::new(hanging)), Duration::from_millis(20));
    for (t_ms, expected) in [
        (1_000, "the request timed out"),
        (2_000, "the scrape before has not been answered yet"),
        (3_000, "the scrape before has not been answered yet"),
    ] {
        setup.target_loop.scrape(t_ms).await;
        let last = setup.target_loop.target.last.lock().clone();
        assert_eq!(last.error.as_deref(), Some(expected), "{t_ms}");
    }
    drop(release);
    assert_eq!(was_asked.iter().take(1).count(), 1);
    assert!(was_asked.try_recv().is_err(), "it was asked once");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_told_apart() {
    let server = testkit::http::HttpServer::start(|_| {
        testkit::http::Answer::ok("a 1\n").with("content-type", "text/plain")
    })
    .await;
    let env = env::Env::real();
    let clients = http_client::Clients::new(env, http_client::ProxyEnvironment::default(), "test");
    let client: Client = clients.get(&http_client::HttpClientConfig::default()).unwrap();
    for (limit, expected) in [(4, "-1"), (5, "4")] {
        let settings = format!("extra_scrape_metrics: true\nbody_size_limit: {limit}B");
        let source = Source::http(client.clone(), &job_of(&settings));
        let mut setup = setup(&settings, source, Duration::from_secs(5));
        let target = Arc::get_mut(&mut setup.target_loop.target).unwrap();
        target.url = server.url("/metrics");
        setup.target_loop.scrape(1_000).await;
        let size = samples(&setup.store, "scrape_body_size_bytes");
        assert_eq!(size, one(1_000, expected), "{limit}");
    }
}

#[tokio::test]
async fn a_target_that_stays_away_is_marked_as_gone() {
    let interval = Duration::from_millis(10);
    let run = async |keep: Option<bool>| {
        let setup = setup("", Source::own(Arc::new(Body("a 1\n"))), interval);
        let store = setup.store.clone();
        let mut target_loop = setup.target_loop;
        target_loop.scrape(5_000).await;
        let TargetLoop { shared, config, target, cache, report, .. } = target_loop;
        let ended = Ended { shared, config, target, cache, report, last_ms: Some(5_000) };
        let (sender, kept) = watch::channel(false);
        match keep {
            Some(keep) => drop(sender.send(keep)),
            None => drop(sender),
        }
        let left = ended.mark_gone(kept).await;
        (left.is_some(), samples(&store, "a").len(), samples(&store, "up").pop())
    };
    let gone = (false, 2, Some((5_010, "stale".to_owned())));
    let (sender, _) = watch::channel(());
    assert_eq!(run(Some(false)).await, gone);
    drop(sender);
    let stays = (true, 1, Some((5_000, "1".to_owned())));
    assert_eq!(run(Some(true)).await, stays, "it came back");
    assert_eq!(run(None).await, stays, "the server stops");
}

#[tokio::test]
async fn a_stopped_loop_ends_at_once() {
    let source = Source::own(Arc::new(Body("a 1\n")));
    let mut setup = setup("", source, Duration::from_secs(3600));
    setup.target_loop.at_once = false;
    let task = tokio::spawn(setup.target_loop.run());
    setup.stop.send_replace(true);
    let ended = task.await.unwrap();
    assert_eq!(ended.last_ms, None);
    assert_eq!(samples(&setup.store, "up"), []);
}

#[test]
fn ticks_lie_at_the_offset() {
    for (now, last, expected) in [
        (0, None, 3),
        (3, None, 13),
        (12, None, 13),
        (13, Some(13), 23),
        (14, Some(13), 23),
        (45, Some(13), 53),
        (12, Some(13), 23),
        (1, Some(1_000_003), 3),
    ] {
        assert_eq!(next_tick(now, 10, 3, last), expected, "{now} {last:?}");
    }
}
