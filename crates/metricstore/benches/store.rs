//! What storing metrics costs on this machine: `cargo bench -p metricstore [-- DIRECTORY]`.
//!
//! The data is shaped like node_exporter's: most series constant, counters of whole numbers and of
//! hundredths of seconds, gauges with noise. The directory decides which disk is measured.

#![allow(clippy::print_stdout, reason = "figures are what this prints")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Env, Random, SimRandom};
use metricstore::{DiskMetricStore, MetricStoreOptions};
use model::{Labels, Matcher, MetricBatch};
use storage::{Catalog, DiskGuard, Maintained, Reserve, WalOptions};
use store::{MetricStore, QueryContext, Select};

const BATCH: usize = 500;
const INTERVAL_MS: i64 = 15_000;
const START_MS: i64 = 1_700_006_400_000;

fn main() {
    let env = Env::real();
    let root = directory(&env);
    let targets: Vec<_> = (0..4).map(|number| Target::new(number, 1000)).collect();
    append_one_at_a_time(&env, &root.join("append"), &targets);
    parts(&env, &root.join("parts"), &targets);
    replay(&env, &root.join("replay"), &targets);
    remove_all(&env, &root);
}

/// The directory that was asked for, or one below the system's temporary directory.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads its arguments")]
fn directory(env: &Env) -> PathBuf {
    let asked = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let parent = asked.map_or_else(std::env::temp_dir, PathBuf::from);
    parent.join(format!("sightglass-bench-{:016x}", env.random.next_u64()))
}

/// One thread, batches of 500, each acknowledged after its sync before the next is sent.
fn append_one_at_a_time(env: &Env, dir: &Path, targets: &[Target]) {
    let store = open(env, dir);
    let random = SimRandom::seeded(1);
    let batches: Vec<_> = (0..250).flat_map(|n| batches(targets, n, &random)).collect();
    let samples: usize = batches.iter().map(|batch| batch.samples.len()).sum();
    let count = batches.len();
    let seconds = seconds(env, || {
        for batch in batches {
            store.append(batch).expect("there is room").wait().expect("the disk works");
        }
    });
    let bytes = store.stats().wal_bytes as f64 / samples as f64;
    println!(
        "append, fsync, {BATCH} a batch: {:.0} samples/s, {:.2} ms a batch, {bytes:.1} bytes a \
         sample in the log",
        samples as f64 / seconds,
        seconds * 1e3 / count as f64,
    );
}

/// Half an hour in one part, four hours in a merged one, and queries of it.
fn parts(env: &Env, dir: &Path, targets: &[Target]) {
    let store = open(env, dir);
    let random = SimRandom::seeded(2);
    for part in 0..8 {
        let mut commit = None;
        for n in part * 120..(part + 1) * 120 {
            for batch in batches(targets, n, &random) {
                commit = Some(store.append(batch).expect("there is room"));
            }
        }
        commit.expect("a part has batches").wait().expect("the disk works");
        let head = store.stats();
        let seconds = seconds(env, || store.flush().expect("the disk works"));
        if part == 0 {
            let stats = store.stats();
            println!(
                "flush, 120 samples a series: {:.0} samples/s, {:.3} bytes a sample; in memory {:.1}",
                stats.part_rows as f64 / seconds,
                stats.part_bytes as f64 / stats.part_rows as f64,
                head.head_bytes as f64 / head.head_rows as f64,
            );
        }
    }
    let fresh = Maintained::parts(&*store);
    let seconds_of_merge = seconds(env, || store.merge(&fresh).expect("the disk works"));
    let stats = store.stats();
    println!(
        "merge, 960 samples a series: {:.0} samples/s, {:.3} bytes a sample",
        stats.part_rows as f64 / seconds_of_merge,
        stats.part_bytes as f64 / stats.part_rows as f64,
    );
    for (what, matcher) in [
        ("one series", Matcher::equal("id", "17")),
        ("one metric", Matcher::equal("__name__", "node_metric_001_total")),
        ("everything", Matcher::equal("job", "node")),
    ] {
        let select = Select { matchers: vec![matcher], start_ms: 0, end_ms: i64::MAX };
        let mut found = Vec::new();
        let seconds = seconds(env, || {
            found = store.select(&select, &QueryContext::default()).expect("the disk works");
        });
        let samples: usize = found.iter().map(|series| series.samples.len()).sum();
        let (series, rate) = (found.len(), samples as f64 / seconds / 1e6);
        println!("select {what}: {series} series, {:.2} ms, {rate:.1} M samples/s", seconds * 1e3);
    }
}

