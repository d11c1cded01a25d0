//! The decoders for a fuzzer: they take any bytes and must neither panic nor hang.

use std::io;

use env::File;

/// Decodes a batch of the write-ahead log and says how many samples it has.
///
/// # Errors
/// What is wrong with it.
pub fn check_batch(bytes: &[u8]) -> Result<usize, String> {
    let batch = crate::batch::decode(bytes, &mut |_| None).map_err(|error| error.to_string())?;
    Ok(batch.samples.len())
}

/// Reads everything in a part and says how many samples it has.
///
/// # Errors
/// What is wrong with it.
pub fn check_part(bytes: &[u8]) -> Result<u64, String> {
    crate::part::check_part(Box::new(Bytes(bytes.to_vec()))).map_err(|error| error.to_string())
}

struct Bytes(Vec<u8>);

impl File for Bytes {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_exact_at(&self, out: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let wanted = start.checked_add(out.len()).and_then(|end| self.0.get(start..end));
        out.copy_from_slice(wanted.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn append(&self, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn truncate(&self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn sync(&self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
