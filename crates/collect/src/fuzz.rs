//! What fuzzing calls: any bytes are read or refused, and nothing panics or runs away.

use std::path::Path;

use model::LabelsBuilder;

use crate::config::Config;
use crate::discovery::file;
use crate::names::NameScheme;
use crate::relabel::{Rule, UncheckedRule, relabel};

/// Reads a configuration.
pub fn prometheus_config(data: &[u8]) {
    let _verdict = Config::parse(data, Path::new("/etc"), &|_| Some("value".to_owned()));
}

/// Reads rules, and behind a line of dashes a line for each label; applies the ones to the others.
pub fn relabel_rules(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (rules, labels) = text.split_once("\n---\n").unwrap_or((text, "a=b\n"));
    let Ok(rules) = yaml::from_str::<Vec<UncheckedRule>>(rules) else { return };
    for names in [NameScheme::Legacy, NameScheme::Utf8] {
        let rules: Result<Vec<Rule>, _> = rules.iter().map(|rule| rule.check(names)).collect();
        let Ok(rules) = rules else { continue };
        let mut builder = LabelsBuilder::default();
        for (name, value) in labels.lines().filter_map(|line| line.split_once('=')) {
            builder.set(name, value);
        }
        if relabel(&rules, &mut builder) {
            let built = builder.build();
            assert!(built.iter().all(|(_, value)| !value.is_empty()), "{built}");
        }
    }
}

/// Reads a file of targets, as JSON and as YAML.
pub fn target_file(data: &[u8]) {
    for path in ["targets.json", "targets.yml"] {
        let _verdict = file::parse(Path::new(path), data);
    }
}

#[cfg(test)]
mod tests {
    use testkit::seeds::replay;

    use super::*;

    #[test]
    fn seeds_and_their_mutations() {
        replay("prometheus_config", 1_000, prometheus_config);
        replay("relabel_rules", 1_000, relabel_rules);
        replay("target_file", 1_000, target_file);
    }
}
