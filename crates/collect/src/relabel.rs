//! Relabelling: rules that rewrite or drop label sets (`relabel_configs` and its relatives).

mod config;

use md5::{Digest, Md5};
use model::LabelsBuilder;

pub(crate) use config::UncheckedRule;
pub use config::{Action, Rule};

/// Applies the rules in their order; `false` when one of them drops the set.
pub fn relabel(rules: &[Rule], labels: &mut LabelsBuilder) -> bool {
    rules.iter().all(|rule| rule.apply(labels))
}

impl Rule {
    /// Applies this rule alone; `false` when it drops the set.
    pub fn apply(&self, labels: &mut LabelsBuilder) -> bool {
        let value = self.source_value(labels);
        match self.action {
            Action::Keep => return self.regex.is_match(&value),
            Action::Drop => return !self.regex.is_match(&value),
            Action::KeepEqual => return self.target_value(labels) == value,
            Action::DropEqual => return self.target_value(labels) != value,
            Action::Replace => self.replace(&value, labels),
            Action::HashMod => {
                let hash = hash(&value) % self.modulus;
                labels.set(&self.target_label, &hash.to_string());
            }
            Action::Lowercase => {
                labels.set(&self.target_label, &value.to_lowercase());
            }
            Action::Uppercase => {
                labels.set(&self.target_label, &value.to_uppercase());
            }
            Action::LabelMap => self.map_names(labels),
            Action::LabelDrop => {
                labels.retain(|name| !self.regex.is_match(name));
            }
            Action::LabelKeep => {
                labels.retain(|name| self.regex.is_match(name));
            }
        }
        true
    }

    /// The values of the source labels, joined.
    fn source_value(&self, labels: &LabelsBuilder) -> String {
        let mut joined = String::new();
        for (position, name) in self.source_labels.iter().enumerate() {
            if position > 0 {
                joined.push_str(&self.separator);
            }
            joined.push_str(labels.get(name).unwrap_or_default());
        }
        joined
    }

    fn target_value<'a>(&self, labels: &'a LabelsBuilder) -> &'a str {
        labels.get(&self.target_label).unwrap_or_default()
    }

    fn replace(&self, value: &str, labels: &mut LabelsBuilder) {
        let Some(target) = self.regex.expand(value, &self.target_label) else { return };
        if !self.names.is_label_name(&target) {
            return;
        }
        let replacement = self.regex.expand(value, &self.replacement).unwrap_or_default();
        labels.set(&target, &replacement);
    }

    /// Copies labels to the names that the expression makes of theirs.
    fn map_names(&self, labels: &mut LabelsBuilder) {
        let copies: Vec<_> = labels
            .iter()
            .filter(|(name, _)| self.regex.is_match(name))
            .map(|(name, value)| {
                (self.regex.replace_all(name, &self.replacement), value.to_owned())
            })
            .collect();
        for (name, value) in copies {
            labels.set(&name, &value);
        }
    }
}

/// The last eight bytes of the MD5 sum, as upstream takes them so that shards agree.
fn hash(value: &str) -> u64 {
    let digest: [u8; 16] = Md5::digest(value).into();
    let [_, _, _, _, _, _, _, _, last @ ..] = digest;
    u64::from_be_bytes(last)
}

#[cfg(test)]
mod tests;
