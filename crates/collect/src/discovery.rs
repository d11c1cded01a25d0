//! Finding targets: one folder for each mechanism, and one line in [`MECHANISMS`].
//!
//! A mechanism gives groups of targets. It is looked at again and again, and says each time whether
//! anything changed; when a source cannot be read, its last good targets stay.

pub mod file;
pub mod static_config;

use env::Fs;

use crate::config::{DiscoveryConfig, Problem};
use file::FileDiscovery;
use static_config::TargetGroup;

/// The mechanisms that work: folder, and field of the configuration.
pub const MECHANISMS: [(&str, &str); 2] =
    [("file", "file_sd_configs"), ("static_config", "static_configs")];

/// All mechanisms of one job.
pub struct Discovery {
    static_groups: Vec<TargetGroup>,
    files: Vec<FileDiscovery>,
}

impl Discovery {
    /// The mechanisms that a job asks for.
    pub fn new(config: &DiscoveryConfig) -> Self {
        Discovery {
            static_groups: config.static_configs.clone(),
            files: config.file.iter().cloned().map(FileDiscovery::new).collect(),
        }
    }

    /// Looks at all sources; whether any of them changed.
    pub fn poll(&mut self, fs: &dyn Fs) -> bool {
        // Each is looked at, whatever the others say.
        self.files.iter_mut().fold(false, |changed, file| file.poll(fs) | changed)
    }

    /// Whether a source can change at all.
    pub fn is_fixed(&self) -> bool {
        self.files.is_empty()
    }

    /// The groups as they are now.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroup> {
        self.static_groups.iter().chain(self.files.iter().flat_map(FileDiscovery::groups))
    }

    /// What cannot be read now.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.files.iter().flat_map(FileDiscovery::problems)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use env::RealFs;

    use super::*;

    #[test]
    fn the_list_names_the_folders() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/discovery");
        let entries = RealFs.list(&dir).unwrap();
        let files: BTreeSet<_> =
            entries.iter().map(|e| e.name.trim_end_matches(".rs").to_owned()).collect();
        let listed: BTreeSet<_> = MECHANISMS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files, listed);
        for (_, field) in MECHANISMS {
            assert!(DiscoveryConfig::fields().contains(&field), "{field}");
        }
    }
}
