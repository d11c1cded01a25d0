//! Writing Prometheus' text format.

use std::fmt::Write;

use model::MetricKind;

/// Families and samples, one family after the other.
#[derive(Default)]
pub(super) struct Text {
    out: String,
    name: String,
}

impl Text {
    /// Begins a family; samples that follow are its.
    pub(super) fn family(&mut self, name: &str, kind: MetricKind, help: &str) {
        name.clone_into(&mut self.name);
        let kind = match kind {
            MetricKind::Unknown => "untyped",
            known => known.name(),
        };
        write!(self.out, "# HELP {name} {help}\n# TYPE {name} {kind}\n")
            .expect("writing to a string cannot fail");
    }

    /// Adds a sample; labels with empty values are kept as they are.
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: f64) {
        self.out.push_str(&self.name);
        for (position, (name, value)) in labels.iter().enumerate() {
            self.out.push(if position == 0 { '{' } else { ',' });
            self.out.push_str(name);
            self.out.push_str("=\"");
            for character in value.chars() {
                match character {
                    '\\' => self.out.push_str("\\\\"),
                    '"' => self.out.push_str("\\\""),
                    '\n' => self.out.push_str("\\n"),
                    other => self.out.push(other),
                }
            }
            self.out.push('"');
        }
        if !labels.is_empty() {
            self.out.push('}');
        }
        writeln!(self.out, " {value}").expect("writing to a string cannot fail");
    }

    /// A gauge without labels.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, MetricKind::Gauge, help);
        self.sample(&[], value);
    }

    /// A counter without labels.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, MetricKind::Counter, help);
        self.sample(&[], value);
    }

    pub(super) fn into_string(self) -> String {
        self.out
    }
}
