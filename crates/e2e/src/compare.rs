//! The same exporter scraped by Debian's Prometheus and by us, and every panel of a dashboard asked
//! of both.
//!
//! Each scrapes when it sees fit, so what moves differs a little between the two. That nothing but
//! the moment differs is seen by a third way: Prometheus also writes what it scraped to us, and over
//! the same samples both must answer alike.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

use crate::dashboard::{Panel, Variables, choose, panels, substitute};
use crate::deadline::{eventually, now};
use crate::debian::{Program, node_exporter, prometheus};
use crate::folder::Folder;
use crate::queries::{Labels, PrometheusApi, Sample};
use crate::server::Server;

const JOB: &str = "exporter";
const RELAYED_JOB: &str = "relayed";

/// As Grafana would choose it for targets that are scraped every second, and a little more.
const RATE_INTERVAL: &str = "8s";

/// Sums are of floats, and their order is free.
const TOLERANCE: f64 = 1e-9;

/// What both scrape and what stays the same while they do.
const STEADY: [&str; 12] = [
    "sum(node_memory_MemTotal_bytes)",
    "sum(node_memory_SwapTotal_bytes)",
    "sum(node_memory_VmallocTotal_bytes)",
    "sum(node_boot_time_seconds)",
    "count(node_cpu_seconds_total{mode=\"idle\"})",
    "sum(node_filesystem_size_bytes{mountpoint=\"/\"})",
    "sum(node_filesystem_files{mountpoint=\"/\"})",
    "sum(node_filefd_maximum)",
    "sum(node_network_mtu_bytes{device=\"lo\"})",
    "sum(node_timex_tai_offset_seconds)",
    "count by (release, machine) (node_uname_info)",
    "count(count by (__name__) ({__name__=~\"node_.+\"}))",
];

/// The exporter, who scrapes it, and who is told.
pub struct Stage {
    server: Server,
    prometheus: Program,
    _exporter: Program,
    _folder: Folder,
}

/// A panel asked of both.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The panel.
    pub panel: Panel,
    /// Values with Prometheus.
    pub theirs: usize,
    /// Values with us, of our own scraping, that bear the same labels.
    pub matched: usize,
    /// Of those, values that are the same.
    pub equal: usize,
    /// Of those, values that are more than a tenth apart.
    pub apart: Vec<String>,
    /// What differs over the same samples; there should be nothing.
    pub wrong: Vec<String>,
}

impl Stage {
    /// Starts everything and waits until there is enough to ask for.
    ///
    /// # Panics
    /// When something does not start.
    pub fn set() -> Stage {
        let folder = Folder::new("compare");
        let file = folder.join("prometheus.yml");
        let ports = crate::ports::Ports::lease();
        let configuration = format!(
            "global: {{scrape_interval: 1s}}\n\
             scrape_configs: [{{job_name: {JOB}, static_configs: [{{targets: ['{}']}}]}}]\n\
             remote_write:\n  - url: http://{}/api/v1/write\n    \
             queue_config: {{batch_send_deadline: 100ms}}\n    \
             write_relabel_configs: [{{target_label: job, replacement: {RELAYED_JOB}}}]\n",
            ports.spare(0),
            ports.address("prometheus")
        );
        folder.write("prometheus.yml", &configuration);
        let exporter = node_exporter(ports.spare(0));
        let arguments = ["--prometheus-config", &file.display().to_string()];
        let server = Server::start_on(ports, &folder.join("data"), &arguments);
        let prometheus = prometheus(&file, server.spare(1));
        let stage = Stage { server, prometheus, _exporter: exporter, _folder: folder };
        for job in [JOB, RELAYED_JOB] {
            let expression = format!("count_over_time(node_load1{{job=\"{job}\"}}[1h]) >= 12");
            stage.wait_for(&expression);
        }
        stage
    }

    fn ours(&self) -> PrometheusApi {
        self.server.metrics()
    }

    fn theirs(&self) -> PrometheusApi {
        PrometheusApi::at(self.prometheus.address())
    }

    fn wait_for(&self, expression: &str) {
        eventually(Duration::from_secs(60), || self.ours().value(expression, None));
    }

    /// An instant up to which everything has arrived everywhere.
    fn settled(&self) -> f64 {
        let time = now().floor();
        for job in [JOB, RELAYED_JOB] {
            self.wait_for(&format!("timestamp(node_load1{{job=\"{job}\"}}) > {}", time + 1.0));
        }
        time
    }

