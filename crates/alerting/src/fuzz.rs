//! Entries for fuzzing: each takes any bytes and must neither panic nor run for ever.

use crate::config::Config;
use crate::matcher::{Matchers, parse_matcher};
use crate::template::{self, Functions, Library, Limits, Value};

/// Parses and executes a template.
pub fn template(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Ok(parsed) = template::parse("fuzz", &text, &NoFunctions, &["$labels"]) {
        let labels = Value::text_map([("a", "1")]);
        let data = Value::map([("Labels".to_owned(), labels.clone())].into());
        let limits = Limits { steps: 10_000, bytes: 10_000, depth: 100 };
        let variables = [("$labels", labels)];
        let library = Library::default();
        let _any = template::execute(&parsed, &library, &NoFunctions, &variables, &data, limits);
    }
}

/// Reads matchers; what was read must read back as the same.
pub fn matcher(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _one = parse_matcher(&text);
    if let Ok(matchers) = Matchers::parse(&text) {
        let printed = matchers.to_string();
        let again = Matchers::parse(&printed);
        assert_eq!(again.map(|matchers| matchers.to_string()), Ok(printed));
    }
}

/// Reads a file of Alertmanager.
pub fn alertmanager_config(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _any = Config::load(&text, "fuzz");
}

/// Reads a rule file.
pub fn rule_file(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _any = crate::rules::parse(&text, "fuzz");
}

struct NoFunctions;

impl Functions for NoFunctions {
    fn knows(&self, _name: &str) -> bool {
        false
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Value, String> {
        Err(format!("{name} is not known"))
    }
}
