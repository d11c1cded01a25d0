//! What becomes of a configuration.

use std::time::Duration;

use env::{Fs, RealFs};
use model::Labels;
use testkit::TempDir;

use super::*;

fn load(text: &str) -> Result<Config, String> {
    let dir = TempDir::new("collect-config");
    let path = dir.path().join("prometheus.yml");
    RealFs.write_atomic(&path, text.as_bytes()).unwrap();
    let variable = |name: &str| (name == "ZONE").then(|| "eu".to_owned());
    let root = format!("{}/", dir.path().display());
    Config::load(&path, &RealFs, &variable).map_err(|e| e.to_string().replace(&root, ""))
}

fn job(text: &str) -> Arc<ScrapeConfig> {
    let config = load(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    config.jobs[0].clone()
}

/// A job with these settings.
pub(crate) fn job_of(settings: &str) -> ScrapeConfig {
    let settings: String = settings.lines().map(|line| format!("    {line}\n")).collect();
    (*job(&format!("scrape_configs:\n  - job_name: j\n{settings}"))).clone()
}

#[test]
fn the_sample_file_of_prometheus() {
    let config = load(
        "global:\n  scrape_interval: 15s\nalerting:\n  alertmanagers:\n    - static_configs:\n        \
         - targets:\n          # - alertmanager:9093\nrule_files:\n  # - \"first_rules.yml\"\n\
         scrape_configs:\n  - job_name: \"prometheus\"\n    static_configs:\n      \
         - targets: [\"localhost:9090\"]\n        labels:\n          app: \"prometheus\"\n",
    )
    .unwrap();
    assert!(config.rule_files.is_empty());
    let job = &config.jobs[0];
    assert_eq!((job.scrape_interval, job.scrape_timeout).0, Duration::from_secs(15));
    assert_eq!(job.scrape_timeout, Duration::from_secs(10));
    assert_eq!((job.scheme.as_str(), job.metrics_path.as_str()), ("http", "/metrics"));
    assert!(job.honor_timestamps && job.enable_compression && job.http.follow_redirects);
    let group = &job.discovery.static_configs[0];
    assert_eq!(group.labels, Labels::from_pairs([("app", "prometheus")]));
    assert_eq!(group.targets[0].get("__address__"), Some("localhost:9090"));
}

#[test]
fn an_empty_file_is_a_configuration() {
    assert_eq!(load("").unwrap(), Config::default());
    let shown = "global:\nruntime:\nscrape_configs:\n";
    assert_eq!(load(shown).unwrap(), Config { shown: shown.to_owned(), ..Config::default() });
}

#[test]
fn the_text_is_shown_without_its_secrets() {
    let text = "# why\nscrape_configs:\n- job_name: a\n  basic_auth: {username: u, password: PASS}\n  \
        http_headers: {X-A: {values: [shown], secrets: [PASS]}}\n  \
        tls_config: {cert_file: c, key: PASS}\n  \
        proxy_url: http://u:PASS@proxy # b\n---\npassword: PASS\n";
    let config = load(text).unwrap();
    let (first, _) = text.split_once("---").unwrap();
    assert_eq!(config.shown, first.replace("PASS", "<secret>"));
    let problems: Vec<_> = config.problems.iter().map(|problem| &problem.message).collect();
    assert_eq!(problems, ["8:1: only the first YAML document is read"]);
}

#[test]
fn errors_name_the_place() {
    for (text, expected) in [
        (
            "scrape_configs:\n  - job_name: a\n    scrape_intervall: 5s\n",
            "prometheus.yml:3:5: field scrape_intervall not found in type config.ScrapeConfig (did \
             you mean scrape_interval?)",
        ),
        (
            "scrape_configs:\n  - job_name: a\n  - job_name: b\n    relabel_configs:\n      \
             - regex: '('\n        target_label: x\n",
            "prometheus.yml:5:9: error parsing regexp: missing closing ): `(`",
        ),
        (
            "scrape_configs:\n  - job_name: a\n  - job_name: a\n",
            "prometheus.yml:3:5: found multiple scrape configs with job name \"a\"",
        ),
        (
            "scrape_configs:\n  - job_name: a\n    consul_sd_configs:\n      - server: x\n        \
             tags: web\n",
            "prometheus.yml:5:15: cannot unmarshal !!str `web` into a list",
        ),
        (
            "scrape_configs:\n  - job_name: a\n    basic_auth: {user: x}\n",
            "prometheus.yml:3:18: field user not found in type config.plain",
        ),
        (
            "scrape_configs:\n  - job_name: a\n    file_sd_configs: [{files: [x.txt]}]\n",
            "prometheus.yml:3:23: path name \"x.txt\" is not valid for file discovery",
        ),
    ] {
        assert_eq!(load(text).unwrap_err(), expected);
    }
    assert!(load("a: [").unwrap_err().starts_with("prometheus.yml:"));
}

#[test]
fn jobs_inherit_from_the_global_block() {
    let job = job(
        "global: {scrape_interval: 30s, scrape_timeout: 20s, sample_limit: 7, label_limit: 8, \
         metric_name_validation_scheme: legacy, scrape_protocols: [PrometheusText0.0.4], \
         extra_scrape_metrics: true}\n\
         scrape_configs: [{job_name: a, label_limit: 9, scrape_interval: 15s, \
         body_size_limit: 1KB}]",
    );
    assert_eq!(job.scrape_interval, Duration::from_secs(15));
    assert_eq!(job.scrape_timeout, Duration::from_secs(15), "never longer than the interval");
    assert_eq!((job.limits.samples, job.limits.labels, job.limits.body_bytes), (7, 9, 1024));
    assert_eq!((job.names, job.escaping), (crate::NameScheme::Legacy, Escaping::Underscores));
    assert_eq!(job.scrape_protocols, [ScrapeProtocol::PrometheusText004]);
    assert!(job.extra_scrape_metrics);
}

#[test]
fn variables_stand_in_external_labels() {
    let config =
        load("global: {external_labels: {zone: '${ZONE}-1', price: 5$$, gone: $NO}}").unwrap();
    assert_eq!(
        config.global.external_labels,
        Labels::from_pairs([("price", "5$"), ("zone", "eu-1")])
    );
    assert_eq!(config.problems.len(), 1);
    assert!(config.problems[0].message.contains("variable NO is empty"));
}

#[test]
fn what_is_not_done_is_said() {
    let config = load(
        "remote_write: [{url: 'http://x'}]\nstorage: {tsdb: {retention: {time: 1d}}}\n\
         alerting: {alertmanagers: [{static_configs: [{targets: [a]}]}]}\n\
         scrape_configs: [{job_name: a, dns_sd_configs: [{names: [x]}, {names: [y]}], \
         scrape_native_histograms: true}]",
    )
    .unwrap();
    let messages: Vec<_> = config.problems.iter().map(|p| p.message.as_str()).collect();
    for said in ["remote_write", "storage.tsdb.retention", "alertmanagers", "native_histograms"] {
        assert!(messages.iter().any(|m| m.contains(said)), "{said}: {messages:?}");
    }
    let discovery: Vec<_> = messages.iter().filter(|m| m.contains("dns_sd_configs")).collect();
    assert_eq!(discovery.len(), 1, "{messages:?}");
}

#[test]
fn included_files_bring_jobs() {
    let dir = TempDir::new("collect-include");
    let write = |name: &str, content: &str| {
        RealFs.write_atomic(&dir.path().join(name), content.as_bytes()).unwrap();
    };
    RealFs.create_dir_all(&dir.path().join("jobs")).unwrap();
    write("main.yml", "scrape_config_files: [jobs/*.yml]\nscrape_configs: [{job_name: a}]");
    write(
        "jobs/b.yml",
        "scrape_configs: [{job_name: b, basic_auth: {username: u, password_file: secret}}]",
    );
    let load = || Config::load(&dir.path().join("main.yml"), &RealFs, &|_| None);
    let config = load().unwrap();
    let names: Vec<_> = config.jobs.iter().map(|job| job.job_name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(format!("{:?}", config.jobs[1].http).contains("/jobs/secret"));
    write("jobs/c.yml", "scrape_configs: [{job_name: a}]");
    let error = load().unwrap_err().to_string();
    assert!(error.contains("jobs/c.yml:1:18: found multiple"), "{error}");
    assert!(error.ends_with("first found in main config file"), "{error}");
}

#[test]
fn no_secret_is_shown() {
    let seeds = testkit::seeds::seeds("prometheus_config");
    let holds_secret = |text: &[u8]| String::from_utf8_lossy(text).contains("S3cret");
    assert!(seeds.iter().all(|seed| holds_secret(seed)));
    for seed in seeds {
        let config = Config::parse(&seed, Path::new("/etc"), &|_| None).unwrap();
        assert!(!holds_secret(format!("{config:?}").as_bytes()), "{config:?}");
    }
}
