//! Reading answers under a limit.

use reqwest::Response;

use crate::Error;

/// The whole body, after decompression, if it has at most `max` bytes.
///
/// # Errors
/// [`Error::TooLarge`] as soon as the limit is passed, and whatever breaks the transfer.
pub async fn read_limited(mut response: Response, max: u64) -> Result<Vec<u8>, Error> {
    let announced = response.content_length().unwrap_or_default();
    if announced > max {
        return Err(Error::TooLarge { limit: max });
    }
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(chunk) = response.chunk().await? {
        if (body.len() + chunk.len()) as u64 > max {
            return Err(Error::TooLarge { limit: max });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
