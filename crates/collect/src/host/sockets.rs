//! Sockets, and the protocols below them.

use std::collections::BTreeMap;

use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

/// Fields of each protocol that node_exporter exposes unless told otherwise.
const NETSTAT: [(&str, &[&str]); 9] = [
    ("Ip", &["Forwarding"]),
    ("Ip6", &["InOctets", "OutOctets"]),
    ("IpExt", &["InOctets", "OutOctets"]),
    ("Icmp", &["InMsgs", "OutMsgs"]),
    ("Icmp6", &["InMsgs", "OutMsgs"]),
    ("TcpExt", &["TCPSynRetrans", "TCPTimeouts", "TCPOFOQueue", "TCPRcvQDrop"]),
    (
        "Tcp",
        &[
            "ActiveOpens",
            "InSegs",
            "OutSegs",
            "OutRsts",
            "PassiveOpens",
            "RetransSegs",
            "CurrEstab",
        ],
    ),
    ("Udp", &["InDatagrams", "OutDatagrams", "NoPorts", "RcvbufErrors", "SndbufErrors"]),
    ("Udp6", &["InDatagrams", "OutDatagrams", "NoPorts", "RcvbufErrors", "SndbufErrors"]),
];

fn is_exposed(protocol: &str, field: &str) -> bool {
    let listed = NETSTAT.iter().find(|(known, _)| *known == protocol);
    let is_of_tcp =
        protocol == "TcpExt" && (field.starts_with("Listen") || field.starts_with("Syncookies"));
    ["InErrors", "InErrs"].contains(&field)
        || is_of_tcp
        || listed.is_some_and(|(_, fields)| fields.contains(&field))
}

pub(super) fn netstat(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    for file in ["proc/net/netstat", "proc/net/snmp"] {
        let content = machine.tree.text(file)?;
        let lines: Vec<&str> = content.lines().collect();
        // A line of names, then a line of values, both with the protocol before them.
        let (pairs, _) = lines.as_chunks::<2>();
        for [names, values] in pairs {
            let (Some((protocol, names)), Some((_, values))) =
                (names.split_once(':'), values.split_once(':'))
            else {
                continue;
            };
            for (field, value) in names.split_whitespace().zip(values.split_whitespace()) {
                if is_exposed(protocol, field) {
                    let value = value.parse().map_err(|_| CollectError::Failed(file.to_owned()))?;
                    all.insert(format!("{protocol}_{field}"), value);
                }
            }
        }
    }
    // The sixth version has a name and a value on each line; it may be switched off.
    let content = machine.tree.text("proc/net/snmp6").unwrap_or_default();
    for line in content.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(value)) = (words.next(), words.next()) else { continue };
        let Some(six) = name.find('6') else { continue };
        let (protocol, field) = name.split_at(six + 1);
        if is_exposed(protocol, field)
            && let Ok(value) = value.parse()
        {
            all.insert(format!("{protocol}_{field}"), value);
        }
    }
    for (name, value) in all {
        let help = format!("Statistic {}.", name.replace('_', ""));
        text.family(&format!("node_netstat_{name}"), MetricKind::Unknown, &help);
        text.sample(&[], value);
    }
    Ok(())
}

pub(super) fn sockstat(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let four = machine.tree.text("proc/net/sockstat")?;
    let six = machine.tree.text("proc/net/sockstat6").unwrap_or_default();
    let page_bytes = machine.tree.page_bytes();
    for line in four.lines().chain(six.lines()) {
        let Some((protocol, pairs)) = line.split_once(':') else { continue };
        let words: Vec<&str> = pairs.split_whitespace().collect();
        let (pairs, _) = words.as_chunks::<2>();
        for [name, value] in pairs {
            let value: f64 = value.parse().map_err(|_| CollectError::Failed(line.to_owned()))?;
            if protocol == "sockets" {
                text.gauge("node_sockstat_sockets_used", "IPv4 sockets in use.", value);
                continue;
            }
            let mut expose = |name: &str, value: f64| {
                let help = format!("{protocol} sockets in state {name}.");
                text.gauge(&format!("node_sockstat_{protocol}_{name}"), &help, value);
            };
            expose(name, value);
            if *name == "mem" {
                expose("mem_bytes", value * page_bytes);
            }
        }
    }
    Ok(())
}

/// Name, column, kind and meaning of the numbers of `/proc/net/softnet_stat`.
const SOFTNET: [(&str, usize, MetricKind, &str); 6] = [
    ("processed_total", 0, MetricKind::Counter, "Packets that were processed."),
    ("dropped_total", 1, MetricKind::Counter, "Packets that were dropped."),
    (
        "times_squeezed_total",
        2,
        MetricKind::Counter,
        "Times that processing ended with packets left.",
    ),
    (
        "received_rps_total",
        9,
        MetricKind::Counter,
        "Times that the processor was woken to receive packets.",
    ),
    (
        "flow_limit_count_total",
        10,
        MetricKind::Counter,
        "Times that the limit of a flow was reached.",
    ),
    ("backlog_len", 11, MetricKind::Gauge, "Packets in the backlog."),
];

pub(super) fn softnet(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let content = machine.tree.text("proc/net/softnet_stat")?;
    let mut rows = Vec::new();
    for line in content.lines() {
        let row: Result<Vec<u64>, _> =
            line.split_whitespace().map(|word| u64::from_str_radix(word, 16)).collect();
        rows.push(row.map_err(|_| CollectError::Failed(line.to_owned()))?);
    }
    for (name, column, kind, help) in SOFTNET {
        if rows.iter().all(|row| row.len() <= column) {
            continue;
        }
        text.family(&format!("node_softnet_{name}"), kind, help);
        for (line, row) in rows.iter().enumerate() {
            // Newer kernels say which processor a line is about.
            let cpu = row.get(12).copied().unwrap_or(line as u64).to_string();
            if let Some(value) = row.get(column) {
                text.sample(&[("cpu", &cpu)], *value as f64);
            }
        }
    }
    Ok(())
}

pub(super) fn udp_queues(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let mut queues = Vec::new();
    for (ip, file) in [("v4", "proc/net/udp"), ("v6", "proc/net/udp6")] {
        let Ok(content) = machine.tree.text(file) else { continue };
        let (mut sent, mut received) = (0u64, 0u64);
        for line in content.lines().skip(1) {
            let Some((tx, rx)) = line.split_whitespace().nth(4).and_then(|w| w.split_once(':'))
            else {
                continue;
            };
            let number = |digits| u64::from_str_radix(digits, 16).unwrap_or_default();
            sent += number(tx);
            received += number(rx);
        }
        queues.push((ip, "rx", received));
        queues.push((ip, "tx", sent));
    }
    if queues.is_empty() {
        return Err(CollectError::Absent);
    }
    text.family("node_udp_queues", MetricKind::Gauge, "Bytes that wait in UDP sockets.");
    for (ip, queue, bytes) in queues {
        text.sample(&[("ip", ip), ("queue", queue)], bytes as f64);
    }
    Ok(())
}
