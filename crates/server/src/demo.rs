//! `sightglass demo`: the example application beside a running server.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use shop::{DemoOptions, Role, RunOptions};

use crate::cli;

/// Runs the demonstration, or one part of it when this process is a child of it.
pub(crate) fn run(arguments: cli::Demo) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if let Some(role) = arguments.role {
        let role: Role = role.parse().map_err(|error| anyhow!("{error}"))?;
        let options = arguments.options.unwrap_or_default();
        let options: RunOptions = options.parse().map_err(|error| anyhow!("--options: {error}"))?;
        runtime.block_on(shop::run(role, options))?;
        return Ok(ExitCode::SUCCESS);
    }
    let exe = std::env::current_exe().context("cannot find this program's own file")?;
    let options = DemoOptions {
        server: arguments.url,
        port_base: arguments.port_base,
        ..DemoOptions::new(exe)
    };
    runtime.block_on(shop::demo(options))?;
    Ok(ExitCode::SUCCESS)
}
