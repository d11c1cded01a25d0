//! `label_replace` and `label_join`.

use std::borrow::Cow;

use model::{Labels, LabelsBuilder, METRIC_NAME, Regexp};

use super::Stop;
use super::frame::Frame;
use crate::ast::Call;
use crate::eval::functions::labels::text;

/// What one label is set to.
pub(super) struct Relabelling<'e> {
    target: &'e str,
    value: Value<'e>,
}

enum Value<'e> {
    Replaced { pattern: Regexp, replacement: Cow<'e, str>, source: Cow<'e, str> },
    Joined { separator: Cow<'e, str>, sources: Vec<&'e str> },
}

impl<'e> Relabelling<'e> {
    /// What a call does; nothing if its arguments are wrong.
    pub(super) fn of(call: &'e Call) -> Option<Self> {
        let target = text(&call.args[1]).as_label_name()?;
        if call.function.name == "label_join" {
            let separator = text(&call.args[2]).to_str_lossy();
            let sources = call.args[3..].iter().map(|source| text(source).as_label_name());
            let sources = sources.collect::<Option<Vec<_>>>()?;
            return Some(Relabelling { target, value: Value::Joined { separator, sources } });
        }
        let pattern = Regexp::anchored(&text(&call.args[4]).to_str_lossy()).ok()?;
        let replacement = text(&call.args[2]).to_str_lossy();
        let source = text(&call.args[3]).to_str_lossy();
        Some(Relabelling { target, value: Value::Replaced { pattern, replacement, source } })
    }

    /// The new value, unless the label stays as it is.
    fn value(&self, labels: &Labels) -> Option<String> {
        match &self.value {
            Value::Replaced { pattern, replacement, source } => {
                pattern.expand(labels.get(source).unwrap_or_default(), replacement)
            }
            Value::Joined { separator, sources } => {
                let values = sources.iter().map(|source| labels.get(source).unwrap_or_default());
                Some(values.collect::<Vec<_>>().join(separator))
            }
        }
    }
}

/// Changes the labels of all rows; rows that come to have equal ones are left to the naive
/// evaluator.
pub(super) fn relabelled(call: &Call, mut frame: Frame) -> Result<Frame, Stop> {
    let relabelling = Relabelling::of(call).ok_or(Stop::Naive)?;
    for key in &mut frame.keys {
        let Some(value) = relabelling.value(&key.labels) else { continue };
        let mut builder = LabelsBuilder::from(&key.labels);
        key.labels = builder.set(relabelling.target, &value).build();
        // A name that was given on purpose stays.
        key.drops_name = key.drops_name && relabelling.target != METRIC_NAME;
    }
    frame.reject_equal_labels()?;
    Ok(frame)
}
