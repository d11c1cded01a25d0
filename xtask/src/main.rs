//! The project's habits as commands: `cargo xtask <command>`.
//!
//! A command is a file here and a line in [`COMMANDS`].

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool reads the checkout and speaks to a terminal"
)]

mod ci;
mod play;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// A command: its name, what it does, and the function that does it.
struct Command {
    name: &'static str,
    summary: &'static str,
    run: fn(&Path, &[String]) -> Result<()>,
}

const COMMANDS: [Command; 5] = [
    Command {
        name: "bench",
        summary: "how long Prometheus and we take for queries: promql [PART OF A QUERY]",
        run: play::bench,
    },
    Command {
        name: "ci",
        summary: "the whole gate; --only STEP, --skip STEP, --list",
        run: ci::run,
    },
    Command {
        name: "compare",
        summary: "Prometheus and us: promql, or panel by panel: node-exporter DASHBOARD",
        run: play::compare,
    },
    Command {
        name: "crash",
        summary: "kill -9 while it is written to; --rounds N, --seed N",
        run: play::crash,
    },
    Command {
        name: "tidy",
        summary: "what no compiler checks: layout, names, lengths, links",
        run: tidy::run,
    },
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = root()?;
    match arguments.split_first() {
        Some((name, rest)) => {
            let command = COMMANDS.iter().find(|command| command.name == name);
            let command =
                command.with_context(|| format!("there is no command {name:?}\n{}", usage()))?;
            (command.run)(&root, rest)
        }
        None => bail!("which command?\n{}", usage()),
    }
}

fn usage() -> String {
    let line =
        |command: &Command| format!("  cargo xtask {:<8} {}\n", command.name, command.summary);
    COMMANDS.iter().map(line).collect()
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("xtask lies in the workspace")?.to_path_buf())
}
