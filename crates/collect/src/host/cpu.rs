//! Processors: time, load, frequency, scheduling.

use std::collections::BTreeMap;

use model::MetricKind;

use super::text::Text;
use super::tree::numbered;
use super::{CollectError, Collected, Machine};

/// The modes of `/proc/stat`, in its order; the last two are reported apart.
const MODES: [&str; 8] = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
const GUEST: usize = MODES.len();
const GUEST_NICE: usize = GUEST + 1;
/// `/proc/stat` counts in hundredths of a second on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;
/// Idle time may go back a little, as kernels correct it; more means that the processor was away.
const JUMP_BACK_SECONDS: f64 = 3.0;

/// The times of each processor as they were last exposed, in seconds.
pub(super) type CpuTimes = BTreeMap<u32, [f64; 10]>;

pub(super) fn cpu(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let stat = machine.tree.text("proc/stat")?;
    let mut known = machine.cpu_times.lock();
    let mut present = CpuTimes::new();
    for line in stat.lines() {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let Some(cpu) = name.strip_prefix("cpu").and_then(|number| number.parse().ok()) else {
            continue;
        };
        let mut times = [0.0; 10];
        for (time, word) in times.iter_mut().zip(words) {
            let ticks: f64 = word.parse().map_err(|_| CollectError::Failed(line.to_owned()))?;
            *time = ticks / TICKS_PER_SECOND;
        }
        if let Some(before) = known.get(&cpu)
            && times[3] + JUMP_BACK_SECONDS >= before[3]
        {
            // Counters must not go back.
            times.iter_mut().zip(before).for_each(|(time, before)| *time = time.max(*before));
        }
        present.insert(cpu, times);
    }
    known.clone_from(&present);
    text.family(
        "node_cpu_seconds_total",
        MetricKind::Counter,
        "Seconds that each processor spent in each mode.",
    );
    for (cpu, times) in &present {
        for (mode, seconds) in MODES.iter().zip(times) {
            text.sample(&[("cpu", &cpu.to_string()), ("mode", mode)], *seconds);
        }
    }
    text.family(
        "node_cpu_guest_seconds_total",
        MetricKind::Counter,
        "Seconds that each processor spent for virtual machines, by mode.",
    );
    for (cpu, times) in &present {
        for (mode, index) in [("user", GUEST), ("nice", GUEST_NICE)] {
            text.sample(&[("cpu", &cpu.to_string()), ("mode", mode)], times[index]);
        }
    }
    Ok(())
}

pub(super) fn stat(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let stat = machine.tree.text("proc/stat")?;
    let metrics: [(&str, &str, MetricKind, &str); 6] = [
        ("intr", "node_intr_total", MetricKind::Counter, "Interrupts that were serviced."),
        ("ctxt", "node_context_switches_total", MetricKind::Counter, "Context switches."),
        ("processes", "node_forks_total", MetricKind::Counter, "Forks."),
        ("btime", "node_boot_time_seconds", MetricKind::Gauge, "When the machine was started."),
        ("procs_running", "node_procs_running", MetricKind::Gauge, "Processes that could run."),
        (
            "procs_blocked",
            "node_procs_blocked",
            MetricKind::Gauge,
            "Processes that wait for input or output.",
        ),
    ];
    for line in stat.lines() {
        let mut words = line.split_whitespace();
        let field = words.next().unwrap_or_default();
        let Some((_, name, kind, help)) = metrics.iter().find(|(known, ..)| *known == field) else {
            continue;
        };
        let value = words.next().and_then(|word| word.parse().ok());
        let value = value.ok_or_else(|| CollectError::Failed(line.to_owned()))?;
        text.family(name, *kind, help);
        text.sample(&[], value);
    }
    Ok(())
}

pub(super) fn loadavg(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let line = machine.tree.text("proc/loadavg")?;
    let names = [("node_load1", "1m"), ("node_load5", "5m"), ("node_load15", "15m")];
    for ((name, span), word) in names.into_iter().zip(line.split_whitespace()) {
        let load = word.parse().map_err(|_| CollectError::Failed(line.clone()))?;
        text.gauge(name, &format!("{span} load average."), load);
    }
    Ok(())
}

pub(super) fn cpufreq(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let base = "sys/devices/system/cpu";
    let cpus = numbered(&machine.tree.names(base), "cpu");
    let files = [
        ("cpuinfo_cur_freq", "node_cpu_frequency_hertz", "Frequency of the processor."),
        ("cpuinfo_min_freq", "node_cpu_frequency_min_hertz", "Lowest frequency."),
        ("cpuinfo_max_freq", "node_cpu_frequency_max_hertz", "Highest frequency."),
        (
            "scaling_cur_freq",
            "node_cpu_scaling_frequency_hertz",
            "Frequency as the kernel scales it.",
        ),
        (
            "scaling_min_freq",
            "node_cpu_scaling_frequency_min_hertz",
            "Lowest frequency of scaling.",
        ),
        (
            "scaling_max_freq",
            "node_cpu_scaling_frequency_max_hertz",
            "Highest frequency of scaling.",
        ),
    ];
    for (file, name, help) in files {
        let frequencies: Vec<(u32, f64)> = cpus
            .iter()
            .filter_map(|cpu| {
                let khz = machine.tree.number(&format!("{base}/cpu{cpu}/cpufreq/{file}"))?;
                Some((*cpu, khz))
            })
            .collect();
        if !frequencies.is_empty() {
            text.family(name, MetricKind::Gauge, help);
        }
        for (cpu, khz) in frequencies {
            text.sample(&[("cpu", &cpu.to_string())], khz * 1000.0);
        }
    }
    Ok(())
}

pub(super) fn schedstat(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let stat = machine.tree.text("proc/schedstat")?;
    // cpu number, running ns, waiting ns, time slices
    let mut cpus: Vec<(String, [f64; 3])> = Vec::new();
    for line in stat.lines().filter(|line| line.starts_with("cpu")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, .., running, waiting, slices] = words[..] else { continue };
        let mut numbers = [0.0; 3];
        for (number, word) in numbers.iter_mut().zip([running, waiting, slices]) {
            *number = word.parse().map_err(|_| CollectError::Failed(line.to_owned()))?;
        }
        cpus.push((name.trim_start_matches("cpu").to_owned(), numbers));
    }
    let families = [
        ("node_schedstat_running_seconds_total", "Seconds that processes ran.", 1e9),
        ("node_schedstat_waiting_seconds_total", "Seconds that processes waited to run.", 1e9),
        ("node_schedstat_timeslices_total", "Time slices that were executed.", 1.0),
    ];
    for (index, (name, help, divisor)) in families.into_iter().enumerate() {
        text.family(name, MetricKind::Counter, help);
        for (cpu, numbers) in &cpus {
            text.sample(&[("cpu", cpu)], numbers[index] / divisor);
        }
    }
    Ok(())
}
