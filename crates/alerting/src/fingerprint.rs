//! What alerts and groups are identified by, bit for bit as in Alertmanager, so that incidents do
//! not double when somebody moves.

use std::fmt;

use model::{Labels, Quoted};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The FNV-1a hash of a label set; it prints as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Fingerprint {
    /// The fingerprint of a label set: every name and every value, each followed by a byte 255.
    pub fn of(labels: &Labels) -> Self {
        let bytes = labels
            .iter()
            .flat_map(|(name, value)| name.bytes().chain([255]).chain(value.bytes()).chain([255]));
        Fingerprint(hash(bytes))
    }
}

/// The 64-bit FNV-1a hash (<http://www.isthe.com/chongo/tech/comp/fnv/>).
pub(crate) fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = u64::from_str_radix(&text, 16).map_err(serde::de::Error::custom)?;
        Ok(Fingerprint(number))
    }
}

/// A label set as group keys have it: `{a="1", b="2"}` with Go's quoting.
pub(crate) fn label_set_text(labels: &Labels) -> String {
    let pairs: Vec<_> =
        labels.iter().map(|(name, value)| format!("{name}={}", Quoted(value))).collect();
    format!("{{{}}}", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_upstream() {
        for (pairs, expected) in [
            (&[][..], "cbf29ce484222325"),
            (&[("severity", "warning"), ("job", "foo")], "9266ef3da838ad95"),
            (&[("severity", "critical"), ("job", "bar")], "c7e68cb08e3e67f9"),
        ] {
            let labels = Labels::from_pairs(pairs.iter().copied());
            assert_eq!(Fingerprint::of(&labels).to_string(), expected);
        }
    }

    #[test]
    fn texts() {
        let labels = Labels::from_pairs([("b", "x\"\n"), ("a", "ä")]);
        assert_eq!(label_set_text(&labels), r#"{a="ä", b="x\"\n"}"#);
        assert_eq!(label_set_text(&Labels::empty()), "{}");
    }
}
