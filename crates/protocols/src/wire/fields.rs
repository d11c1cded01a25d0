//! Keeps field names unique: a log record has at most one field of a name.

use std::collections::{HashMap, HashSet};

use model::{Attributes, Value};

use crate::DecodeError;
use crate::limits::Budget;

/// Up to this many fields are compared pair by pair, which is faster than hashing them.
const FEW: usize = 24;

/// About how many bytes a field occupies in memory.
pub(crate) fn byte_len(name: &str, value: &Value) -> usize {
    size_of::<(String, Value)>() + name.len() + value.byte_len()
}

/// Adds `value` to `out`, the members of maps as names joined with dots, as [`model::flatten`] does.
///
/// The joined names are paid for before they are made: under a long name, every small member of a
/// map repeats it.
pub(crate) fn flatten(
    budget: &mut Budget,
    name: String,
    value: Value,
    out: &mut Attributes,
) -> Result<(), DecodeError> {
    match value {
        Value::Null => {}
        Value::Map(members) => {
            for (member, value) in members {
                if name.is_empty() {
                    flatten(budget, member, value, out)?;
                } else {
                    budget.charge(name.len() + member.len() + 1)?;
                    flatten(budget, format!("{name}.{member}"), value, out)?;
                }
            }
        }
        other => {
            budget.charge(size_of::<(String, Value)>())?;
            out.push((name, other));
        }
    }
    Ok(())
}

/// Takes a field out.
pub(crate) fn remove(fields: &mut Attributes, name: &str) -> Option<Value> {
    let position = fields.iter().position(|(known, _)| known == name)?;
    Some(fields.remove(position).1)
}

/// Joins the values of fields with the same name into one array, as Elasticsearch does.
pub(crate) fn join_repeated(fields: &mut Attributes) {
    if !has_repeated(fields) {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut joined = Attributes::with_capacity(fields.len());
    for (name, value) in fields.drain(..) {
        match places.get(&name) {
            None => {
                places.insert(name.clone(), joined.len());
                joined.push((name, value));
            }
            Some(place) => append(&mut joined[*place].1, value),
        }
    }
    *fields = joined;
}

fn append(to: &mut Value, value: Value) {
    let mut values = match std::mem::replace(to, Value::Null) {
        Value::Array(values) => values,
        single => vec![single],
    };
    match value {
        Value::Array(more) => values.extend(more),
        single => values.push(single),
    }
    *to = Value::Array(values);
}

fn has_repeated(fields: &Attributes) -> bool {
    if fields.len() <= FEW {
        let mut names = fields.iter().enumerate();
        return names
            .any(|(position, (name, _))| fields[..position].iter().any(|(n, _)| n == name));
    }
    let mut seen = HashSet::with_capacity(fields.len());
    !fields.iter().all(|(name, _)| seen.insert(name))
}

/// Adds fields that several records share. A record's own field of the same name stays what it is,
/// and the shared one gets `prefix` before its name.
pub(crate) fn add_shared(fields: &mut Attributes, prefix: &str, shared: &Attributes) {
    if shared.is_empty() {
        return;
    }
    let own = fields.len();
    let names: HashSet<String> = match own * shared.len() > FEW * FEW {
        true => fields.iter().map(|(name, _)| name.clone()).collect(),
        false => HashSet::new(),
    };
    fields.reserve(shared.len());
    for (name, value) in shared {
        let taken = names.contains(name)
            || (names.is_empty() && fields[..own].iter().any(|(known, _)| known == name));
        let name = if taken { format!("{prefix}.{name}") } else { name.clone() };
        fields.push((name, value.clone()));
    }
    join_repeated(fields);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn fields(json: &[(&str, i64)]) -> Attributes {
        json.iter().map(|(name, value)| ((*name).to_owned(), Value::Int(*value))).collect()
    }

    fn text(fields: &Attributes) -> String {
        fields.iter().map(|(name, value)| format!("{name}={} ", value.to_text())).collect()
    }

    #[test]
    fn repeated_names_become_arrays() {
        let mut few = fields(&[("a", 1), ("b", 2), ("a", 3)]);
        few.push(("a".into(), Value::Array(vec![Value::Int(4)])));
        join_repeated(&mut few);
        assert_eq!(text(&few), "a=[1,3,4] b=2 ");

        let names: Vec<String> = (0..50).map(|number| format!("f{number}")).collect();
        let mut many: Attributes =
            names.iter().chain(&names).map(|n| (n.clone(), Value::Bool(true))).collect();
        join_repeated(&mut many);
        assert_eq!((many.len(), text(&many[..1].to_vec())), (50, "f0=[true,true] ".into()));
    }

    #[test]
    fn flattening_pays_for_names() {
        let leaves = Value::Map(fields(&[("a", 1), ("b", 2)]));
        let nested = Value::Map(vec![("x".repeat(500), leaves), ("n".into(), Value::Null)]);
        let flat = |decoded_bytes| {
            let mut budget = Budget::new(&Limits { decoded_bytes, ..Limits::default() });
            let mut out = Attributes::new();
            flatten(&mut budget, String::new(), nested.clone(), &mut out).map(|()| out)
        };
        assert_eq!(flat(10_000).unwrap()[1].0, format!("{}.b", "x".repeat(500)));
        assert_eq!(flat(1000).unwrap_err().http_status(), 413);
    }

    #[test]
    fn own_fields_come_before_shared_ones() {
        let mut own = fields(&[("host", 1), ("x", 2)]);
        add_shared(&mut own, "resource", &fields(&[("host", 3), ("zone", 4)]));
        assert_eq!(text(&own), "host=1 x=2 resource.host=3 zone=4 ");
    }
}
