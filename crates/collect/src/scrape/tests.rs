//! The whole of scraping, against a server on loopback.

use env::{Fs, RealFs};
use http_client::ProxyEnvironment;
use model::Matcher;
use store::{MemStore, QueryContext, Select};
use testkit::TempDir;
use testkit::http::{Answer, HttpServer, Received};
use tokio::sync::mpsc;

use super::*;

struct Setup {
    dir: TempDir,
    server: HttpServer,
    requests: mpsc::UnboundedReceiver<Received>,
    store: Arc<MemStore>,
}

/// A server whose requests can be waited for.
async fn setup() -> Setup {
    let (sender, requests) = mpsc::unbounded_channel();
    let server = HttpServer::start(move |request| {
        let _test_is_over = sender.send(request.clone());
        let body = "# TYPE a counter\na 1\n# TYPE b gauge\nb{path=\"/\"} 2\n";
        Answer::ok(body).with("content-type", "text/plain; version=0.0.4")
    })
    .await;
    Setup { dir: TempDir::new("collect-scrape"), server, requests, store: Arc::default() }
}

impl Setup {
    fn dependencies(&self, own: Vec<OwnTarget>) -> Dependencies {
        let env = Env::real();
        let clients = Clients::new(env.clone(), ProxyEnvironment::default(), "Sightglass/test");
        let store: Arc<dyn MetricStore> = self.store.clone();
        let hostname = "myhost".to_owned();
        Dependencies { env, store, clients: Arc::new(clients), hostname, own }
    }

    /// A configuration with one job whose targets are the server.
    fn config(&self, settings: &str) -> Config {
        let address = self.server.address();
        self.load(&format!(
            "global: {{scrape_interval: 50ms}}\nscrape_configs:\n  - job_name: shop\n    \
             static_configs: [{{targets: ['{address}'], labels: {{env: test}}}}]\n    {settings}\n"
        ))
    }

    fn load(&self, text: &str) -> Config {
        let path = self.dir.path().join("prometheus.yml");
        RealFs.write_atomic(&path, text.as_bytes()).unwrap();
        Config::load(&path, &RealFs, &|_| None).unwrap()
    }

    /// Waits for so many requests; the last is returned.
    async fn wait_for(&mut self, count: usize) -> Received {
        for _ in 1..count {
            self.requests.recv().await.unwrap();
        }
        self.requests.recv().await.unwrap()
    }

    fn series(&self, name: &str) -> Vec<String> {
        let matchers = vec![Matcher::equal("__name__", name)];
        let select = Select { matchers, start_ms: 0, end_ms: i64::MAX };
        let found = self.store.series(&select, &QueryContext::default()).unwrap();
        found.iter().map(|l| l.without(|n| n == "instance").to_string()).collect()
    }
}