/// The time to open a store whose log has 64 MiB.
fn replay(env: &Env, dir: &Path, targets: &[Target]) {
    let store = open(env, dir);
    let random = SimRandom::seeded(3);
    for n in 0.. {
        let mut commit = None;
        for batch in batches(targets, n, &random) {
            commit = Some(store.append(batch).expect("there is room"));
        }
        commit.expect("there are targets").wait().expect("the disk works");
        if store.stats().wal_bytes >= 64 << 20 {
            break;
        }
    }
    drop(store);
    let mut stats = None;
    let seconds = seconds(env, || stats = Some(open(env, dir).stats()));
    let stats = stats.expect("it was opened");
    println!(
        "replay of {} MiB: {seconds:.2} s, {:.1} M samples",
        stats.wal_bytes >> 20,
        stats.head_rows as f64 / 1e6
    );
}

/// A scraped process and the state of its series.
struct Target {
    series: Vec<Labels>,
}

impl Target {
    fn new(number: usize, series: usize) -> Self {
        let instance = format!("host-{number}.example.net:9100");
        let labels = |n: usize| {
            let (name, id) = (format!("node_metric_{:03}_total", n / 20), format!("{n}"));
            Labels::from_pairs([
                ("__name__", &*name),
                ("device", ["sda", "sdb", "eth0", "lo"][n % 4]),
                ("id", &id),
                ("instance", &instance),
                ("job", "node"),
            ])
        };
        Target { series: (0..series).map(labels).collect() }
    }
}

/// What one scrape of every target gives.
fn batches(targets: &[Target], scrape: i64, random: &SimRandom) -> Vec<MetricBatch> {
    let mut all = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        let jitter_ms = (random.next_u64() % 3) as i64;
        let t_ms = START_MS + scrape * INTERVAL_MS + number as i64 * 1000 + jitter_ms;
        for (chunk, series) in target.series.chunks(BATCH).enumerate() {
            let mut batch = MetricBatch::default();
            for (position, labels) in series.iter().enumerate() {
                let value = value(chunk * BATCH + position, scrape as f64, random);
                batch.push(labels.clone(), t_ms, value);
            }
            all.push(batch);
        }
    }
    all
}

fn value(series: usize, scrape: f64, random: &SimRandom) -> f64 {
    let noise = (random.next_u64() % 1000) as f64;
    let size = series as f64;
    match series % 10 {
        // Sizes, limits, flags, counters of what does not happen.
        0..=5 => size * 4096.0,
        // Bytes and packets.
        6 | 7 => size * 1e6 + scrape * 15_000.0 + (scrape * 7.0 + noise * 0.1).floor(),
        // Seconds in hundredths.
        8 => (size * 1e4 + scrape * 1500.0 + (noise * 0.2).floor()) / 100.0,
        // Free memory, load, temperatures.
        _ => 8e9 + (noise * 4.096).floor() * 4096.0,
    }
}

fn open(env: &Env, dir: &Path) -> Arc<DiskMetricStore> {
    let catalog = Arc::new(Catalog::open(env, dir).expect("the disk works"));
    let disk = Arc::new(DiskGuard::new(env, dir, Reserve::Bytes(0)));
    let wal = WalOptions { queue_bytes: 1 << 30, ..WalOptions::default() };
    let options = MetricStoreOptions::new(env.clone(), dir.to_owned(), catalog, disk);
    let options = MetricStoreOptions { wal, background: false, flush_bytes: 1 << 40, ..options };
    DiskMetricStore::open(options).expect("the disk works")
}

fn seconds(env: &Env, work: impl FnOnce()) -> f64 {
    let start = env.clock.monotonic_ns();
    work();
    (env.clock.monotonic_ns() - start) as f64 / 1e9
}

fn remove_all(env: &Env, dir: &Path) {
    for entry in env.fs.list(dir).expect("the disk works") {
        let path = dir.join(&entry.name);
        if entry.is_dir {
            remove_all(env, &path);
        } else {
            env.fs.remove(&path).expect("the disk works");
        }
    }
    env.fs.remove_dir(dir).expect("the disk works");
}
