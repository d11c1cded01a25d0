//! Bodies in, samples out.

use model::is_stale_nan;

use super::*;
use crate::config::ScrapeConfig;
use crate::config::tests::job_of;

/// One target over several scrapes.
struct Setup {
    config: ScrapeConfig,
    target: Labels,
    cache: SeriesCache,
    t_ms: i64,
}

impl Setup {
    /// A job with these settings, in YAML.
    fn new(settings: &str) -> Self {
        Setup {
            config: job_of(settings),
            target: Labels::from_pairs([("instance", "i:1"), ("job", "j")]),
            cache: SeriesCache::default(),
            t_ms: 0,
        }
    }

    fn scrape_as(&mut self, format: Format, body: &str) -> (Scraped, Result<(), String>) {
        self.t_ms += 1000;
        let appender = Appender {
            config: &self.config,
            target: &self.target,
            cache: &mut self.cache,
            t_ms: self.t_ms,
        };
        appender.append(format, body.as_bytes())
    }

    fn scrape(&mut self, body: &str) -> Scraped {
        let (scraped, result) = self.scrape_as(Format::Text, body);
        result.unwrap_or_else(|error| panic!("{body}: {error}"));
        scraped
    }

    fn fail(&mut self, body: &str) -> (Scraped, String) {
        let (scraped, result) = self.scrape_as(Format::Text, body);
        (scraped, result.expect_err(body))
    }
}

/// The samples as text, without the labels that all of them have.
fn shown(scraped: &Scraped) -> Vec<String> {
    let samples = scraped.batch.samples.iter().map(|series| {
        let labels = series.labels.without(|name| ["instance", "job"].contains(&name));
        let value = match series.sample.value {
            value if is_stale_nan(value) => "stale".to_owned(),
            value => value.to_string(),
        };
        let name = labels.metric_name();
        format!("{name}{} {value} {}", labels.without(|n| n == METRIC_NAME), series.sample.t_ms)
    });
    samples.collect()
}

#[test]
fn series_are_added_once_and_marked_when_they_go() {
    let mut setup = Setup::new("");
    let first = setup.scrape("a 1\nb{x=\"y\"} 2\n");
    assert_eq!(shown(&first), ["a{} 1 1000", "b{x=\"y\"} 2 1000"]);
    assert_eq!((first.samples, first.samples_kept, first.series_added), (2, 2, 2));
    let second = setup.scrape("a 3\n");
    assert_eq!(shown(&second), ["a{} 3 2000", "b{x=\"y\"} stale 2000"]);
    assert_eq!(second.series_added, 0);
    assert_eq!(shown(&setup.scrape("a 3\n")), ["a{} 3 3000"]);
    assert_eq!(setup.scrape("a 3\nb{x=\"y\"} 2\n").series_added, 1);
}

#[test]
fn a_failed_scrape_marks_everything_once() {
    let mut setup = Setup::new("");
    setup.scrape("a 1\nb 1\n");
    let (failed, error) = setup.fail("a 2\n}nonsense\n");
    let mut gone = shown(&failed);
    gone.sort();
    assert_eq!(gone, ["a{} stale 2000", "b{} stale 2000"]);
    assert!(!error.is_empty());
    assert_eq!(shown(&setup.fail("}\n").0), [""; 0]);
    let back = setup.scrape("a 3\n");
    assert_eq!(shown(&back), ["a{} 3 4000"], "b is marked already");
}

#[test]
fn labels_of_the_target_win_unless_it_is_honoured() {
    let body = "a{job=\"theirs\",x=\"1\",exported_job=\"kept\"} 1\n";
    let scraped = Setup::new("").scrape(body);
    let labels = &scraped.batch.samples[0].labels;
    assert_eq!(labels.get("job"), Some("j"));
    assert_eq!(labels.get("exported_job"), Some("kept"));
    assert_eq!(labels.get("exported_exported_job"), Some("theirs"));
    let scraped = Setup::new("honor_labels: true").scrape(body);
    let labels = &scraped.batch.samples[0].labels;
    assert_eq!((labels.get("job"), labels.get("instance")), (Some("theirs"), Some("i:1")));
    assert_eq!(labels.get("exported_exported_job"), None);
    let scraped = Setup::new("honor_labels: true").scrape("a{job=\"\"} 1\n");
    assert_eq!(scraped.batch.samples[0].labels.get("job"), None, "empty on purpose");
}