    /// Values that do not move: what it is, ours, theirs.
    ///
    /// # Panics
    /// When one has no value.
    pub fn steady(&self) -> Vec<(&'static str, f64, f64)> {
        let time = self.settled();
        let select = |expression: &str, job: &str| {
            let job = format!("job=\"{job}\"");
            // Every selector of the list has a name, with or without matchers.
            match expression.contains('{') {
                true => expression.replacen('{', &format!("{{{job},"), 1),
                false => {
                    let end = expression.rfind(')').expect("a call ends with a parenthesis");
                    format!("{}{{{job}}}{}", &expression[..end], &expression[end..])
                }
            }
        };
        let value = |api: &PrometheusApi, expression: &str| {
            api.value(&select(expression, JOB), time).unwrap_or_else(|error| panic!("{error}"))
        };
        let ask = |expression: &&'static str| {
            (*expression, value(&self.ours(), expression), value(&self.theirs(), expression))
        };
        STEADY.iter().map(ask).collect()
    }

    /// Asks every panel of a dashboard of both.
    ///
    /// # Panics
    /// When an expression is refused by either.
    pub fn compare(&self, dashboard: &Json) -> Vec<Compared> {
        let given = |job: &str| {
            let pairs = [("job", job), ("__rate_interval", RATE_INTERVAL)];
            Variables::from(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
        };
        let scraped = choose(dashboard, &self.theirs(), given(JOB));
        let relayed = Variables::from_iter([("job".to_owned(), RELAYED_JOB.to_owned())]);
        let relayed: Variables = scraped.clone().into_iter().chain(relayed).collect();
        let time = self.settled();
        let compare = |panel| self.compare_panel(panel, &scraped, &relayed, time);
        panels(dashboard).into_iter().map(compare).collect()
    }

    fn compare_panel(
        &self,
        panel: Panel,
        scraped: &Variables,
        relayed: &Variables,
        time: f64,
    ) -> Compared {
        let ask = |api: &PrometheusApi, expression: &str, variables: &Variables| {
            let expression = substitute(expression, variables);
            let samples = api.instant(&expression, time);
            by_labels(samples.unwrap_or_else(|error| panic!("{expression}: {error}")))
        };
        let (mut theirs_count, mut matched, mut equal) = (0, 0, 0);
        let [mut apart, mut wrong] = [Vec::new(), Vec::new()];
        for expression in &panel.expressions {
            let theirs = ask(&self.theirs(), expression, scraped);
            let ours = ask(&self.ours(), expression, scraped);
            let same_samples = ask(&self.ours(), expression, relayed);
            theirs_count += theirs.len();
            for (labels, value) in &theirs {
                let Some(our) = ours.get(labels) else { continue };
                matched += 1;
                equal += usize::from(distance(*value, *our) <= TOLERANCE);
                if distance(*value, *our) > 0.1 {
                    apart.push(format!("{labels:?}: ours {our}, theirs {value}"));
                }
            }
            wrong.extend(differences(expression, &theirs, &same_samples));
        }
        Compared { panel, theirs: theirs_count, matched, equal, apart, wrong }
    }
}

/// What differs between two answers that should be alike.
fn differences(
    expression: &str,
    theirs: &BTreeMap<Labels, f64>,
    ours: &BTreeMap<Labels, f64>,
) -> Vec<String> {
    let labels = theirs.keys().chain(ours.keys().filter(|labels| !theirs.contains_key(*labels)));
    let differ = labels.filter_map(|labels| {
        let (their, our) = (theirs.get(labels), ours.get(labels));
        match (their, our) {
            (Some(their), Some(our)) if distance(*their, *our) <= TOLERANCE => None,
            _ => Some(format!("{expression} {labels:?}: ours {our:?}, theirs {their:?}")),
        }
    });
    differ.collect()
}

/// How far apart two values are, as a part of the larger one.
fn distance(a: f64, b: f64) -> f64 {
    match a == b || (a.is_nan() && b.is_nan()) {
        true => 0.0,
        false => (a - b).abs() / a.abs().max(b.abs()),
    }
}

/// Values by their labels, apart from the one in which the ways of a sample differ.
fn by_labels(samples: Vec<Sample>) -> BTreeMap<Labels, f64> {
    let pair = |mut sample: Sample| {
        sample.labels.remove("job");
        (sample.labels, sample.value.parse().expect("a value is a number"))
    };
    samples.into_iter().map(pair).collect()
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compared { panel, theirs, matched, equal, apart, wrong } = self;
        write!(
            f,
            "{:<28.28} {:<44.44} {theirs:>6} {matched:>7} {equal:>6} {:>6} {:>6}",
            panel.row,
            panel.title,
            apart.len(),
            wrong.len()
        )
    }
}
