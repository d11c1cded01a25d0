//! Sensors and what they control.

use model::MetricKind;

use super::text::Text;
use super::tree::numbered;
use super::{CollectError, Collected, Machine};

const BASE: &str = "sys/class/thermal";

pub(super) fn thermal_zone(machine: &Machine<'_>, text: &mut Text) -> Collected {
    let names = machine.tree.names(BASE);
    if names.is_empty() {
        return Err(CollectError::Absent);
    }
    let families = [
        ("thermal_zone", "temp", "node_thermal_zone_temp", "zone", "Temperature in Celsius.", 1e3),
        (
            "cooling_device",
            "cur_state",
            "node_cooling_device_cur_state",
            "name",
            "How far a device is throttled.",
            1.0,
        ),
        (
            "cooling_device",
            "max_state",
            "node_cooling_device_max_state",
            "name",
            "How far a device can be throttled.",
            1.0,
        ),
    ];
    for (prefix, file, name, label, help, divisor) in families {
        text.family(name, MetricKind::Gauge, help);
        for number in numbered(&names, prefix) {
            let dir = format!("{BASE}/{prefix}{number}");
            let kind = machine.tree.line(&format!("{dir}/type")).unwrap_or_default();
            if let Some(value) = machine.tree.number(&format!("{dir}/{file}")) {
                let number = number.to_string();
                text.sample(&[(label, &number), ("type", &kind)], value / divisor);
            }
        }
    }
    Ok(())
}