#[tokio::test]
async fn a_job_is_scraped_and_shown() {
    let mut setup = setup().await;
    let config = setup.config("params: {x: [y]}");
    let scraper = Scraper::start(&config, setup.dependencies(Vec::new())).await;
    // When the second request comes, the first scrape is complete.
    let request = setup.wait_for(2).await;
    assert_eq!(request.target, "/metrics?x=y");
    let accept = request.header("accept").unwrap();
    assert!(accept.starts_with("application/openmetrics-text;version=1.0.0"), "{accept}");
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(request.header("x-prometheus-scrape-timeout-seconds"), Some("0.05"));
    assert_eq!(request.header("user-agent"), Some("Sightglass/test"));

    let targets = scraper.targets();
    let target = &targets.active[0];
    assert_eq!((target.pool.as_str(), target.last.health), ("shop", Health::Up));
    assert_eq!(target.scrape_url, setup.server.url("/metrics?x=y"));
    assert_eq!(target.global_url, target.scrape_url.replace("127.0.0.1", "myhost"));
    assert_eq!(target.discovered_labels.get("__param_x"), Some("y"));
    assert_eq!(target.discovered_labels.get("__scrape_interval__"), Some("50ms"));
    let metadata = scraper.metadata();
    let families: Vec<_> =
        metadata.iter().map(|m| format!("{} {}", m.family, m.metadata.kind.name())).collect();
    assert_eq!(families, ["a counter", "b gauge"]);
    scraper.stop().await;

    assert_eq!(setup.series("b"), [r#"{__name__="b", env="test", job="shop", path="/"}"#]);
    assert_eq!(setup.series("up"), [r#"{__name__="up", env="test", job="shop"}"#]);
    let value = |name: &str| {
        let metrics = scraper.self_metrics();
        metrics.iter().find(|m| m.name == name).map(|m| m.value).unwrap()
    };
    assert!(value("sightglass_scrapes_total") >= 1.0);
    assert_eq!(value("sightglass_scrape_failures_total"), 0.0);
}

#[tokio::test]
async fn a_reload_keeps_what_did_not_change() {
    let mut setup = setup().await;
    let config = setup.config("");
    let scraper = Scraper::start(&config, setup.dependencies(Vec::new())).await;
    setup.wait_for(2).await;
    let before = scraper.targets().active[0].last.clone();
    assert_eq!(before.health, Health::Up);
    scraper.reload(&setup.config("")).await;
    assert_eq!(scraper.targets().active[0].last.health, Health::Up);

    // Another rule restarts the loop, which still knows how the target was.
    let renamed = setup.config("metric_relabel_configs: [{target_label: new, replacement: x}]");
    scraper.reload(&renamed).await;
    assert_eq!(scraper.targets().active[0].last.health, Health::Up);
    while let Ok(_before_the_reload) = setup.requests.try_recv() {}
    setup.wait_for(2).await;

    let dropped = setup.config("relabel_configs: [{action: drop, regex: '.*'}]");
    scraper.reload(&dropped).await;
    let targets = scraper.targets();
    assert_eq!((targets.active.len(), targets.dropped.len()), (0, 1));
    assert_eq!(targets.dropped_counts["shop"], 1);
    scraper.reload(&renamed).await;
    assert_eq!(scraper.targets().active[0].last.health, Health::Up, "it came back in time");
    scraper.reload(&Config::default()).await;
    assert_eq!(scraper.targets().dropped.len(), 0);
    scraper.stop().await;
    let series = setup.series("a");
    assert_eq!(series.len(), 2, "with the label and without: {series:?}");
}

#[tokio::test]
async fn targets_come_from_files() {
    let mut setup = setup().await;
    let path = setup.dir.path().join("targets.json");
    let write = |content: &str| RealFs.write_atomic(&path, content.as_bytes()).unwrap();
    write(&format!("[{{\"targets\": [\"{}\", \"a/b\"]}}]", setup.server.address()));
    let config = setup.load(
        "global: {scrape_interval: 50ms}\nscrape_configs: [{job_name: files, file_sd_configs: \
         [{files: [targets.json]}], relabel_configs: [{source_labels: [__meta_filepath], regex: \
         '.*/(.*).json', target_label: file}]}]",
    );
    let scraper = Scraper::start(&config, setup.dependencies(Vec::new())).await;
    setup.wait_for(1).await;
    let targets = scraper.targets();
    assert_eq!(targets.active[0].labels.get("file"), Some("targets"));
    let problems = scraper.problems();
    assert!(problems[0].message.contains("\"a/b\" is not a valid hostname"), "{problems:?}");
    write("[");
    scraper.reload(&config).await;
    assert!(scraper.problems().iter().any(|p| p.message.contains("targets.json")));
    assert_eq!(scraper.targets().active.len(), 1, "the last good content stays");
    scraper.stop().await;
}

#[tokio::test]
async fn too_many_targets_meet_the_limit() {
    let setup = setup().await;
    let address = setup.server.address();
    let config = setup.load(&format!(
        "global: {{scrape_interval: 20ms}}\nscrape_configs: [{{job_name: many, target_limit: 1, \
         static_configs: [{{targets: ['{address}', '{address}', 'localhost:1']}}]}}]"
    ));
    let scraper = Scraper::start(&config, setup.dependencies(Vec::new())).await;
    let targets = scraper.targets();
    assert_eq!(targets.active.len(), 2, "the same target twice is one");
    scraper.stop().await;
    let metrics = scraper.self_metrics();
    let limit = metrics.iter().find(|m| m.name == "sightglass_scrape_limits_exceeded_total");
    assert_eq!(limit.unwrap().labels, [("limit", "target_limit".to_owned())]);
}

/// Says each time that it was asked.
struct Counting(mpsc::UnboundedSender<()>);

impl Exposer for Counting {
    fn expose(&self) -> (Format, Vec<u8>) {
        let _test_is_over = self.0.send(());
        (Format::Text, b"own 1\n".to_vec())
    }
}

#[tokio::test]
async fn this_process_is_a_target_too() {
    let setup = setup().await;
    let (sender, mut asked) = mpsc::unbounded_channel();
    let own = OwnTarget {
        job: "sightglass".to_owned(),
        instance: "myhost:7300".to_owned(),
        interval: Duration::from_millis(50),
        exposer: Arc::new(Counting(sender)),
    };
    let scraper = Scraper::start(&Config::default(), setup.dependencies(vec![own])).await;
    asked.recv().await.unwrap();
    asked.recv().await.unwrap();
    let target = scraper.targets().active.remove(0);
    assert_eq!(target.scrape_url, "sightglass:sightglass");
    assert_eq!(target.labels.get("instance"), Some("myhost:7300"));
    scraper.stop().await;
    assert_eq!(setup.series("own"), [r#"{__name__="own", job="sightglass"}"#]);
    assert_eq!(setup.series("up"), [r#"{__name__="up", job="sightglass"}"#]);
}
