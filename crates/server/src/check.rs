//! `sightglass check`: says what is wrong with configuration files.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use env::{Env, Fs};

use crate::cli::{Check, CheckKind};

/// Checks all files; the process fails when one of them would be refused.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode> {
    let env = Env::real();
    let mut has_failed = false;
    for file in &arguments.files {
        match check(arguments.kind, file, &*env.fs) {
            Ok(notes) => {
                println!("{}: ok", file.display());
                notes.iter().for_each(|note| println!("  note: {note}"));
            }
            Err(error) => {
                has_failed = true;
                eprintln!("{}: {error:#}", file.display());
            }
        }
    }
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is to be known about a file that is good.
fn check(kind: CheckKind, file: &Path, fs: &dyn Fs) -> Result<Vec<String>> {
    match kind {
        CheckKind::Config => {
            let config = collect::config::Config::load(file, fs, &|_| Some(String::new()))?;
            Ok(config.problems.into_iter().map(|problem| problem.message).collect())
        }
        CheckKind::Rules => {
            let text = read(file, fs)?;
            let checked = alerting::check_rules(&text, &file.display().to_string());
            let rules = checked.map_err(|errors| {
                let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
                anyhow!("{}", lines.join("\n"))
            })?;
            Ok(vec![format!("{rules} rules")])
        }
        CheckKind::Alertmanager => {
            let text = read(file, fs)?;
            Ok(alerting::check_alertmanager(&text, &file.display().to_string())?)
        }
        CheckKind::Dashboard => {
            let panels = api::check_dashboard(&read(file, fs)?).map_err(|error| anyhow!(error))?;
            Ok(vec![format!("{panels} panels")])
        }
    }
}

fn read(file: &Path, fs: &dyn Fs) -> Result<String> {
    String::from_utf8(fs.read(file, yaml::FILE_BYTES_MAX)?).context("not a text in UTF-8")
}
