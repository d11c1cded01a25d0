//! One rule as it is written, with upstream's checks.

use model::Regexp;
use serde::Deserialize;

use crate::config::ConfigError;
use crate::names::NameScheme;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sets a label to a replacement when the expression matches.
    Replace,
    /// Drops sets that do not match.
    Keep,
    /// Drops sets that match.
    Drop,
    /// Drops sets whose source and target values differ.
    KeepEqual,
    /// Drops sets whose source and target values are equal.
    DropEqual,
    /// Sets a label to a hash modulo a number.
    HashMod,
    /// Copies labels to other names.
    LabelMap,
    /// Removes labels whose names match.
    LabelDrop,
    /// Removes labels whose names do not match.
    LabelKeep,
    /// Sets a label to the source in lower case.
    Lowercase,
    /// Sets a label to the source in upper case.
    Uppercase,
}

impl Action {
    const NAMES: [(&'static str, Action); 11] = [
        ("replace", Action::Replace),
        ("keep", Action::Keep),
        ("drop", Action::Drop),
        ("keepequal", Action::KeepEqual),
        ("dropequal", Action::DropEqual),
        ("hashmod", Action::HashMod),
        ("labelmap", Action::LabelMap),
        ("labeldrop", Action::LabelDrop),
        ("labelkeep", Action::LabelKeep),
        ("lowercase", Action::Lowercase),
        ("uppercase", Action::Uppercase),
    ];

    fn name(self) -> &'static str {
        Action::NAMES.iter().find(|(_, action)| *action == self).map_or("", |(name, _)| name)
    }
}

/// A rule of `relabel_configs`, `metric_relabel_configs` and the like.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Labels whose values are joined into what the rule looks at.
    pub source_labels: Vec<String>,
    /// What stands between the joined values.
    pub separator: String,
    /// What the value, or a label's name, is compared with.
    pub regex: Regexp,
    /// The divisor of `hashmod`.
    pub modulus: u64,
    /// The label that is set or compared; for `replace` it may contain `$1`.
    pub target_label: String,
    /// What the label is set to, or the name it is copied to.
    pub replacement: String,
    /// What the rule does.
    pub action: Action,
    /// Which names may be set.
    pub names: NameScheme,
}

const DEFAULT_SEPARATOR: &str = ";";
const DEFAULT_REGEX: &str = "(.*)";
const DEFAULT_REPLACEMENT: &str = "$1";
/// Names of the classic kind in which a `$1` may stand for letters.
const CLASSIC_TEMPLATE: &str = r"(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+";

/// A rule that is read but not checked: which names it may use is said elsewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "relabel.plain")]
pub(crate) struct UncheckedRule {
    source_labels: Option<Vec<SourceLabel>>,
    separator: String,
    regex: Option<String>,
    modulus: u64,
    target_label: String,
    replacement: String,
    action: Option<ActionName>,
}

impl Default for UncheckedRule {
    fn default() -> Self {
        UncheckedRule {
            source_labels: None,
            separator: DEFAULT_SEPARATOR.to_owned(),
            regex: Some(DEFAULT_REGEX.to_owned()),
            modulus: 0,
            target_label: String::new(),
            replacement: DEFAULT_REPLACEMENT.to_owned(),
            action: Some(ActionName(Action::Replace)),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct SourceLabel(String);

impl TryFrom<String> for SourceLabel {
    type Error = ConfigError;

    fn try_from(name: String) -> Result<Self, ConfigError> {
        if name.is_empty() {
            return Err(ConfigError::new("\"\" is not a valid label name"));
        }
        Ok(SourceLabel(name))
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct ActionName(Action);

impl TryFrom<String> for ActionName {
    type Error = ConfigError;

    fn try_from(name: String) -> Result<Self, ConfigError> {
        let lower = name.to_lowercase();
        let known = Action::NAMES.iter().find(|(known, _)| *known == lower);
        match known {
            Some((_, action)) => Ok(ActionName(*action)),
            None => Err(ConfigError(format!("unknown relabel action {name:?}"))),
        }
    }
}

impl UncheckedRule {
    /// The rule, if its fields make sense together.
    pub(crate) fn check(&self, names: NameScheme) -> Result<Rule, ConfigError> {
        let Some(ActionName(action)) = self.action else {
            return Err(ConfigError::new("relabel action cannot be empty"));
        };
        let pattern = self.regex.as_deref().unwrap_or_default();
        let regex = Regexp::anchored(pattern).map_err(|error| ConfigError(error.to_string()))?;
        self.check_target(action)?;
        self.check_names(action, names)?;
        self.check_exclusive(action)?;
        let source_labels = self.source_labels.iter().flatten();
        Ok(Rule {
            source_labels: source_labels.map(|SourceLabel(name)| name.clone()).collect(),
            separator: self.separator.clone(),
            regex,
            modulus: self.modulus,
            target_label: self.target_label.clone(),
            replacement: self.replacement.clone(),
            action,
            names,
        })
    }

    fn check_target(&self, action: Action) -> Result<(), ConfigError> {
        if action == Action::HashMod && self.modulus == 0 {
            return Err(ConfigError::new(
                "relabel configuration for hashmod requires non-zero modulus",
            ));
        }
        let needs_target = matches!(
            action,
            Action::Replace
                | Action::HashMod
                | Action::Lowercase
                | Action::Uppercase
                | Action::KeepEqual
                | Action::DropEqual
        );
        if needs_target && self.target_label.is_empty() {
            return Err(ConfigError(format!(
                "relabel configuration for {} action requires 'target_label' value",
                action.name()
            )));
        }
        Ok(())
    }

    fn check_names(&self, action: Action, names: NameScheme) -> Result<(), ConfigError> {
        let invalid = |what: &str, value: &str| {
            Err(ConfigError(format!("{value:?} is invalid '{what}' for {} action", action.name())))
        };
        let target = self.target_label.as_str();
        match action {
            Action::Replace if !is_template(target, names) => invalid("target_label", target),
            Action::LabelMap if !is_template(&self.replacement, names) => {
                invalid("replacement", &self.replacement)
            }
            Action::HashMod if !names.is_label_name(target) => invalid("target_label", target),
            Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual => {
                if !names.is_label_name(target) {
                    return invalid("target_label", target);
                }
                if self.replacement != DEFAULT_REPLACEMENT {
                    return Err(ConfigError(format!(
                        "'replacement' can not be set for {} action",
                        action.name()
                    )));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Some actions use a few fields only, and refuse the others.
    fn check_exclusive(&self, action: Action) -> Result<(), ConfigError> {
        let others = self.modulus != 0
            || self.separator != DEFAULT_SEPARATOR
            || self.replacement != DEFAULT_REPLACEMENT;
        let name = action.name();
        match action {
            Action::DropEqual | Action::KeepEqual
                if others || self.regex.as_deref() != Some(DEFAULT_REGEX) =>
            {
                Err(ConfigError(format!(
                    "{name} action requires only 'source_labels' and `target_label`, and no other \
                     fields"
                )))
            }
            Action::LabelDrop | Action::LabelKeep
                if others || self.source_labels.is_some() || !self.target_label.is_empty() =>
            {
                Err(ConfigError(format!(
                    "{name} action requires only 'regex', and no other fields"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a text is a name once its `$1` are filled in.
fn is_template(text: &str, names: NameScheme) -> bool {
    match names {
        NameScheme::Legacy if text.contains('$') => {
            Regexp::anchored(CLASSIC_TEMPLATE).is_ok_and(|pattern| pattern.is_match(text))
        }
        _ => names.is_label_name(text),
    }
}
