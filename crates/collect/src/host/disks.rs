//! Block devices.

use std::collections::HashMap;

use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

/// Bytes of the unit in which the kernel counts, whatever the device's own.
const SECTOR: f64 = 512.0;
/// The kernel's milliseconds in seconds.
const MS: f64 = 0.001;

/// Name, kind, factor and meaning of each field behind the device's name.
const FIELDS: [(&str, MetricKind, f64, &str); 17] = [
    ("reads_completed_total", MetricKind::Counter, 1.0, "Reads that were completed."),
    ("reads_merged_total", MetricKind::Counter, 1.0, "Reads that were merged."),
    ("read_bytes_total", MetricKind::Counter, SECTOR, "Bytes that were read."),
    ("read_time_seconds_total", MetricKind::Counter, MS, "Seconds spent by all reads."),
    ("writes_completed_total", MetricKind::Counter, 1.0, "Writes that were completed."),
    ("writes_merged_total", MetricKind::Counter, 1.0, "Writes that were merged."),
    ("written_bytes_total", MetricKind::Counter, SECTOR, "Bytes that were written."),
    ("write_time_seconds_total", MetricKind::Counter, MS, "Seconds spent by all writes."),
    ("io_now", MetricKind::Gauge, 1.0, "Operations that are going on."),
    ("io_time_seconds_total", MetricKind::Counter, MS, "Seconds in which the device was busy."),
    (
        "io_time_weighted_seconds_total",
        MetricKind::Counter,
        MS,
        "Seconds in which the device was busy, times the operations that were going on.",
    ),
    ("discards_completed_total", MetricKind::Counter, 1.0, "Discards that were completed."),
    ("discards_merged_total", MetricKind::Counter, 1.0, "Discards that were merged."),
    ("discarded_sectors_total", MetricKind::Counter, 1.0, "Sectors that were discarded."),
    ("discard_time_seconds_total", MetricKind::Counter, MS, "Seconds spent by all discards."),
    ("flush_requests_total", MetricKind::Counter, 1.0, "Flushes that were completed."),
    ("flush_requests_time_seconds_total", MetricKind::Counter, MS, "Seconds spent by all flushes."),
];

struct Disk<'a> {
    major: &'a str,
    minor: &'a str,
    name: &'a str,
    values: Vec<f64>,
}

pub(super) fn diskstats(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let stats = machine.tree.text("proc/diskstats")?;
    let mut disks = Vec::new();
    for line in stats.lines() {
        let mut words = line.split_whitespace();
        let (Some(major), Some(minor), Some(name)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        if is_ignored(name) {
            continue;
        }
        let values: Result<Vec<f64>, _> = words.map(str::parse).collect();
        let values = values.map_err(|_| CollectError::Failed(line.to_owned()))?;
        disks.push(Disk { major, minor, name, values });
    }
    info(machine, &disks, text);
    for (index, (name, kind, factor, help)) in FIELDS.into_iter().enumerate() {
        if disks.iter().all(|disk| disk.values.len() <= index) {
            continue;
        }
        text.family(&format!("node_disk_{name}"), kind, help);
        for disk in &disks {
            if let Some(value) = disk.values.get(index) {
                text.sample(&[("device", disk.name)], value * factor);
            }
        }
    }
    Ok(())
}

/// What udev knows of the devices.
fn info(machine: &Machine<'_>, disks: &[Disk<'_>], text: &mut Text) {
    text.family("node_disk_info", MetricKind::Gauge, "Facts about a block device.");
    for disk in disks {
        let (major, minor) = (disk.major, disk.minor);
        let udev = machine.tree.text(&format!("run/udev/data/b{major}:{minor}"));
        let udev = udev.unwrap_or_default();
        let properties: HashMap<&str, &str> =
            udev.lines().filter_map(|line| line.strip_prefix("E:")?.split_once('=')).collect();
        let property = |name| properties.get(name).copied().unwrap_or_default();
        let serials = ["SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL"];
        let serial = serials.into_iter().map(property).find(|serial| !serial.is_empty());
        let rotational = machine.tree.line(&format!("sys/block/{}/queue/rotational", disk.name));
        text.sample(
            &[
                ("device", disk.name),
                ("major", major),
                ("minor", minor),
                ("model", property("ID_MODEL")),
                ("path", property("ID_PATH")),
                ("revision", property("ID_REVISION")),
                ("rotational", if rotational.as_deref() == Some("1") { "1" } else { "0" }),
                ("serial", serial.unwrap_or_default()),
                ("wwn", property("ID_WWN")),
            ],
            1.0,
        );
    }
}

/// Memory disks, loop devices, floppies and partitions, as node_exporter ignores them.
fn is_ignored(device: &str) -> bool {
    let stem = device.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == device.len() {
        return false;
    }
    let is_letter_disk = |prefix: &str| {
        let letter = stem.strip_prefix(prefix).unwrap_or_default();
        letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase())
    };
    let is_nvme_partition = || {
        let middle = stem.strip_prefix("nvme").and_then(|rest| rest.strip_suffix('p'));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        middle
            .and_then(|middle| middle.split_once('n'))
            .is_some_and(|(controller, namespace)| is_number(controller) && is_number(namespace))
    };
    ["ram", "zram", "loop", "fd"].contains(&stem)
        || ["hd", "sd", "vd", "xvd"].into_iter().any(is_letter_disk)
        || is_nvme_partition()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_disks_are_kept() {
        for (device, ignored) in [
            ("sda", false),
            ("sda1", true),
            ("vda15", true),
            ("xvdb2", true),
            ("sdaa1", false),
            ("nvme0n1", false),
            ("nvme0n1p2", true),
            ("zram0", true),
            ("loop7", true),
            ("dm-0", false),
            ("md127", false),
            ("mmcblk0", false),
            ("sr0", false),
        ] {
            assert_eq!(is_ignored(device), ignored, "{device}");
        }
    }
}