#[test]
fn timestamps_of_the_target_are_kept_unless_told_otherwise() {
    let mut setup = Setup::new("");
    assert_eq!(shown(&setup.scrape("a 1 500\nb 1\n")), ["a{} 1 500", "b{} 1 1000"]);
    assert_eq!(shown(&setup.scrape("")), ["b{} stale 2000"], "a has times of its own");
    let mut setup = Setup::new("track_timestamps_staleness: true");
    setup.scrape("a 1 500\n");
    assert_eq!(shown(&setup.scrape("")), ["a{} stale 2000"]);
    let mut setup = Setup::new("honor_timestamps: false");
    assert_eq!(shown(&setup.scrape("a 1 500\n")), ["a{} 1 1000"]);
    let several = Setup::new("").scrape("a 1 500\na 2 600\n");
    assert_eq!(shown(&several), ["a{} 1 500", "a{} 2 600"]);
    let ahead = Setup::new("").scrape("a 1 602000\n");
    assert_eq!((shown(&ahead).len(), ahead.ahead), (0, 1));
}

#[test]
fn a_series_has_one_sample_a_scrape() {
    let mut setup = Setup::new("");
    let scraped = setup.scrape("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\n");
    assert_eq!(shown(&scraped), ["a{x=\"1\", y=\"2\"} 1 1000"]);
    assert_eq!((scraped.samples_kept, scraped.duplicates), (2, 1));
    let other_text = setup.scrape("a{ y=\"2\", x=\"1\" } 3\n");
    assert_eq!(shown(&other_text), ["a{x=\"1\", y=\"2\"} 3 2000"], "the same series");
}

#[test]
fn rules_rename_and_drop() {
    let mut setup = Setup::new(
        "metric_relabel_configs: [{source_labels: [__name__], regex: 'go_.*', action: drop}, \
         {source_labels: [__name__], regex: 'old', target_label: __name__, replacement: new}, \
         {regex: secret, action: labeldrop}]",
    );
    for round in 1..=2 {
        let scraped = setup.scrape("go_threads 7\nold{secret=\"s\"} 1\n");
        assert_eq!(shown(&scraped), [format!("new{{}} 1 {round}000")]);
        assert_eq!((scraped.samples, scraped.samples_kept), (2, 1));
    }
    let mut setup = Setup::new("metric_relabel_configs: [{regex: __name__, action: labeldrop}]");
    assert_eq!(setup.fail("a 1\n").1, "missing metric name (__name__ label)");
}

#[test]
fn limits_fail_the_whole_scrape() {
    let mut setup = Setup::new("sample_limit: 2");
    setup.scrape("a 1\nb 1\n");
    let (scraped, error) = setup.fail("a 1\nb 1\nc 1\nd 1\n");
    assert_eq!(error, "sample limit exceeded");
    assert_eq!((scraped.samples, scraped.samples_kept, scraped.series_added), (4, 4, 0));
    assert_eq!(scraped.limit, Some("sample_limit"));
    assert_eq!(shown(&scraped).len(), 2, "only that a and b are gone");

    for (settings, expected) in [
        ("label_limit: 3", "label_limit exceeded (metric: abc, number of labels: 4, limit: 3)"),
        (
            "label_name_length_limit: 8",
            "label_name_length_limit exceeded (metric: abc, label name: long_name, length: 9, \
             limit: 8)",
        ),
        (
            "label_value_length_limit: 4",
            "label_value_length_limit exceeded (metric: abc, label name: long_name, value: \
             \"value\", length: 5, limit: 4)",
        ),
    ] {
        let (scraped, error) = Setup::new(settings).fail("abc{long_name=\"value\"} 1\n");
        assert_eq!(error, expected);
        assert!(settings.starts_with(scraped.limit.unwrap()));
    }
}

