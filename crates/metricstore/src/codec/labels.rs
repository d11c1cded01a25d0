//! Label sets, each as what it does not share with the one before.
//!
//! A set in its one-string form shares its beginning and its end with its neighbour in a scrape or
//! in a sorted list; only the middle is written. That is quick, needs no dictionary, and leaves
//! little for the compression behind it.

use model::Labels;

use super::{Cursor, Malformed, put_uvarint};

/// The longest label set, in bytes of its one-string form.
pub(crate) const LABELS_BYTES_MAX: usize = 64 << 10;

/// Writes label sets one after the other.
#[derive(Default)]
pub(crate) struct LabelsEncoder {
    previous: Option<Labels>,
}

/// Reads what an encoder wrote, from the same start.
#[derive(Default)]
pub(crate) struct LabelsDecoder {
    current: Vec<u8>,
    spliced: Vec<u8>,
}

impl LabelsEncoder {
    pub(crate) fn put(&mut self, labels: &Labels, out: &mut Vec<u8>) {
        let new = labels.as_encoded().as_bytes();
        let old = self.previous.as_ref().map_or(&b""[..], |labels| labels.as_encoded().as_bytes());
        let prefix = shared_prefix(new, old);
        let (new_rest, old_rest) = (&new[prefix..], &old[prefix..]);
        let suffix = shared_suffix(new_rest, old_rest);
        let middle = &new_rest[..new_rest.len() - suffix];
        put_uvarint(out, prefix as u64);
        put_uvarint(out, suffix as u64);
        put_uvarint(out, middle.len() as u64);
        out.extend_from_slice(middle);
        self.previous = Some(labels.clone());
    }
}

impl LabelsDecoder {
    /// Moves on to the next set.
    pub(crate) fn advance(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Malformed> {
        let (prefix, suffix) = (cursor.uvarint()?, cursor.uvarint()?);
        let middle = cursor.count()?;
        let middle = cursor.bytes(middle)?;
        let old = self.current.len() as u64;
        if prefix > old || suffix > old - prefix {
            return Err(Malformed("a label set shares more than there is"));
        }
        let (prefix, suffix) = (prefix as usize, suffix as usize);
        if prefix + suffix + middle.len() > LABELS_BYTES_MAX {
            return Err(Malformed("a label set is too long"));
        }
        self.spliced.clear();
        self.spliced.extend_from_slice(&self.current[..prefix]);
        self.spliced.extend_from_slice(middle);
        self.spliced.extend_from_slice(&self.current[self.current.len() - suffix..]);
        std::mem::swap(&mut self.current, &mut self.spliced);
        Ok(())
    }

    /// The set it stands at.
    pub(crate) fn labels(&self) -> Result<Labels, Malformed> {
        let text = std::str::from_utf8(&self.current);
        let labels = text.ok().and_then(Labels::from_encoded);
        labels.ok_or(Malformed("a label set is not valid"))
    }

    /// The bytes of the one-string form of the set it stands at, whether valid or not.
    pub(crate) fn encoded(&self) -> &[u8] {
        &self.current
    }

    pub(crate) fn next(&mut self, cursor: &mut Cursor<'_>) -> Result<Labels, Malformed> {
        self.advance(cursor)?;
        self.labels()
    }
}

/// So many bytes are compared at once.
const STEP: usize = 16;

fn shared_prefix(a: &[u8], b: &[u8]) -> usize {
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b);
    let whole = steps.count() * STEP;
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

fn shared_suffix(a: &[u8], b: &[u8]) -> usize {
    let steps = a.rchunks_exact(STEP).zip(b.rchunks_exact(STEP)).take_while(|(a, b)| a == b);
    let whole = steps.count() * STEP;
    let (a, b) = (&a[..a.len() - whole], &b[..b.len() - whole]);
    whole + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_come_back() {
        let set = |name: &str, host: &str| {
            Labels::from_pairs([("__name__", name), ("host", host), ("job", "node")])
        };
        let sets = [
            set("up", "a"),
            set("up", "b"),
            set("down", "b"),
            set("down", "b"),
            Labels::empty(),
            Labels::from_pairs([("ä", "ö"), ("ß", "ü")]),
            Labels::from_pairs([("ä", "õ"), ("ß", "ü")]),
        ];
        let (mut out, mut encoder) = (Vec::new(), LabelsEncoder::default());
        sets.iter().for_each(|labels| encoder.put(labels, &mut out));
        let (mut cursor, mut decoder) = (Cursor::new(&out), LabelsDecoder::default());
        sets.iter().for_each(|labels| assert_eq!(decoder.next(&mut cursor).as_ref(), Ok(labels)));
        assert!(cursor.is_empty());
        assert!(out.len() < 110, "{} bytes", out.len());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refused =
            |bytes: &[u8]| LabelsDecoder::default().next(&mut Cursor::new(bytes)).is_err();
        assert!(refused(&[1, 0, 0]));
        assert!(refused(&[0, 1, 0]));
        assert!(refused(&[0, 0, 2, 1, b'a']));
        assert!(refused(&[0xff; 12]));
        let mut long = vec![0, 0];
        put_uvarint(&mut long, LABELS_BYTES_MAX as u64 + 1);
        long.resize(long.len() + LABELS_BYTES_MAX + 1, b'a');
        assert!(refused(&long));
    }
}
