//! Plays the long versions of what the tests play briefly: `cargo xtask crash`, `cargo xtask compare`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool measures with the machine's clock and speaks to a terminal"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use e2e::crash::{Crash, Figures};

const USAGE: &str = "\
usage: e2e crash [--rounds N] [--seed N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["crash", options @ ..] => crash(options),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Kills a server again and again; panics, and so fails, when anything is lost.
fn crash(mut options: &[&str]) -> Result<(), String> {
    let [mut rounds, mut seed] = [50, 1];
    while let [name, value, rest @ ..] = options {
        let value = value.parse().map_err(|_| format!("{value:?} is no number\n{USAGE}"))?;
        match *name {
            "--rounds" => rounds = value,
            "--seed" => seed = value,
            _ => return Err(format!("{name:?} is unknown\n{USAGE}")),
        }
        options = rest;
    }
    if let [name, ..] = options {
        return Err(format!("{name} needs a value\n{USAGE}"));
    }
    let begun = Instant::now();
    let mut crash = Crash::begin(seed);
    let mut figures = Vec::new();
    for _ in 0..rounds {
        let round = crash.round();
        println!("{}", line(&round));
        figures.push(round);
    }
    crash.check_all();
    summarize(&figures, begun.elapsed());
    Ok(())
}

fn line(figures: &Figures) -> String {
    let Figures { round, end, wrote_for, acknowledged, in_doubt, kept_of_doubtful, .. } = figures;
    let start = &figures.start;
    format!(
        "round {round}: {acknowledged} acknowledged in {wrote_for:.1?}, {kept_of_doubtful} of \
         {in_doubt} doubtful kept, {end:?}, start {start:.2?}"
    )
}

fn summarize(figures: &[Figures], took: Duration) {
    let mut starts: Vec<Duration> = figures.iter().map(|round| round.start).collect();
    starts.sort_unstable();
    let acknowledged: u64 = figures.iter().map(|round| round.acknowledged).sum();
    let in_doubt: u64 = figures.iter().map(|round| round.in_doubt).sum();
    let kept: u64 = figures.iter().map(|round| round.kept_of_doubtful).sum();
    let memory = figures.iter().map(|round| round.start_memory).max().unwrap_or(0) >> 20;
    let median = starts.get(starts.len() / 2).copied().unwrap_or_default();
    let slowest = starts.last().copied().unwrap_or_default();
    println!("\n{} rounds in {took:.0?}", figures.len());
    println!("{acknowledged} records acknowledged: none lost, none twice in metrics or traces");
    println!("{in_doubt} records in doubt when the server was killed, {kept} of them kept");
    println!("start after a kill: median {median:.2?}, slowest {slowest:.2?}, at most {memory} MB");
}
