//! The `sightglass` binary: configuration, wiring, command line.
//!
//! This crate alone names concrete stores, reads arguments and the environment, and decides what
//! runs.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]

mod check;
mod cli;
mod config;
mod config_files;
mod dashboards;
mod demo;
mod exposition;
mod listeners;
mod process;
mod query;
mod reload;
mod scripts;
mod serve;
mod settings;
mod stores;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(arguments)) => serve::run(*arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Demo(arguments)) => demo::run(arguments),
        Some(Command::Query(arguments)) => query::run(&arguments),
        Some(Command::Test(arguments)) => scripts::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sightglass: {error:#}");
            ExitCode::FAILURE
        }
    }
}
