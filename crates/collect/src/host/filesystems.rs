//! File systems: how full they are.

use std::collections::HashSet;

use env::Volume;
use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

/// Kinds of file systems that hold no files of their own, as node_exporter ignores them.
const IGNORED_TYPES: [&str; 25] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "erofs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "overlay",
    "proc",
    "procfs",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tracefs",
];

/// Name, meaning and value of a metric of how full a file system is.
type Size = (&'static str, &'static str, fn(&Volume) -> u64);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Mount {
    device: String,
    point: String,
    kind: String,
    major: String,
    minor: String,
}

struct Measured {
    mount: Mount,
    read_only: bool,
    volume: Result<Volume, String>,
}

pub(super) fn filesystem(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let tree = &machine.tree;
    let mounts = match tree.text("proc/1/mountinfo") {
        Err(CollectError::Absent) => tree.text("proc/self/mountinfo"),
        read => read,
    }?;
    let root = tree.root().to_string_lossy();
    let mut seen = HashSet::new();
    let mut measured = Vec::new();
    for (mount, read_only) in mounts.lines().filter_map(|line| parse(line, &root)) {
        let ignored =
            IGNORED_TYPES.contains(&mount.kind.as_str()) || is_ignored_point(&mount.point);
        if !ignored && seen.insert(mount.clone()) {
            let volume = tree.volume(&mount.point);
            measured.push(Measured { mount, read_only, volume });
        }
    }
    let flag = |value: bool| f64::from(u8::from(value));
    expose(text, &measured, "device_error", "Whether the file system could not be asked.", |m| {
        Some(flag(m.volume.is_err()))
    });
    expose(text, &measured, "readonly", "Whether the file system is mounted read-only.", |m| {
        Some(flag(m.read_only))
    });
    let sizes: [Size; 5] = [
        ("size_bytes", "Size in bytes.", |v| v.total),
        ("free_bytes", "Bytes that are not used.", |v| v.free),
        ("avail_bytes", "Bytes that users other than root may still use.", |v| v.available),
        ("files", "How many files there can be.", |v| v.files),
        ("files_free", "How many more files there can be.", |v| v.files_free),
    ];
    for (name, help, value) in sizes {
        expose(text, &measured, name, help, |m| {
            m.volume.as_ref().ok().map(|volume| value(volume) as f64)
        });
    }
    text.family("node_filesystem_mount_info", MetricKind::Gauge, "Where a device is mounted.");
    for Measured { mount, .. } in measured.iter().filter(|measured| measured.volume.is_ok()) {
        text.sample(
            &[
                ("device", &mount.device),
                ("major", &mount.major),
                ("minor", &mount.minor),
                ("mountpoint", &mount.point),
            ],
            1.0,
        );
    }
    Ok(())
}

fn expose(
    text: &mut Text,
    all: &[Measured],
    name: &str,
    help: &str,
    value: impl Fn(&Measured) -> Option<f64>,
) {
    text.family(&format!("node_filesystem_{name}"), MetricKind::Gauge, help);
    for measured in all {
        let Some(value) = value(measured) else { continue };
        let mount = &measured.mount;
        let mut labels = vec![
            ("device", mount.device.as_str()),
            ("fstype", mount.kind.as_str()),
            ("mountpoint", mount.point.as_str()),
        ];
        if let Err(reason) = &measured.volume {
            labels.push(("device_error", reason));
        }
        text.sample(&labels, value);
    }
}

/// A line of `mountinfo` (proc(5)), and whether it is read-only: as a mount, or below it.
fn parse(line: &str, root: &str) -> Option<(Mount, bool)> {
    let (before, after) = line.split_once(" - ")?;
    let before: Vec<&str> = before.split(' ').collect();
    let [_, _, numbers, _, point, options, ..] = before[..] else { return None };
    let after: Vec<&str> = after.split(' ').collect();
    let [kind, device, super_options] = after[..] else { return None };
    let (major, minor) = numbers.split_once(':')?;
    let has = |options: &str, wanted| options.split(',').any(|option| option == wanted);
    let read_only =
        has(options, "ro") || has(super_options, "ro") || has(super_options, "emergency_ro");
    let point = point.replace("\\040", " ").replace("\\011", "\t");
    let point = match point.strip_prefix(root.trim_end_matches('/')) {
        Some("") => "/".to_owned(),
        Some(below) if below.starts_with('/') => below.to_owned(),
        _ => point,
    };
    let mount = Mount {
        device: device.to_owned(),
        point,
        kind: kind.to_owned(),
        major: major.to_owned(),
        minor: minor.to_owned(),
    };
    Some((mount, read_only))
}

/// Mount points of the system and of containers, as node_exporter ignores them.
fn is_ignored_point(point: &str) -> bool {
    let below = |prefix: &str| {
        point.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let inside = |prefix: &str| point.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty());
    ["/dev", "/proc", "/sys"].into_iter().any(below)
        || ["/run/credentials/", "/var/lib/docker/", "/var/lib/containers/storage/"]
            .into_iter()
            .any(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_lines() {
        let line = r"36 35 98:0 /mnt1 /mnt\040two rw,noatime master:1 - ext3 /dev/root ro,errors=x";
        let (mount, read_only) = parse(line, "/").unwrap();
        assert_eq!((mount.point.as_str(), mount.device.as_str()), ("/mnt two", "/dev/root"));
        assert_eq!((mount.kind.as_str(), mount.major.as_str(), read_only), ("ext3", "98", true));
        let (mount, read_only) =
            parse("1 2 8:1 / /host/data rw - xfs /dev/sda1 rw", "/host").unwrap();
        assert_eq!((mount.point.as_str(), read_only), ("/data", false));
        let (mount, _) = parse("1 2 8:1 / /host rw - xfs /dev/sda1 rw", "/host").unwrap();
        assert_eq!(mount.point, "/");
        assert!(parse("rubbish", "/").is_none());
    }

    #[test]
    fn mount_points() {
        for (point, ignored) in [
            ("/", false),
            ("/dev", true),
            ("/dev/shm", true),
            ("/device", false),
            ("/var/lib/docker", false),
            ("/var/lib/docker/overlay2/x", true),
            ("/run", false),
        ] {
            assert_eq!(is_ignored_point(point), ignored, "{point}");
        }
    }
}
