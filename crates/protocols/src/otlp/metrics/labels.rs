//! Labels of attributes.

use model::{Attributes, Value};

use super::naming::label_name;

const SERVICE_NAME: &str = "service.name";
const SERVICE_NAMESPACE: &str = "service.namespace";
const SERVICE_INSTANCE: &str = "service.instance.id";

/// Pairs of labels in order of their names.
pub(super) type Pairs = Vec<(String, String)>;

/// `job` and `instance`, as the resource gives them.
pub(super) fn target_pairs(resource: &Attributes) -> Pairs {
    let text = |name| attribute(resource, name).map(|value| value.to_text().into_owned());
    let job = text(SERVICE_NAME).map(|service| match text(SERVICE_NAMESPACE) {
        Some(namespace) => format!("{namespace}/{service}"),
        None => service,
    });
    let instance = text(SERVICE_INSTANCE).map(|instance| ("instance".to_owned(), instance));
    instance.into_iter().chain(job.map(|job| ("job".to_owned(), job))).collect()
}

fn attribute<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a Value> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Labels of attributes and of their target, in order of their names. Attributes whose names become
/// the same are joined with a semicolon. `None` when a name has no character that a label may have.
pub(super) fn point_pairs(attributes: &Attributes, target: &Pairs) -> Option<Pairs> {
    let mut sorted: Vec<&(String, Value)> = attributes.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut pairs = Pairs::with_capacity(sorted.len() + target.len());
    for (name, value) in sorted {
        pairs.push((label_name(name)?, value.to_text().into_owned()));
    }
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    pairs.dedup_by(|(name, value), (kept_name, kept_value)| {
        let same = name == kept_name;
        if same {
            kept_value.push(';');
            kept_value.push_str(value);
        }
        same
    });
    pairs.retain(|(name, _)| !target.iter().any(|(reserved, _)| reserved == name));
    pairs.extend(target.iter().cloned());
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(pairs)
}

/// The labels of `target_info`: what is known of a resource besides its identity. `None` when that is
/// nothing, or the resource has no identity.
pub(super) fn info_pairs(resource: &Attributes, target: &Pairs) -> Option<Pairs> {
    let identifying = [SERVICE_NAME, SERVICE_NAMESPACE, SERVICE_INSTANCE];
    let mut others = resource.clone();
    others.retain(|(name, _)| !identifying.contains(&name.as_str()) && label_name(name).is_some());
    if others.is_empty() || target.is_empty() {
        return None;
    }
    point_pairs(&others, target)
}
