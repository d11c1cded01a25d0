//! Network devices, neighbours and connection tracking.

use std::collections::BTreeMap;

use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

/// The columns of `/proc/net/dev`: receiving, then sending.
const RECEIVE: [&str; 8] =
    ["bytes", "packets", "errs", "drop", "fifo", "frame", "compressed", "multicast"];
const TRANSMIT: [&str; 8] =
    ["bytes", "packets", "errs", "drop", "fifo", "colls", "carrier", "compressed"];

pub(super) fn netdev(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let content = machine.tree.text("proc/net/dev")?;
    let mut devices: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for line in content.lines() {
        let Some((device, numbers)) = line.rsplit_once(':') else { continue };
        let numbers: Result<Vec<f64>, _> = numbers.split_whitespace().map(str::parse).collect();
        let numbers = numbers.map_err(|_| CollectError::Failed(line.to_owned()))?;
        devices.insert(device.trim(), numbers);
    }
    let columns = RECEIVE.iter().map(|name| format!("receive_{name}"));
    let columns = columns.chain(TRANSMIT.iter().map(|name| format!("transmit_{name}")));
    for (index, name) in columns.enumerate() {
        begin(text, &name);
        for (device, numbers) in &devices {
            if let Some(value) = numbers.get(index) {
                text.sample(&[("device", device)], *value);
            }
        }
    }
    begin(text, "receive_nohandler");
    for device in devices.keys() {
        let path = format!("sys/class/net/{device}/statistics/rx_nohandler");
        text.sample(&[("device", device)], machine.tree.number(&path).unwrap_or_default());
    }
    Ok(())
}

fn begin(text: &mut Text, name: &str) {
    let help = format!("Network device statistic {name}.");
    text.family(&format!("node_network_{name}_total"), MetricKind::Counter, &help);
}

/// Name, file and kind of the numbers below `/sys/class/net/<device>`.
const CLASS_NUMBERS: [(&str, &str, MetricKind); 16] = [
    ("address_assign_type", "addr_assign_type", MetricKind::Gauge),
    ("carrier", "carrier", MetricKind::Gauge),
    ("carrier_changes_total", "carrier_changes", MetricKind::Counter),
    ("carrier_up_changes_total", "carrier_up_count", MetricKind::Counter),
    ("carrier_down_changes_total", "carrier_down_count", MetricKind::Counter),
    ("device_id", "dev_id", MetricKind::Gauge),
    ("dormant", "dormant", MetricKind::Gauge),
    ("flags", "flags", MetricKind::Gauge),
    ("iface_id", "ifindex", MetricKind::Gauge),
    ("iface_link", "iflink", MetricKind::Gauge),
    ("iface_link_mode", "link_mode", MetricKind::Gauge),
    ("mtu_bytes", "mtu", MetricKind::Gauge),
    ("name_assign_type", "name_assign_type", MetricKind::Gauge),
    ("net_dev_group", "netdev_group", MetricKind::Gauge),
    ("transmit_queue_length", "tx_queue_len", MetricKind::Gauge),
    ("protocol_type", "type", MetricKind::Gauge),
];

pub(super) fn netclass(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let tree = &machine.tree;
    let base = "sys/class/net";
    // Files such as `bonding_masters` lie beside the devices.
    let names = tree.names(base);
    let is_device = |name: &String| tree.line(&format!("{base}/{name}/ifindex")).is_some();
    let devices: Vec<String> = names.into_iter().filter(is_device).collect();
    if devices.is_empty() {
        return Err(CollectError::Absent);
    }
    text.family("node_network_up", MetricKind::Gauge, "Whether the device's state is 'up'.");
    for device in &devices {
        let state = tree.line(&format!("{base}/{device}/operstate"));
        let up = f64::from(u8::from(state.as_deref() == Some("up")));
        text.sample(&[("device", device)], up);
    }
    text.family("node_network_info", MetricKind::Gauge, "Facts about a network device.");
    for device in &devices {
        let line = |file| tree.line(&format!("{base}/{device}/{file}")).unwrap_or_default();
        let flags = tree.number(&format!("{base}/{device}/flags"));
        let admin_state = match flags {
            None => "unknown",
            Some(flags) if flags as u64 & 1 == 1 => "up",
            Some(_) => "down",
        };
        text.sample(
            &[
                ("address", &line("address")),
                ("adminstate", admin_state),
                ("broadcast", &line("broadcast")),
                ("device", device),
                ("duplex", &line("duplex")),
                ("ifalias", &line("ifalias")),
                ("operstate", &line("operstate")),
            ],
            1.0,
        );
    }
    for (name, file, kind) in CLASS_NUMBERS {
        class_number(machine, text, &devices, (name, file, kind, 1.0));
    }
    // The kernel says megabits a second, and -1 when it does not know.
    class_number(machine, text, &devices, ("speed_bytes", "speed", MetricKind::Gauge, 125_000.0));
    Ok(())
}

fn class_number(
    machine: &Machine<'_>,
    text: &mut Text,
    devices: &[String],
    (name, file, kind, factor): (&str, &str, MetricKind, f64),
) {
    let number = |device: &String| {
        let value = machine.tree.number(&format!("sys/class/net/{device}/{file}"))?;
        Some((device.clone(), value))
    };
    let values: Vec<_> = devices.iter().filter_map(number).collect();
    if values.is_empty() {
        return;
    }
    let help = format!("Network device property {name}.");
    text.family(&format!("node_network_{name}"), kind, &help);
    for (device, value) in values {
        text.sample(&[("device", &device)], value * factor);
    }
}

pub(super) fn arp(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let content = machine.tree.text("proc/net/arp")?;
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in content.lines().skip(1) {
        if let Some(device) = line.split_whitespace().last() {
            *counts.entry(device).or_default() += 1;
        }
    }
    text.family("node_arp_entries", MetricKind::Gauge, "Neighbours known by device.");
    for (device, count) in counts {
        text.sample(&[("device", device)], f64::from(count));
    }
    Ok(())
}

/// Columns of `/proc/net/stat/nf_conntrack` that are exposed.
const CONNTRACK: [(&str, &str); 8] = [
    ("found", "Searches that succeeded."),
    ("invalid", "Packets that could not be tracked."),
    ("ignore", "Packets of tracked connections."),
    ("insert", "Entries that were inserted."),
    ("insert_failed", "Insertions that failed because an entry was there."),
    ("drop", "Packets that were dropped because tracking failed."),
    ("early_drop", "Entries that were dropped to make room."),
    ("search_restart", "Searches that had to be restarted."),
];

pub(super) fn conntrack(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let number = |name| machine.tree.number(&format!("proc/sys/net/netfilter/nf_conntrack_{name}"));
    let (Some(count), Some(max)) = (number("count"), number("max")) else {
        return Err(CollectError::Absent);
    };
    text.gauge("node_nf_conntrack_entries", "Connections that are tracked.", count);
    text.gauge("node_nf_conntrack_entries_limit", "How many may be tracked.", max);
    let Ok(stat) = machine.tree.text("proc/net/stat/nf_conntrack") else { return Ok(()) };
    let mut lines = stat.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
    for (name, help) in CONNTRACK {
        let column = columns.iter().position(|column| *column == name);
        let cell = |row: &Vec<&str>| u64::from_str_radix(row.get(column?)?, 16).ok();
        let sum: u64 = rows.iter().filter_map(cell).sum();
        text.gauge(&format!("node_nf_conntrack_stat_{name}"), help, sum as f64);
    }
    Ok(())
}
