//! `sightglass test`: runs test files.

use std::process::ExitCode;

use anyhow::{Context, Result};
use env::Env;

use crate::cli::{PromqlScripts, Test, TestWhat};

/// Runs the files; the process fails when one of them does.
pub(crate) fn run(arguments: &Test) -> Result<ExitCode> {
    match &arguments.what {
        TestWhat::Promql(scripts) => promql_scripts(scripts),
    }
}

fn promql_scripts(scripts: &PromqlScripts) -> Result<ExitCode> {
    let env = Env::real();
    let mut has_failed = false;
    for file in &scripts.files {
        let content = env.fs.read(file, yaml::FILE_BYTES_MAX)?;
        let text = String::from_utf8(content)
            .with_context(|| format!("{} is not a text in UTF-8", file.display()))?;
        let report = promql::script::run(&text, &mut || Box::new(store::MemStore::new()))
            .map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
        println!("{}: {} passed, {} failed", file.display(), report.passed, report.failures.len());
        has_failed |= !report.failures.is_empty();
        for failure in report.failures.iter().filter(|_| scripts.verbose) {
            println!("{}:{failure}", file.display());
        }
    }
    if has_failed && !scripts.verbose {
        println!("--verbose shows each failure with what was expected and what came");
    }
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
