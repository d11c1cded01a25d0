//! Targets that stand in the configuration itself, and the form of target groups elsewhere.

use model::Labels;
use serde::Deserialize;

use crate::config::labels::label_set;

/// The label that holds where a target is.
pub const ADDRESS: &str = "__address__";

/// Targets that have labels in common.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Plain")]
pub struct TargetGroup {
    /// The labels of each target alone, its address among them.
    pub targets: Vec<Labels>,
    /// The labels that all of them have.
    pub labels: Labels,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "targetgroup.Group")]
struct Plain {
    targets: Vec<String>,
    #[serde(deserialize_with = "label_set")]
    labels: Labels,
}

impl From<Plain> for TargetGroup {
    fn from(plain: Plain) -> Self {
        let targets = plain.targets.iter();
        let targets = targets.map(|address| Labels::from_pairs([(ADDRESS, address)]));
        TargetGroup { targets: targets.collect(), labels: plain.labels }
    }
}
