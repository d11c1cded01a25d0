//! The functions templates of notifications may call
//! (<https://prometheus.io/docs/alerting/latest/notifications/#functions>).

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::route_labels::RouteLabels;
use crate::Timestamp;
use crate::golang::json;
use crate::golang::layout;
use crate::golang::time::Time;
use crate::golang::url::query_unescape;
use crate::golang::zone::Zone;
use crate::humanize;
use crate::template::arguments::Count::{self, AtLeast, Exactly};
use crate::template::arguments::{argument, list, text, texts};
use crate::template::{Functions, Value};
use crate::words::{lower, regexp, replace_all, title, upper};

/// The functions in one notification.
pub(super) struct MessageFunctions<'a> {
    pub(super) now: Timestamp,
    pub(super) route_labels: RouteLabels<'a>,
}

type Function = fn(&MessageFunctions<'_>, &[Value]) -> Result<Value, String>;

/// All functions, sorted by name.
const FUNCTIONS: [(&str, Count, Function); 25] = [
    ("append", AtLeast(1), |_, all| append(all)),
    ("base64decode", Exactly(1), |_, all| base64_decode(text(all, 0)?)),
    ("base64encode", Exactly(1), |_, all| Ok(Value::text(URL_SAFE.encode(text(all, 0)?)))),
    ("date", Exactly(2), |_, all| Ok(Value::text(time(all, 1)?.format(text(all, 0)?)))),
    ("dict", AtLeast(0), |_, all| dict(all)),
    ("humanizeDuration", Exactly(1), |_, all| {
        Ok(Value::text(humanize::duration(humanize::to_float(argument(all, 0)?)?)))
    }),
    ("join", Exactly(2), |_, all| join(text(all, 0)?, &texts(all, 1)?)),
    ("list", AtLeast(0), |_, all| Ok(Value::list(all.iter().cloned()))),
    ("match", Exactly(2), |_, all| Ok(Value::Bool(regexp(all, 0)?.is_match(text(all, 1)?)))),
    ("mustToDate", Exactly(2), |_, all| {
        layout::parse(text(all, 0)?, text(all, 1)?).map(Value::time)
    }),
    ("now", Exactly(0), |f, _| Ok(Value::time(Time::utc(f.now)))),
    ("reReplaceAll", Exactly(3), |_, all| replace_all(all)),
    ("routeLabels", Exactly(1), |f, all| {
        f.route_labels.resolve(text(all, 0)?, f.now).map(Value::text)
    }),
    ("safeHtml", Exactly(1), |_, all| text(all, 0).map(Value::text)),
    ("safeUrl", Exactly(1), |_, all| text(all, 0).map(Value::text)),
    ("since", Exactly(1), |f, all| {
        Ok(Value::Duration(Time::utc(f.now).nanos_since(&*time(all, 0)?)))
    }),
    ("stringSlice", AtLeast(0), |_, all| {
        (0..all.len()).map(|at| text(all, at)).collect::<Result<Vec<_>, _>>().map(Value::texts)
    }),
    ("title", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(title(text, true)))),
    ("toDate", Exactly(2), |_, all| to_date(text(all, 0)?, text(all, 1)?)),
    ("toJson", Exactly(1), |_, all| to_json(argument(all, 0)?)),
    ("toLower", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(lower(text)))),
    ("toUpper", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(upper(text)))),
    ("trimSpace", Exactly(1), |_, all| text(all, 0).map(|text| Value::text(text.trim()))),
    ("tz", Exactly(2), |_, all| in_zone(text(all, 0)?, &*time(all, 1)?)),
    ("urlUnescape", Exactly(1), |_, all| query_unescape(text(all, 0)?).map(Value::text)),
];

fn find(name: &str) -> Option<(Count, Function)> {
    let found = FUNCTIONS.binary_search_by_key(&name, |(name, ..)| name).ok()?;
    Some((FUNCTIONS[found].1, FUNCTIONS[found].2))
}

/// What parsing needs to know of the functions.
pub(super) struct Names;

impl Functions for Names {
    fn knows(&self, name: &str) -> bool {
        find(name).is_some()
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Value, String> {
        Err(format!("{name} cannot be called here"))
    }
}

impl Functions for MessageFunctions<'_> {
    fn knows(&self, name: &str) -> bool {
        find(name).is_some()
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let found = find(name).ok_or_else(|| format!("function {name:?} not defined"))?;
        let (count, function) = found;
        count.check(name, arguments.len())?;
        function(self, arguments)
    }
}

/// The most a function may give.
const RESULT_BYTES_MAX: usize = 4 << 20;

fn time(all: &[Value], at: usize) -> Result<Arc<Time>, String> {
    match argument(all, at)? {
        Value::Time(time) => Ok(Arc::clone(time)),
        other => {
            Err(format!("wrong type for value; expected time.Time; got {}", other.type_name()))
        }
    }
}

fn append(all: &[Value]) -> Result<Value, String> {
    let mut values = list(all, 0)?;
    values.extend(all[1..].iter().cloned());
    Ok(Value::list(values))
}

fn base64_decode(text: &str) -> Result<Value, String> {
    let bytes = URL_SAFE.decode(text).map_err(|_| "illegal base64 data".to_owned())?;
    Ok(Value::text(String::from_utf8_lossy(&bytes)))
}

fn dict(all: &[Value]) -> Result<Value, String> {
    if !all.len().is_multiple_of(2) {
        return Err("dict requires an even number of arguments".to_owned());
    }
    let mut entries = BTreeMap::new();
    for pair in all.chunks_exact(2) {
        let Value::Text(key) = &pair[0] else { return Err("dict keys must be strings".to_owned()) };
        entries.insert(key.to_string(), pair[1].clone());
    }
    Ok(Value::map(entries))
}

fn join(separator: &str, texts: &[String]) -> Result<Value, String> {
    let separators = separator.len().saturating_mul(texts.len());
    let bytes = texts.iter().map(String::len).fold(separators, usize::saturating_add);
    if bytes > RESULT_BYTES_MAX {
        return Err(format!("the result has more than {RESULT_BYTES_MAX} bytes"));
    }
    Ok(Value::text(texts.join(separator)))
}

fn to_date(layout: &str, text: &str) -> Result<Value, String> {
    Ok(Value::time(layout::parse(layout, text).unwrap_or_else(|_| Time::zero())))
}

fn in_zone(name: &str, time: &Time) -> Result<Value, String> {
    let zone = Zone::load(name).ok_or_else(|| format!("unknown time zone {name}"))?;
    Ok(Value::time(Time { utc: time.utc, zone }))
}

fn to_json(value: &Value) -> Result<Value, String> {
    let mut out = Limited(Vec::new());
    json::to_writer(&mut out, value).map_err(|error| error.to_string())?;
    Ok(Value::text(String::from_utf8_lossy(&out.0)))
}

/// Bytes up to a limit: a value that shares its parts may be much longer as text.
struct Limited(Vec<u8>);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > RESULT_BYTES_MAX {
            let text = format!("the result has more than {RESULT_BYTES_MAX} bytes");
            return Err(std::io::Error::other(text));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(name, ..)| *name).collect()
}
