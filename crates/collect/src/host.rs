//! Metrics of the machine, under the names, labels and units of Prometheus' node_exporter.
//!
//! Everything is read from `/proc`, `/sys` and a few files of `/etc` and `/run` below a root, so
//! that a container can look at its host. Each collector is a function; one that finds nothing, for
//! the kernel does not offer it, reports so and leaves the others alone.

mod cpu;
mod devices;
mod disks;
mod filesystems;
mod machine;
mod memory;
mod network;
mod sockets;
mod text;
mod tree;

use std::path::PathBuf;
use std::sync::Arc;

use env::Env;
use model::MetricKind;
use parking_lot::Mutex;

use crate::scrape::{Exposer, Format};
use cpu::CpuTimes;
use text::Text;
use tree::Tree;

/// Why a collector has nothing, or not all.
#[derive(Debug, PartialEq, Eq)]
enum CollectError {
    /// The kernel or the machine does not have it.
    Absent,
    /// It could not be read or understood.
    Failed(String),
}

type Collected = Result<(), CollectError>;

/// A part of the machine, under the name of node_exporter's collector.
type Collector = (&'static str, fn(&Machine<'_>, &mut Text) -> Collected);

const COLLECTORS: [Collector; 23] = [
    ("arp", network::arp),
    ("conntrack", network::conntrack),
    ("cpu", cpu::cpu),
    ("cpufreq", cpu::cpufreq),
    ("diskstats", disks::diskstats),
    ("dmi", machine::dmi),
    ("entropy", machine::entropy),
    ("filefd", machine::filefd),
    ("filesystem", filesystems::filesystem),
    ("loadavg", cpu::loadavg),
    ("meminfo", memory::meminfo),
    ("netclass", network::netclass),
    ("netdev", network::netdev),
    ("netstat", sockets::netstat),
    ("os", machine::os),
    ("pressure", memory::pressure),
    ("schedstat", cpu::schedstat),
    ("sockstat", sockets::sockstat),
    ("softnet", sockets::softnet),
    ("stat", cpu::stat),
    ("thermal_zone", devices::thermal_zone),
    ("udp_queues", sockets::udp_queues),
    ("vmstat", memory::vmstat),
];

/// What collectors look at.
struct Machine<'a> {
    tree: Tree,
    /// The processors' times as they were last exposed.
    cpu_times: &'a Mutex<CpuTimes>,
}

/// Exposes the machine's metrics.
pub struct Host {
    env: Env,
    root: PathBuf,
    cpu_times: Mutex<CpuTimes>,
}

impl Host {
    /// The machine whose file system begins at `root`, mostly `/`.
    pub fn new(env: Env, root: PathBuf) -> Arc<Self> {
        Arc::new(Host { env, root, cpu_times: Mutex::default() })
    }

    /// All metrics in Prometheus' text format.
    pub fn text(&self) -> String {
        let tree = Tree::new(self.env.fs.clone(), self.root.clone());
        let machine = Machine { tree, cpu_times: &self.cpu_times };
        let mut text = Text::default();
        let mut outcomes = Vec::new();
        for (name, collect) in COLLECTORS {
            let start_ns = self.env.clock.monotonic_ns();
            let collected = collect(&machine, &mut text);
            if let Err(CollectError::Failed(reason)) = &collected {
                tracing::debug!(collector = name, %reason, "a part of the machine was not read");
            }
            let took_ns = self.env.clock.monotonic_ns().saturating_sub(start_ns);
            outcomes.push((name, took_ns as f64 / 1e9, collected.is_ok()));
        }
        self.time(&machine, &mut text);
        text.family(
            "node_scrape_collector_duration_seconds",
            MetricKind::Gauge,
            "How long a collector took.",
        );
        for (name, seconds, _) in &outcomes {
            text.sample(&[("collector", name)], *seconds);
        }
        text.family(
            "node_scrape_collector_success",
            MetricKind::Gauge,
            "Whether a collector found what it looks for.",
        );
        for (name, _, worked) in &outcomes {
            text.sample(&[("collector", name)], f64::from(u8::from(*worked)));
        }
        text.into_string()
    }

    /// The clock, and what drives it.
    fn time(&self, machine: &Machine<'_>, text: &mut Text) {
        let seconds = self.env.clock.now_ns() as f64 / 1e9;
        text.gauge("node_time_seconds", "Seconds since the epoch.", seconds);
        let source = "sys/devices/system/clocksource/clocksource0";
        if let Some(current) = machine.tree.line(&format!("{source}/current_clocksource")) {
            text.family(
                "node_time_clocksource_current_info",
                MetricKind::Gauge,
                "The clock source in use.",
            );
            text.sample(&[("clocksource", &current), ("device", "0")], 1.0);
        }
        if let Some(available) = machine.tree.line(&format!("{source}/available_clocksource")) {
            text.family(
                "node_time_clocksource_available_info",
                MetricKind::Gauge,
                "The clock sources that could be used.",
            );
            for name in available.split_whitespace() {
                text.sample(&[("clocksource", name), ("device", "0")], 1.0);
            }
        }
    }
}

impl Exposer for Host {
    fn expose(&self) -> (Format, Vec<u8>) {
        (Format::Text, self.text().into_bytes())
    }
}

#[cfg(test)]
mod tests;
