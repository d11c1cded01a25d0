//! Reading answers, and the heads of requests.

use std::io::{BufRead, Error, ErrorKind, Read, Result};

use serde_json::Value as Json;

/// Names in small letters, and their values.
pub type Headers = Vec<(String, String)>;

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: Vec<u8>,
}

impl Response {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} {}: {error}", self.status, self.text()))
    }

    /// The same, given that it went well.
    ///
    /// # Panics
    /// When it did not.
    pub fn ok(self) -> Response {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self
    }

    /// Reads an answer to its end.
    ///
    /// # Errors
    /// When it ends before that, or is not HTTP.
    pub fn read(reader: &mut impl BufRead, method: &str) -> Result<Response> {
        loop {
            let line = line(reader)?;
            let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
            let status: u16 = status.ok_or_else(|| invalid(&line))?;
            let headers = read_headers(reader)?;
            if status < 200 {
                continue;
            }
            let body = match status {
                204 | 304 => Vec::new(),
                _ if method == "HEAD" => Vec::new(),
                _ => read_body(reader, &headers)?,
            };
            return Ok(Response { status, headers, body });
        }
    }
}

/// Reads headers up to the empty line.
///
/// # Errors
/// When the connection ends before that.
pub fn read_headers(reader: &mut impl BufRead) -> Result<Headers> {
    let mut headers = Headers::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid(&line))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_body(reader: &mut impl BufRead, headers: &Headers) -> Result<Vec<u8>> {
    let header = |wanted| headers.iter().find(|(name, _)| name == wanted).map(|(_, v)| v.as_str());
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        loop {
            let size = line(reader)?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(|_| invalid(&size))?;
            let start = body.len();
            body.resize(start + size, 0);
            reader.read_exact(&mut body[start..])?;
            line(reader)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match header("content-length") {
        Some(length) => {
            body.resize(length.parse().map_err(|_| invalid(length))?, 0);
            reader.read_exact(&mut body)?;
        }
        None => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut bytes = Vec::new();
    reader.take(64 << 10).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the connection was closed"));
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches('\r').to_owned())
}

fn invalid(text: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("{text:?} is not HTTP"))
}
