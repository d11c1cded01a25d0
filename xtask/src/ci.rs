//! `cargo xtask ci`: the whole gate, on a bare machine with Rust, Node.js, Python and apt.
//!
//! A step is a line in [`STEPS`]. What a step writes goes to a file and is shown when the step
//! fails, which ends the run.

mod machine;
mod steps;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use steps::STEPS;

/// A step of the gate.
struct Step {
    name: &'static str,
    /// What it makes sure of.
    what: &'static str,
    run: fn(&Job) -> Result<()>,
}

/// The most that is shown of a failed step's output; all of it stays in the file.
const SHOWN_BYTES_MAX: u64 = 64 << 10;

/// Where a step runs and writes.
struct Job {
    root: PathBuf,
    /// Where builds go; logs and the Python environment lie beside them.
    target: PathBuf,
    log: PathBuf,
}

/// Which steps are wanted.
#[derive(Debug, Default, PartialEq)]
struct Choice {
    only: BTreeSet<String>,
    skip: BTreeSet<String>,
    list: bool,
}

/// Runs the steps that are wanted, up to the first that fails.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let choice = Choice::parse(arguments)?;
    if choice.list {
        STEPS.iter().for_each(|step| println!("{:<12} {}", step.name, step.what));
        return Ok(());
    }
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    };
    let logs = target.join("ci");
    std::fs::create_dir_all(&logs).with_context(|| format!("{} cannot be made", logs.display()))?;
    let begun = Instant::now();
    let mut summary = Vec::new();
    for step in STEPS.iter().filter(|step| choice.wants(step.name)) {
        let log = logs.join(format!("{}.log", step.name));
        let job = Job { root: root.to_path_buf(), target: target.clone(), log };
        print!("{:<12} {} … ", step.name, step.what);
        std::io::stdout().flush()?;
        let started = Instant::now();
        let result = job.begin().and_then(|()| (step.run)(&job));
        let took = started.elapsed();
        println!("{}{}", if result.is_ok() { "" } else { "FAILED after " }, seconds(took));
        if let Err(error) = result {
            job.show()?;
            return Err(error.context(format!(
                "step {} failed; its log is {}",
                step.name,
                job.log.display()
            )));
        }
        summary.push((step.name, took));
    }
    println!("\nall passed in {}", seconds(begun.elapsed()));
    summary.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
    for (name, took) in summary.iter().take(5) {
        println!("  {name:<12} {}", seconds(*took));
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

impl Choice {
    /// Reads `--only STEP`, `--skip STEP` (each as often as wanted) and `--list`.
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut choice = Choice::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let steps = match argument.as_str() {
                "--only" => &mut choice.only,
                "--skip" => &mut choice.skip,
                "--list" => {
                    choice.list = true;
                    continue;
                }
                other => bail!("{other:?} is none of --only STEP, --skip STEP, --list"),
            };
            let step = rest.next().with_context(|| format!("{argument} needs a step"))?;
            if !STEPS.iter().any(|known| known.name == step) {
                let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                bail!("{step:?} is none of {}", known.join(", "));
            }
            steps.insert(step.clone());
        }
        Ok(choice)
    }

    fn wants(&self, step: &str) -> bool {
        (self.only.is_empty() || self.only.contains(step)) && !self.skip.contains(step)
    }
}

impl Job {
    /// Empties the log.
    fn begin(&self) -> Result<()> {
        File::create(&self.log)
            .with_context(|| format!("{} cannot be written", self.log.display()))?;
        Ok(())
    }

    /// Runs a program in a folder of the checkout; what it writes goes to the log.
    fn run(&self, folder: &str, program: &str, arguments: &[&str]) -> Result<()> {
        self.run_with(folder, program, arguments, |command| command)
    }

    /// The same with further settings of the process.
    fn run_with(
        &self,
        folder: &str,
        program: &str,
        arguments: &[&str],
        settings: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<()> {
        let mut log = File::options().append(true).open(&self.log)?;
        writeln!(log, "$ {program} {}", arguments.join(" "))?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root.join(folder));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let status = settings(&mut command).status();
        let status = status.with_context(|| format!("{program} cannot be run"))?;
        if !status.success() {
            bail!("{program} {}: {status}", arguments.join(" "));
        }
        Ok(())
    }

    /// Whether a program runs and says that all is well; what it says is not kept.
    fn succeeds(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// Shows the end of the log.
    fn show(&self) -> Result<()> {
        let mut log = File::open(&self.log)?;
        let length = log.metadata()?.len();
        log.seek(SeekFrom::Start(length.saturating_sub(SHOWN_BYTES_MAX)))?;
        let mut shown = Vec::new();
        log.read_to_end(&mut shown)?;
        println!("\n{}", String::from_utf8_lossy(&shown));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(arguments: &str) -> Result<Choice> {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        Choice::parse(&arguments)
    }

    #[test]
    fn steps_are_chosen_by_name() {
        let wants = |arguments: &str, step: &str| choice(arguments).unwrap().wants(step);
        assert!(wants("", "test") && wants("", "tidy"));
        assert!(wants("--only test", "test") && !wants("--only test", "tidy"));
        assert!(!wants("--skip test --skip clippy", "test") && wants("--skip test", "tidy"));
        assert!(choice("--only nothing").unwrap_err().to_string().contains("fmt, "));
        assert!(choice("--only").is_err() && choice("tidy").is_err());
    }

    #[test]
    fn names_of_steps_are_unique() {
        let names: BTreeSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
    }
}
