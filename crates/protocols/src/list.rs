//! Every protocol, in one list.

use crate::{elasticsearch, exposition, fluent_forward, jaeger, otlp, remote_write, zipkin};

/// A protocol: a folder of this crate.
#[derive(Clone, Copy)]
pub struct Protocol {
    /// The name of its folder.
    pub name: &'static str,
    /// Decodes arbitrary bytes in every way the protocol knows. It returns, whatever the bytes are.
    pub fuzz: fn(&[u8]),
    /// Valid inputs from which fuzzing starts.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All protocols.
pub const PROTOCOLS: &[Protocol] = &[
    Protocol { name: "elasticsearch", fuzz: elasticsearch::fuzz, seeds: elasticsearch::seeds },
    Protocol { name: "exposition", fuzz: exposition::fuzz, seeds: exposition::seeds },
    Protocol { name: "fluent_forward", fuzz: fluent_forward::fuzz, seeds: fluent_forward::seeds },
    Protocol { name: "jaeger", fuzz: jaeger::fuzz, seeds: jaeger::seeds },
    Protocol { name: "otlp", fuzz: otlp::fuzz, seeds: otlp::seeds },
    Protocol { name: "remote_write", fuzz: remote_write::fuzz, seeds: remote_write::seeds },
    Protocol { name: "zipkin", fuzz: zipkin::fuzz, seeds: zipkin::seeds },
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use env::{Fs, RealFs};

    use super::*;

    #[test]
    fn the_list_names_the_folders() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let entries = RealFs.list(&source).unwrap().into_iter();
        // `wire` is what protocols share.
        let folders: Vec<_> =
            entries.filter(|entry| entry.is_dir && entry.name != "wire").map(|e| e.name).collect();
        let names: Vec<_> = PROTOCOLS.iter().map(|protocol| protocol.name).collect();
        assert_eq!(names, folders);
    }
}