#[test]
fn names_outside_the_classic_characters_are_refused_where_told() {
    let body = "{\"a.b\",\"c d\"=\"e\"} 1\n";
    assert_eq!(shown(&Setup::new("").scrape(body)), ["a.b{\"c d\"=\"e\"} 1 1000"]);
    let (_, error) = Setup::new("metric_name_validation_scheme: legacy").fail(body);
    assert!(error.starts_with("invalid metric name or label names: {"), "{error}");
}

#[test]
fn exemplars_come_once() {
    let mut setup = Setup::new("");
    let mut exemplars = |body: &str| {
        let (scraped, result) = setup.scrape_as(Format::OpenMetrics, body);
        result.unwrap();
        let exemplars = scraped.batch.exemplars.iter();
        let shown = exemplars.map(|(series, e)| {
            format!("{} {} {} {}", series.metric_name(), e.labels, e.value, e.t_ms)
        });
        shown.collect::<Vec<_>>()
    };
    let body = |id: &str, time: &str| {
        format!("# TYPE a counter\na_total 5 # {{trace_id=\"{id}\"}} 1{time}\n# EOF\n")
    };
    assert_eq!(exemplars(&body("x", "")), ["a_total {trace_id=\"x\"} 1 1000"]);
    assert_eq!(exemplars(&body("x", "")).len(), 0);
    assert_eq!(exemplars(&body("y", " 1.5")), ["a_total {trace_id=\"y\"} 1 1500"]);
    assert_eq!(exemplars(&body("y", " 1.5")).len(), 0);
    assert_eq!(exemplars(&body("y", " 2.5")).len(), 1);
}

#[test]
fn metadata_comes_when_it_changes() {
    let mut setup = Setup::new("");
    let metadata = |scraped: &Scraped| {
        let all = scraped.batch.metadata.iter();
        all.map(|(name, m)| format!("{name} {} {}", m.kind.name(), m.help)).collect::<Vec<_>>()
    };
    let body = "# HELP a How many.\n# TYPE a counter\na 1\n";
    assert_eq!(metadata(&setup.scrape(body)), ["a counter How many."]);
    assert_eq!(setup.cache.changed_families().unwrap().len(), 1);
    assert_eq!(metadata(&setup.scrape(body)), [""; 0]);
    assert!(setup.cache.changed_families().is_none());
    let changed = setup.scrape("# HELP a How few.\n# TYPE a counter\na 1\n");
    assert_eq!(metadata(&changed), ["a counter How few."]);
    for _ in 0..11 {
        setup.scrape("b 1\n");
    }
    assert_eq!(setup.cache.changed_families().unwrap().len(), 0, "forgotten");
}

#[test]
fn a_new_kind_gives_texts_another_meaning() {
    let mut setup = Setup::new("");
    setup.scrape("# TYPE a untyped\na_bucket{le=\"1\"} 1\n");
    let scraped = setup.scrape("# TYPE a histogram\na_bucket{le=\"1\"} 1\n");
    let mut all = shown(&scraped);
    all.sort();
    assert_eq!(all, ["a_bucket{le=\"1\"} stale 2000", "a_bucket{le=\"1.0\"} 1 2000"]);
}

#[test]
fn failing_scrapes_do_not_fill_the_memory() {
    let mut setup = Setup::new("label_limit: 4");
    for round in 0..40 {
        let mut body: String = (0..100).map(|n| format!("a{{r=\"{round}-{n}\"}} 1\n")).collect();
        body.push_str("a{b=\"1\",c=\"1\",d=\"1\"} 1\n");
        setup.fail(&body);
        assert!(setup.cache.sizes().iter().all(|size| *size <= 1200), "{:?}", setup.cache.sizes());
    }
}
