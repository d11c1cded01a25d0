//! Memory: what it is used for, paging, and how long processes wait for it and for others.

use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

pub(super) fn meminfo(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let meminfo = machine.tree.text("proc/meminfo")?;
    for line in meminfo.lines() {
        let Some((field, rest)) = line.split_once(':') else { continue };
        let mut words = rest.split_whitespace();
        let value = words.next().and_then(|word| word.parse::<f64>().ok());
        let value = value.ok_or_else(|| CollectError::Failed(line.to_owned()))?;
        let field = field.replace('(', "_").replace(')', "");
        let help = format!("Memory information field {field}.");
        match words.next() {
            Some("kB") => {
                text.gauge(&format!("node_memory_{field}_bytes"), &help, value * 1024.0);
            }
            _ => text.gauge(&format!("node_memory_{field}"), &help, value),
        }
    }
    Ok(())
}

pub(super) fn vmstat(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let vmstat = machine.tree.text("proc/vmstat")?;
    for line in vmstat.lines() {
        let Some((field, value)) = line.split_once(' ') else { continue };
        let is_fault = field.starts_with("pg") && field.contains("fault");
        let prefixes = ["oom_kill", "pgpg", "pswp"];
        if !is_fault && !prefixes.iter().any(|prefix| field.starts_with(prefix)) {
            continue;
        }
        let value = value.trim().parse().map_err(|_| CollectError::Failed(line.to_owned()))?;
        text.family(
            &format!("node_vmstat_{field}"),
            MetricKind::Unknown,
            &format!("/proc/vmstat information field {field}."),
        );
        text.sample(&[], value);
    }
    Ok(())
}

/// File, kind of line, name and meaning of each pressure.
const PRESSURES: [(&str, &str, &str, &str); 6] = [
    ("cpu", "some", "cpu_waiting", "processes have waited for a processor"),
    ("io", "some", "io_waiting", "processes have waited for input or output"),
    ("io", "full", "io_stalled", "all processes have waited for input or output"),
    ("memory", "some", "memory_waiting", "processes have waited for memory"),
    ("memory", "full", "memory_stalled", "all processes have waited for memory"),
    ("irq", "full", "irq_stalled", "all processes have waited for interrupts"),
];

pub(super) fn pressure(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let mut any = Err(CollectError::Absent);
    for (resource, kind, name, what) in PRESSURES {
        let Ok(content) = machine.tree.text(&format!("proc/pressure/{resource}")) else { continue };
        let line = content.lines().find(|line| line.starts_with(kind));
        let total = line.and_then(|line| line.rsplit_once("total=")?.1.parse::<f64>().ok());
        if let Some(microseconds) = total {
            let help = format!("Seconds in which {what}.");
            let name = format!("node_pressure_{name}_seconds_total");
            text.counter(&name, &help, microseconds / 1e6);
            any = Ok(());
        }
    }
    any
}
