//! What the server reads from its data folder while the shop is open: whom to scrape (in the format
//! of Prometheus' `file_sd_configs`), and which rules to evaluate.

use std::io;
use std::path::{Path, PathBuf};

use env::{Fs, RealFs};
use serde_json::{Value as Json, json};

use crate::Role;

/// The alert rules that come with the shop.
const RULES: &str = include_str!("../../rules.yml");

/// Files that were put into the server's data folder.
pub(super) struct Files {
    paths: Vec<PathBuf>,
    problem: Option<String>,
}

impl Files {
    /// Puts them there; a data folder that is not on this machine is a problem, not an error.
    pub(super) fn put(data_dir: &Path, port_base: u16) -> Self {
        let mut files = Files { paths: Vec::new(), problem: None };
        if let Err(error) = files.write(data_dir, port_base) {
            files.problem = Some(format!(
                "Targets and rules could not be put into {}: {error}.",
                data_dir.display()
            ));
        }
        files
    }

    fn write(&mut self, data_dir: &Path, port_base: u16) -> io::Result<()> {
        if data_dir.as_os_str().is_empty() || RealFs.list(data_dir)?.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it is not on this machine"));
        }
        let targets = targets(port_base).to_string();
        for (folder, name, content) in
            [("targets", "shop.json", targets.as_str()), ("rules", "shop.yml", RULES)]
        {
            let folder = data_dir.join(folder);
            RealFs.create_dir_all(&folder)?;
            let path = folder.join(name);
            RealFs.write_atomic(&path, content.as_bytes())?;
            self.paths.push(path);
        }
        Ok(())
    }

    /// Why they are not all there, in a sentence.
    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Takes them away again; one that is gone already is as good.
    pub(super) fn remove(&self) {
        for path in &self.paths {
            let _gone = RealFs.remove(path);
        }
    }
}

/// The services to scrape.
fn targets(port_base: u16) -> Json {
    let target = |role: Role| {
        let port = role.port(port_base)?;
        let labels = json!({"job": "shop", "service": role.name()});
        Some(json!({"targets": [format!("127.0.0.1:{port}")], "labels": labels}))
    };
    Role::ALL.into_iter().filter_map(target).collect()
}
