//! A target: what discovery found, made into an address and labels.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use http_client::Url;
use model::{Labels, LabelsBuilder, Metadata, format_duration_ms};
use parking_lot::Mutex;

use crate::config::{ScrapeConfig, parse_duration};
use crate::discovery::static_config::ADDRESS;
use crate::relabel::relabel;

const INTERVAL: &str = "__scrape_interval__";
const TIMEOUT: &str = "__scrape_timeout__";
const METRICS_PATH: &str = "__metrics_path__";
const SCHEME: &str = "__scheme__";
const PARAM_PREFIX: &str = "__param_";
const META_PREFIX: &str = "__meta_";
const RESERVED_PREFIX: &str = "__";
const INSTANCE: &str = "instance";

/// How the last scrape went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// There was none yet.
    #[default]
    Unknown,
    /// It worked.
    Up,
    /// It failed.
    Down,
}

impl Health {
    /// The word of Prometheus' API.
    pub fn name(self) -> &'static str {
        match self {
            Health::Unknown => "unknown",
            Health::Up => "up",
            Health::Down => "down",
        }
    }
}

/// The last scrape of a target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastScrape {
    /// How it went.
    pub health: Health,
    /// Why it failed.
    pub error: Option<String>,
    /// When it began, in milliseconds since the epoch; zero when there was none.
    pub at_ms: i64,
    /// How long it took.
    pub duration: Duration,
}

/// Metadata by family.
pub(crate) type Families = BTreeMap<String, Metadata>;

/// One address that is scraped.
pub(crate) struct Target {
    /// Labels before relabelling; discovery may change some without changing the target.
    pub(crate) discovered: Mutex<Labels>,
    /// Labels that its series get.
    pub(crate) labels: Labels,
    /// Where it is scraped.
    pub(crate) url: String,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) last: Mutex<LastScrape>,
    pub(crate) families: Mutex<Arc<Families>>,
}

/// What tells targets of a job apart: all labels after relabelling, and the address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TargetKey {
    labels: Labels,
    url: String,
}

impl TargetKey {
    /// A number that stays the same for the same target, and differs between servers by the seed.
    pub(crate) fn hash(&self, seed: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        Hash::hash(self, &mut hasher);
        hasher.finish()
    }
}

impl Target {
    pub(crate) fn new(
        discovered: Labels,
        labels: Labels,
        url: String,
        interval: Duration,
        timeout: Duration,
    ) -> Self {
        Target {
            discovered: Mutex::new(discovered),
            labels,
            url,
            interval,
            timeout,
            last: Mutex::default(),
            families: Mutex::default(),
        }
    }

    /// What becomes of a discovered label set: a target, or nothing when a rule drops it.
    ///
    /// # Errors
    /// When the labels do not make a target, with the reason.
    pub(crate) fn from_discovered(
        config: &ScrapeConfig,
        discovered: &Labels,
    ) -> Result<Option<(TargetKey, Target)>, String> {
        let mut labels = LabelsBuilder::from(discovered);
        if !relabel(&config.relabel, &mut labels) {
            return Ok(None);
        }
        let address = labels.get(ADDRESS).unwrap_or_default().to_owned();
        if address.is_empty() {
            return Err("no address".to_owned());
        }
        if address.contains('/') {
            return Err(format!("{address:?} is not a valid hostname"));
        }
        let interval = positive_duration(&labels, INTERVAL, "interval")?;
        let timeout = positive_duration(&labels, TIMEOUT, "timeout")?;
        if timeout > interval {
            let shown = |name| labels.get(name).unwrap_or_default().to_owned();
            return Err(format!(
                "scrape timeout cannot be greater than scrape interval ({:?} > {:?})",
                shown(TIMEOUT),
                shown(INTERVAL)
            ));
        }
        labels.retain(|name| !name.starts_with(META_PREFIX));
        if labels.get(INSTANCE).is_none() {
            labels.set(INSTANCE, &address);
        }
        let labels = labels.build();
        let url = url(config, &labels, &address)?;
        let public = labels.without(|name| name.starts_with(RESERVED_PREFIX));
        let target = Target::new(discovered.clone(), public, url.clone(), interval, timeout);
        Ok(Some((TargetKey { labels, url }, target)))
    }

    /// The key of a target that is not discovered.
    pub(crate) fn own_key(&self) -> TargetKey {
        TargetKey { labels: self.labels.clone(), url: self.url.clone() }
    }
}

/// The labels of a target before relabelling: its own, then the group's, then the job's.
pub(crate) fn discovered_labels(config: &ScrapeConfig, own: &Labels, group: &Labels) -> Labels {
    let mut labels = LabelsBuilder::from(own);
    let mut set_default = |name: &str, value: &str| {
        if labels.get(name).is_none() {
            labels.set(name, value);
        }
    };
    for (name, value) in group.iter() {
        if own.get(name).is_none() {
            set_default(name, value);
        }
    }
    let shown = |d: Duration| format_duration_ms(i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    set_default("job", &config.job_name);
    set_default(INTERVAL, &shown(config.scrape_interval));
    set_default(TIMEOUT, &shown(config.scrape_timeout));
    set_default(METRICS_PATH, &config.metrics_path);
    set_default(SCHEME, &config.scheme);
    for (name, values) in &config.params {
        if let Some(first) = values.first() {
            set_default(&format!("{PARAM_PREFIX}{name}"), first);
        }
    }
    labels.build()
}

fn positive_duration(labels: &LabelsBuilder, name: &str, what: &str) -> Result<Duration, String> {
    let text = labels.get(name).unwrap_or_default();
    let duration =
        parse_duration(text).map_err(|error| format!("error parsing scrape {what}: {error}"))?;
    if duration.is_zero() {
        return Err(format!("scrape {what} cannot be 0"));
    }
    Ok(duration)
}

/// Where the labels say that the target is.
fn url(config: &ScrapeConfig, labels: &Labels, address: &str) -> Result<String, String> {
    let scheme = labels.get(SCHEME).unwrap_or_default();
    if !["http", "https"].contains(&scheme) {
        return Err(format!("unsupported scheme {scheme:?}"));
    }
    let mut url = Url::parse(&format!("{scheme}://{address}"))
        .map_err(|error| format!("{address:?} is not a valid address: {error}"))?;
    url.set_path(labels.get(METRICS_PATH).unwrap_or_default());
    let mut params = config.params.clone();
    for (name, value) in labels.iter() {
        let Some(param) = name.strip_prefix(PARAM_PREFIX) else { continue };
        let values = params.entry(param.to_owned()).or_default();
        match values.first_mut() {
            Some(first) => value.clone_into(first),
            None => values.push(value.to_owned()),
        }
    }
    let mut pairs =
        params.iter().flat_map(|(n, values)| values.iter().map(move |v| (n, v))).peekable();
    if pairs.peek().is_some() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(url.to_string())
}

#[cfg(test)]
mod tests;
