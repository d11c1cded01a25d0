//! Dashboards from files: those that come with the interface, and those of a folder.

use std::path::{Path, PathBuf};

use api::{ConfigFile, Dashboards, Problem, ProblemSeverity};
use env::{Env, Fs};

/// A dashboard's file at most.
const BYTES_MAX: u64 = 8 << 20;

/// Folders below the folder, at most so deep.
const DEPTH_MAX: usize = 4;

/// The folder of the dashboards that come with the interface.
const BUILT_IN_FOLDER: &str = "Sightglass";

/// Reads all files and hands them over; the status says what is wrong with those left out.
pub(crate) fn provision(
    dashboards: &Dashboards,
    folder: Option<&Path>,
    env: &Env,
) -> Option<ConfigFile> {
    let mut files: Vec<(String, String, String)> = ui::dashboards()
        .iter()
        .map(|(name, text)| (BUILT_IN_FOLDER.to_owned(), (*name).to_owned(), (*text).to_owned()))
        .collect();
    let mut problems = Vec::new();
    if let Some(folder) = folder {
        read_folder(&*env.fs, folder, "", 0, &mut files, &mut problems);
    }
    problems.extend(dashboards.provision(&files));
    for problem in &problems {
        tracing::warn!("dashboard left out: {problem}");
    }
    folder.map(|folder| ConfigFile {
        kind: "dashboards",
        path: folder.display().to_string(),
        loaded_ms: env.clock.now_ms(),
        ok: problems.is_empty(),
        problems: problems
            .into_iter()
            .map(|message| Problem { severity: ProblemSeverity::Error, message })
            .collect(),
    })
}

fn read_folder(
    fs: &dyn Fs,
    path: &Path,
    folder: &str,
    depth: usize,
    files: &mut Vec<(String, String, String)>,
    problems: &mut Vec<String>,
) {
    let entries = match fs.list(path) {
        Ok(entries) => entries,
        Err(error) => return problems.push(error.to_string()),
    };
    for entry in entries {
        let below: PathBuf = path.join(&entry.name);
        if entry.is_dir && depth < DEPTH_MAX {
            let name =
                if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
            read_folder(fs, &below, &name, depth + 1, files, problems);
        } else if entry.name.ends_with(".json") {
            let content = fs.read(&below, BYTES_MAX).map_err(|error| error.to_string());
            let text =
                content.and_then(|c| String::from_utf8(c).map_err(|error| error.to_string()));
            match text {
                Ok(text) => files.push((folder.to_owned(), below.display().to_string(), text)),
                Err(error) => problems.push(format!("{}: {error}", below.display())),
            }
        }
    }
}
