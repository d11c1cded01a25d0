//! Builds the web interface with npm and writes the list of its files, which `lib.rs` embeds.
//!
//! What is built goes to `OUT_DIR`; only `web/node_modules`, which git ignores, lies in the source tree.
#![expect(clippy::disallowed_methods, reason = "a build script reads sources and writes OUT_DIR")]

use std::fmt::Write as _;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use flate2::Compression;
use flate2::write::GzEncoder;

/// What the interface is built from, below `web/`. A change of anything else builds nothing.
const SOURCES: [&str; 6] =
    ["src", "public", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"];

/// The oldest Node.js that the bundler runs on, as in `engines` of `web/package.json`.
const NODE_MIN: (u32, u32) = (20, 19);

const HOW_TO_INSTALL: &str =
    "install Node.js 20.19 or newer with npm (https://nodejs.org/en/download) and build again";

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).ok_or(format!("{name} is unset"));
    let web = folder("CARGO_MANIFEST_DIR")?.join("../../web");
    let out = folder("OUT_DIR")?;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    check_node()?;
    install_libraries(&web)?;
    let dist = out.join("dist");
    bundle(&web, &dist)?;
    write_list(&dist, &out)
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|error| format!("the web interface needs Node.js ({error}): {HOW_TO_INSTALL}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|n| n.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= NODE_MIN => Ok(()),
        _ => Err(format!("node says {version:?}, too old for the web interface: {HOW_TO_INSTALL}")),
    }
}

/// Fetches the libraries unless those of this lock file are there. npm writes its own list last, so
/// an installation that was cut short is not taken for a whole one.
fn install_libraries(web: &Path) -> Result<(), String> {
    let lock_path = web.join("package-lock.json");
    let lock = File::open(&lock_path).map_err(|error| at(&lock_path, &error))?;
    // Two builds in different target directories share the folder.
    lock.lock().map_err(|error| at(&lock_path, &error))?;
    let changed = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let installed = changed(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&lock_path) {
        return Ok(());
    }
    // What only linting and testing need is left out: it is a third of the download.
    let arguments = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new(NPM).args(arguments).current_dir(web), "npm ci")
}

fn bundle(web: &Path, dist: &Path) -> Result<(), String> {
    run(
        Command::new(NPM)
            .args(["run", "--silent", "build", "--", "--logLevel", "warn", "--emptyOutDir"])
            .arg("--outDir")
            .arg(dist)
            .env("NODE_ENV", "production")
            .current_dir(web),
        "npm run build",
    )
}

/// Says nothing while all is well, and everything the command said when it fails.
fn run(command: &mut Command, name: &str) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{name}: {error}: {HOW_TO_INSTALL}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{name}: {}\n{}", output.status, String::from_utf8_lossy(&said)))
}

/// Writes `assets.rs`: every file with what its answer's headers need, sorted by path.
fn write_list(dist: &Path, out: &Path) -> Result<(), String> {
    let mut paths = Vec::new();
    list(dist, "", &mut paths)?;
    paths.sort();
    let mut code = String::from("&[\n");
    for path in &paths {
        let file = dist.join(path);
        let content = std::fs::read(&file).map_err(|error| at(&file, &error))?;
        let gzip = write_compressed(&file, &content)?;
        let gzip = gzip.map(|file| format!("include_bytes!({file:?})"));
        // Validates for both encodings, hence weak.
        let etag = format!("W/\"{:016x}\"", hash(&content));
        let is_immutable = path.starts_with("assets/");
        writeln!(
            code,
            "({path:?}, Asset {{ content_type: {:?}, etag: {etag:?}, is_immutable: {is_immutable}, \
             content: include_bytes!({file:?}), gzip: {} }}),",
            content_type(path)?,
            gzip.map_or("None".to_owned(), |gzip| format!("Some({gzip})")),
        )
        .map_err(|error| error.to_string())?;
    }
    code.push(']');
    let file = out.join("assets.rs");
    std::fs::write(&file, code).map_err(|error| at(&file, &error))
}

/// The paths of all files below a folder, with slashes, relative to the first.
fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|error| at(folder, &error))? {
        let entry = entry.map_err(|error| at(folder, &error))?;
        let name = entry.file_name().into_string().map_err(|_| at(folder, &"a name not UTF-8"))?;
        match entry.path() {
            path if path.is_dir() => list(&path, &format!("{prefix}{name}/"), paths)?,
            _ => paths.push(format!("{prefix}{name}")),
        }
    }
    Ok(())
}

/// Writes the gzip variant beside a file, when it is smaller.
fn write_compressed(file: &Path, content: &[u8]) -> Result<Option<PathBuf>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    let compressed = written.map_err(|error| at(file, &error))?;
    if compressed.len() >= content.len() {
        return Ok(None);
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".gz");
    let name = PathBuf::from(name);
    std::fs::write(&name, compressed).map_err(|error| at(&name, &error))?;
    Ok(Some(name))
}

fn content_type(path: &str) -> Result<&'static str, String> {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => Ok("text/html; charset=utf-8"),
        "js" => Ok("text/javascript; charset=utf-8"),
        "css" => Ok("text/css; charset=utf-8"),
        "svg" => Ok("image/svg+xml"),
        "png" => Ok("image/png"),
        "woff2" => Ok("font/woff2"),
        _ => Err(format!("{path}: no media type is known; add it to crates/ui/build.rs")),
    }
}

/// An entity tag only has to change with the content, so the standard hash will do.
fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
