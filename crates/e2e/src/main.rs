//! Plays the long versions of what the tests play briefly: `cargo xtask crash`, `cargo xtask compare`,
//! `cargo xtask bench`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool measures with the machine's clock and speaks to a terminal"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use e2e::compare::Stage;
use e2e::crash::{Crash, Figures};
use e2e::needs::have;
use e2e::promql::{Agreement, bench, compare};

const USAGE: &str = "\
usage: cargo xtask crash [--rounds N] [--seed N]
       cargo xtask compare node-exporter DASHBOARD
       cargo xtask compare promql
       cargo xtask bench promql [PART OF A QUERY]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["crash", options @ ..] => crash(options),
        ["compare", "node-exporter", dashboard] => compare_panels(dashboard),
        ["compare", "promql"] => compare_promql(),
        ["bench", "promql"] => bench_promql(""),
        ["bench", "promql", filter] => bench_promql(filter),
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
    let Figures { start, start_work, .. } = figures;
    format!(
        "round {round}: {acknowledged} acknowledged in {wrote_for:.1?}, {kept_of_doubtful} of \
         {in_doubt} doubtful kept, {end:?}, start {start:.2?} with {start_work:.2?} of work"
    )
}

fn summarize(figures: &[Figures], took: Duration) {
    let mut starts: Vec<Duration> = figures.iter().map(|round| round.start).collect();
    starts.sort_unstable();
    let acknowledged: u64 = figures.iter().map(|round| round.acknowledged).sum();
    let in_doubt: u64 = figures.iter().map(|round| round.in_doubt).sum();
    let kept: u64 = figures.iter().map(|round| round.kept_of_doubtful).sum();
    let memory = figures.iter().map(|round| round.start_memory).max().unwrap_or(0) >> 20;
    let work = figures.iter().map(|round| round.start_work).max().unwrap_or_default();
    let median = starts.get(starts.len() / 2).copied().unwrap_or_default();
    let slowest = starts.last().copied().unwrap_or_default();
    println!("\n{} rounds in {took:.0?}", figures.len());
    println!("{acknowledged} records acknowledged: none lost, none twice in metrics or traces");
    println!("{in_doubt} records in doubt when the server was killed, {kept} of them kept");
    println!("start after a kill: median {median:.2?}, slowest {slowest:.2?}");
    println!("for which it took {work:.2?} of processors and {memory} MB at the most");
}

/// Asks every panel of a dashboard of Prometheus and of us.
fn compare_panels(dashboard: &str) -> Result<(), String> {
    let text = std::fs::read(dashboard).map_err(|error| format!("{dashboard}: {error}"))?;
    let dashboard = serde_json::from_slice(&text).map_err(|e| format!("{dashboard}: {e}"))?;
    if !have(&["prometheus", "prometheus-node-exporter"]) {
        return Err("nothing was compared".to_owned());
    }
    let stage = Stage::set();
    println!("values that do not move:");
    for (what, ours, theirs) in stage.steady() {
        let verdict = if ours == theirs { "equal" } else { "DIFFERENT" };
        println!("  {what:<60} ours {ours:<16} theirs {theirs:<16} {verdict}");
    }
    let compared = stage.compare(&dashboard);
    let with_data = compared.iter().filter(|panel| panel.theirs > 0).count();
    let on_both = compared.iter().filter(|panel| panel.matched > 0).count();
    let wrong: Vec<&String> = compared.iter().flat_map(|panel| &panel.wrong).collect();
    println!("\n{:<28} {:<44} theirs matched  equal  apart  wrong", "row", "panel");
    for panel in &compared {
        println!("{panel}");
    }
    println!("\nmore than a tenth apart, for each was scraped at its own moment:");
    compared.iter().flat_map(|panel| &panel.apart).for_each(|line| println!("  {line}"));
    let total =
        |count: fn(&e2e::compare::Compared) -> usize| compared.iter().map(count).sum::<usize>();
    println!(
        "\n{} panels, {with_data} with data in Prometheus, {on_both} with both",
        compared.len()
    );
    println!(
        "{} values with Prometheus, {} with us, {} of them equal",
        total(|panel| panel.theirs),
        total(|panel| panel.matched),
        total(|panel| panel.equal)
    );
    println!("{} values differ over the same samples", wrong.len());
    wrong.iter().for_each(|line| println!("  {line}"));
    match wrong.is_empty() {
        true => Ok(()),
        false => Err("there are wrong values".to_owned()),
    }
}

/// Asks hundreds of expressions of Prometheus and of us.
fn compare_promql() -> Result<(), String> {
    if !have(&["prometheus"]) {
        return Err("nothing was compared".to_owned());
    }
    let comparisons = compare::compare();
    let count = |agreement: &Agreement| {
        comparisons.iter().filter(|comparison| comparison.agreement == *agreement).count()
    };
    let mut different = 0;
    for comparison in &comparisons {
        if let Agreement::Different(how) = &comparison.agreement {
            let kind = if comparison.is_range { "range" } else { "instant" };
            println!("{kind}: {}\n    {how}", comparison.expression);
            different += 1;
        }
    }
    println!(
        "{} questions: {} answers equal to the last digit, {} within 1e-12, {different} different",
        comparisons.len(),
        count(&Agreement::Equal),
        count(&Agreement::Close),
    );
    match different {
        0 => Ok(()),
        _ => Err("there are different answers".to_owned()),
    }
}

/// Takes the time of queries of every shape, with Prometheus and with us.
fn bench_promql(filter: &str) -> Result<(), String> {
    if !have(&["prometheus"]) {
        return Err("nothing was measured".to_owned());
    }
    println!("{}", bench::head());
    let figures = bench::bench(filter, |figure| println!("{}", bench::line(figure)));
    println!("{}", bench::summary(&figures));
    Ok(())
}
