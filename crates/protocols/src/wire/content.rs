//! Undoes `Content-Encoding` under a limit.
//!
//! The limit is enforced while decompressing. What a header declares about sizes is never trusted:
//! servers of this field have been brought down by a few bytes that promised gigabytes.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Why content could not be decompressed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// It is larger than allowed once decompressed.
    #[error("the decompressed content is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The encoding is not known.
    #[error("content encoding {0:?} is not supported; use gzip, zstd, deflate or snappy")]
    UnknownEncoding(String),
    /// It is not what its encoding says.
    #[error("the content is not valid {encoding}: {reason}")]
    Malformed {
        /// The encoding.
        encoding: &'static str,
        /// What the decompressor says.
        reason: String,
    },
}

/// Encodings that may be applied one after the other; no client is known to apply more than one.
const ENCODINGS_MAX: usize = 3;

/// The largest window of a zstd frame, as a power of two; `zstd --long` writes 27.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// How many bytes one byte of a snappy block can stand for: three bytes copy sixty-four.
const SNAPPY_RATIO_MAX: usize = 32;

/// The content behind the encodings that a `Content-Encoding` header lists, in at most `limit` bytes.
///
/// Known are `gzip` (several members follow each other), `zstd`, `deflate` and `zlib` (with or
/// without the zlib wrapper, as clients disagree), `snappy` (one block, as remote write and the
/// OpenTelemetry collector mean it), `x-snappy-framed`, and `identity`.
///
/// # Errors
/// When the content is too large, of an unknown encoding, or damaged.
pub fn decode<'a>(
    encodings: &str,
    raw: &'a [u8],
    limit: usize,
) -> Result<Cow<'a, [u8]>, ContentError> {
    let mut content = Cow::Borrowed(raw);
    let names: Vec<&str> = encodings.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
    if names.len() > ENCODINGS_MAX {
        return Err(ContentError::UnknownEncoding(encodings.to_owned()));
    }
    for name in names.into_iter().rev() {
        if let Some(decoded) = decode_one(&name.to_ascii_lowercase(), &content, limit)? {
            content = Cow::Owned(decoded);
        }
    }
    if content.len() > limit {
        return Err(ContentError::TooLarge { limit });
    }
    Ok(content)
}

/// The content behind one encoding, or `None` when it changes nothing.
fn decode_one(name: &str, raw: &[u8], limit: usize) -> Result<Option<Vec<u8>>, ContentError> {
    let content = match name {
        "identity" => return Ok(None),
        "gzip" | "x-gzip" => read("gzip", MultiGzDecoder::new(raw), limit),
        "deflate" | "zlib" if has_zlib_header(raw) => read("zlib", ZlibDecoder::new(raw), limit),
        "deflate" | "zlib" => read("deflate", DeflateDecoder::new(raw), limit),
        "zstd" => unzstd(raw, limit),
        "snappy" => unsnappy(raw, limit),
        "x-snappy-framed" => read("framed snappy", snap::read::FrameDecoder::new(raw), limit),
        _ => Err(ContentError::UnknownEncoding(name.to_owned())),
    };
    content.map(Some)
}

/// RFC 1950: the method is 8, and the first two bytes are a multiple of 31.
fn has_zlib_header(raw: &[u8]) -> bool {
    matches!(raw, [method, flags, ..]
        if method & 15 == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0)
}

fn unzstd(raw: &[u8], limit: usize) -> Result<Vec<u8>, ContentError> {
    let malformed = |error: std::io::Error| ContentError::Malformed {
        encoding: "zstd",
        reason: error.to_string(),
    };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(malformed)?;
    // A larger window than the content may be is of no use; RFC 8878 wants 8 MiB to be taken.
    let window_log = (usize::BITS - limit.leading_zeros()).clamp(23, ZSTD_WINDOW_LOG_MAX);
    decoder.window_log_max(window_log).map_err(malformed)?;
    read("zstd", decoder, limit)
}

fn unsnappy(raw: &[u8], limit: usize) -> Result<Vec<u8>, ContentError> {
    let malformed = |reason: String| ContentError::Malformed { encoding: "snappy", reason };
    let declared = snap::raw::decompress_len(raw).map_err(|error| malformed(error.to_string()))?;
    if declared > limit {
        return Err(ContentError::TooLarge { limit });
    }
    if declared > raw.len().saturating_mul(SNAPPY_RATIO_MAX) {
        let reason = format!("{} bytes cannot hold the declared {declared}", raw.len());
        return Err(malformed(reason));
    }
    snap::raw::Decoder::new().decompress_vec(raw).map_err(|error| malformed(error.to_string()))
}

/// Reads to the end, or to one byte behind the limit.
fn read(encoding: &'static str, reader: impl Read, limit: usize) -> Result<Vec<u8>, ContentError> {
    let mut content = Vec::new();
    let take = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader
        .take(take)
        .read_to_end(&mut content)
        .map_err(|error| ContentError::Malformed { encoding, reason: error.to_string() })?;
    if content.len() > limit {
        return Err(ContentError::TooLarge { limit });
    }
    Ok(content)
}

#[cfg(test)]
mod tests;
