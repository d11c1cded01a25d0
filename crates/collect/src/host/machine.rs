//! The machine and its operating system as a whole.

use std::collections::HashMap;

use model::MetricKind;

use super::text::Text;
use super::{CollectError, Collected, Machine};

pub(super) fn entropy(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let number = |name| machine.tree.number(&format!("proc/sys/kernel/random/{name}"));
    let available = number("entropy_avail").ok_or(CollectError::Absent)?;
    text.gauge("node_entropy_available_bits", "Bits of available entropy.", available);
    if let Some(size) = number("poolsize") {
        text.gauge("node_entropy_pool_size_bits", "Bits of the entropy pool.", size);
    }
    Ok(())
}

pub(super) fn filefd(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let content = machine.tree.text("proc/sys/fs/file-nr")?;
    let numbers: Vec<f64> =
        content.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [allocated, _, maximum] = numbers[..] else {
        return Err(CollectError::Failed(content));
    };
    text.gauge("node_filefd_allocated", "File descriptors that are allocated.", allocated);
    text.gauge("node_filefd_maximum", "How many there can be.", maximum);
    Ok(())
}

/// The system's name and version, and which distribution it is.
pub(super) fn os(machine: &Machine<'_>, text: &mut Text) -> Collected {
    uname(machine, text);
    let tree = &machine.tree;
    let release = match tree.text("etc/os-release") {
        Err(CollectError::Absent) => tree.text("usr/lib/os-release"),
        read => read,
    }?;
    let fields: HashMap<&str, &str> = release
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .map(|(name, value)| (name, value.trim_matches(['"', '\''])))
        .collect();
    let field = |name| fields.get(name).copied().unwrap_or_default();
    text.family("node_os_info", MetricKind::Gauge, "Facts about the operating system.");
    text.sample(
        &[
            ("build_id", field("BUILD_ID")),
            ("id", field("ID")),
            ("id_like", field("ID_LIKE")),
            ("image_id", field("IMAGE_ID")),
            ("image_version", field("IMAGE_VERSION")),
            ("name", field("NAME")),
            ("pretty_name", field("PRETTY_NAME")),
            ("variant", field("VARIANT")),
            ("variant_id", field("VARIANT_ID")),
            ("version", field("VERSION")),
            ("version_codename", field("VERSION_CODENAME")),
            ("version_id", field("VERSION_ID")),
        ],
        1.0,
    );
    if let Some(version) = leading_number(field("VERSION_ID")) {
        text.family("node_os_version", MetricKind::Gauge, "Major and minor version as a number.");
        text.sample(
            &[("id", field("ID")), ("id_like", field("ID_LIKE")), ("name", field("NAME"))],
            version,
        );
    }
    Ok(())
}

/// The number a version begins with: 22.04 of `22.04.3`.
fn leading_number(version: &str) -> Option<f64> {
    let mut points = 0;
    let end = version
        .find(|c: char| {
            points += usize::from(c == '.');
            !(c.is_ascii_digit() || c == '.') || points > 1
        })
        .unwrap_or(version.len());
    version[..end].parse().ok()
}

fn uname(machine: &Machine<'_>, text: &mut Text) {
    let line = |name| machine.tree.line(&format!("proc/sys/kernel/{name}")).unwrap_or_default();
    let arch = match line("arch") {
        arch if arch.is_empty() => std::env::consts::ARCH.to_owned(),
        arch => arch,
    };
    text.family("node_uname_info", MetricKind::Gauge, "The system as uname(2) names it.");
    text.sample(
        &[
            ("domainname", &line("domainname")),
            ("machine", &arch),
            ("nodename", &line("hostname")),
            ("release", &line("osrelease")),
            ("sysname", &line("ostype")),
            ("version", &line("version")),
        ],
        1.0,
    );
}

/// Labels of `node_dmi_info`, with the files where they differ.
const DMI: [(&str, &str); 20] = [
    ("bios_date", "bios_date"),
    ("bios_release", "bios_release"),
    ("bios_vendor", "bios_vendor"),
    ("bios_version", "bios_version"),
    ("board_asset_tag", "board_asset_tag"),
    ("board_name", "board_name"),
    ("board_serial", "board_serial"),
    ("board_vendor", "board_vendor"),
    ("board_version", "board_version"),
    ("chassis_asset_tag", "chassis_asset_tag"),
    ("chassis_serial", "chassis_serial"),
    ("chassis_vendor", "chassis_vendor"),
    ("chassis_version", "chassis_version"),
    ("product_family", "product_family"),
    ("product_name", "product_name"),
    ("product_serial", "product_serial"),
    ("product_sku", "product_sku"),
    ("product_uuid", "product_uuid"),
    ("product_version", "product_version"),
    ("system_vendor", "sys_vendor"),
];

/// What the firmware says of the hardware; some of it only root may read.
pub(super) fn dmi(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let read = |(label, file): (&'static str, &str)| {
        let value = machine.tree.line(&format!("sys/class/dmi/id/{file}"))?;
        Some((label, value))
    };
    let found: Vec<_> = DMI.into_iter().filter_map(read).collect();
    if found.is_empty() {
        return Err(CollectError::Absent);
    }
    let labels: Vec<_> = found.iter().map(|(label, value)| (*label, value.as_str())).collect();
    text.family("node_dmi_info", MetricKind::Gauge, "Facts about the hardware.");
    text.sample(&labels, 1.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, number) in [("12", Some(12.0)), ("22.04.3", Some(22.04)), ("rolling", None)] {
            assert_eq!(leading_number(text), number, "{text}");
        }
    }
}
