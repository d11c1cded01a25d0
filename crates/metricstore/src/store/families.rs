//! What is known about metric families.

use std::collections::BTreeMap;

use model::Metadata;

/// The newest metadata of each family, up to a number of bytes.
#[derive(Default)]
pub(super) struct Families {
    known: BTreeMap<String, Metadata>,
    bytes: usize,
}

/// All descriptions together; further families go without.
const BYTES_MAX: usize = 16 << 20;
const FAMILY_BYTES: usize = 128;

impl Families {
    pub(super) fn extend(&mut self, metadata: impl IntoIterator<Item = (String, Metadata)>) {
        for (name, new) in metadata {
            if self.known.get(&name) == Some(&new) {
                continue;
            }
            let old = self.known.get(&name).map_or(0, |old| weight(&name, old));
            let bytes = self.bytes - old + weight(&name, &new);
            if bytes <= BYTES_MAX {
                self.bytes = bytes;
                self.known.insert(name, new);
            }
        }
    }

    /// By name.
    pub(super) fn list(&self) -> Vec<(String, Metadata)> {
        self.known.iter().map(|(name, metadata)| (name.clone(), metadata.clone())).collect()
    }
}

fn weight(name: &str, metadata: &Metadata) -> usize {
    name.len() + metadata.help.len() + metadata.unit.len() + FAMILY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(name: &str, len: usize) -> (String, Metadata) {
        (name.to_owned(), Metadata { help: "x".repeat(len), ..Metadata::default() })
    }

    #[test]
    fn the_newest_stays_within_the_limit() {
        let mut families = Families::default();
        families.extend([family("a", 5), family("b", 5), family("a", 7)]);
        assert_eq!(families.list(), [family("a", 7), family("b", 5)]);
        families.extend([family("c", BYTES_MAX), family("b", 6)]);
        assert_eq!(families.list(), [family("a", 7), family("b", 6)]);
        let listed = families.list();
        let weight: usize = listed.iter().map(|(name, metadata)| weight(name, metadata)).sum();
        assert_eq!(families.bytes, weight);
    }
}
