//! `sightglass test`: runs test files.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use env::Env;
use promql::script::{self, Engine, Report};

use crate::cli::{Engines, PromqlScripts, Test, TestWhat};

/// Runs the files; the process fails when one of them does.
pub(crate) fn run(arguments: &Test) -> Result<ExitCode> {
    match &arguments.what {
        TestWhat::Promql(scripts) => promql_scripts(scripts),
    }
}

fn promql_scripts(scripts: &PromqlScripts) -> Result<ExitCode> {
    let env = Env::real();
    let engines: &[Engine] = match scripts.engine {
        Engines::Naive => &[Engine::Naive],
        Engines::Fast => &[Engine::Fast],
        Engines::Both => &[Engine::Naive, Engine::Fast],
    };
    let mut has_failed = false;
    for file in &scripts.files {
        let content = env.fs.read(file, yaml::FILE_BYTES_MAX)?;
        let text = String::from_utf8(content)
            .with_context(|| format!("{} is not a text in UTF-8", file.display()))?;
        let mut reports = Vec::with_capacity(engines.len());
        for engine in engines {
            let report = script::run(&text, *engine, &mut || Box::new(store::MemStore::new()))
                .map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
            has_failed |= !report.failures.is_empty();
            reports.push((*engine, report));
        }
        print(file, &reports, scripts.verbose);
    }
    if has_failed && !scripts.verbose {
        println!("--verbose shows each failure with what was expected and what came");
    }
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// One line for a file if its reports agree, else one for each engine.
fn print(file: &Path, reports: &[(Engine, Report)], verbose: bool) {
    let differ = reports.windows(2).any(|pair| pair[0].1 != pair[1].1);
    let shown = if differ { reports } else { &reports[..1] };
    for (engine, report) in shown {
        let by = match engine {
            _ if !differ => "",
            Engine::Naive => " by the naive engine",
            Engine::Fast => " by the fast engine",
        };
        let (passed, failed) = (report.passed, report.failures.len());
        println!("{}: {passed} passed, {failed} failed{by}", file.display());
        for failure in report.failures.iter().filter(|_| verbose) {
            println!("{}:{failure}", file.display());
        }
    }
}
