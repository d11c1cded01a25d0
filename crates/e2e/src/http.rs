//! HTTP/1.1 as plainly as possible: what is sent is what is written here, byte for byte.

mod response;

use std::fmt::Write as _;
use std::io::{BufReader, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub use response::{Headers, Response, read_headers};

/// A server that is silent for longer is taken for dead.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: &str, path: &str) -> Request {
        let (method, path) = (method.to_owned(), path.to_owned());
        Request { method, path, headers: Vec::new(), body: None }
    }

    /// `GET`
    pub fn get(path: &str) -> Request {
        Request::new("GET", path)
    }

    /// `POST` with a body.
    pub fn post(path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Request {
        Request::new("POST", path).header("Content-Type", content_type).body(body)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = Some(body.into());
        self
    }

    /// Sends it over a connection of its own.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn send(&self, address: SocketAddr) -> Result<Response> {
        Connection::open(address)?.exchange(self)
    }

    /// Sends it to a server that answers.
    ///
    /// # Panics
    /// When it does not.
    pub fn to(&self, address: SocketAddr) -> Response {
        self.send(address)
            .unwrap_or_else(|error| panic!("{} {address}{}: {error}", self.method, self.path))
    }

    fn head(&self, address: SocketAddr) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let mut line = |name: &str, value: &str| {
            write!(head, "{name}: {value}\r\n").expect("a text takes anything");
        };
        let has = |wanted: &str| self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(wanted));
        if !has("host") {
            line("Host", &address.to_string());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        if let Some(body) = &self.body
            && !has("content-length")
        {
            line("Content-Length", &body.len().to_string());
        }
        head + "\r\n"
    }
}

/// A connection that is used again and again.
pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, SILENCE_MAX)?;
        stream.set_read_timeout(Some(SILENCE_MAX))?;
        stream.set_write_timeout(Some(SILENCE_MAX))?;
        stream.set_nodelay(true)?;
        let reader = BufReader::new(stream.try_clone()?);
        Ok(Connection { address, stream, reader })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn exchange(&mut self, request: &Request) -> Result<Response> {
        self.send(request)?;
        self.receive(&request.method)
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn send(&mut self, request: &Request) -> Result<()> {
        let mut bytes = request.head(self.address).into_bytes();
        bytes.extend_from_slice(request.body.as_deref().unwrap_or_default());
        match self.stream.write_all(&bytes) {
            // A server that refuses a body may answer and close before it has read all of it.
            Err(error) if self.reader.get_ref().peek(&mut [0]).is_ok_and(|n| n == 1) => {
                let _the_answer_says_more = error;
                Ok(())
            }
            result => result,
        }
    }

    /// Reads the answer to a request with this method.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn receive(&mut self, method: &str) -> Result<Response> {
        Response::read(&mut self.reader, method)
    }
}

/// Asks for a path.
///
/// # Panics
/// When there is no answer.
pub fn get(address: SocketAddr, path: &str) -> Response {
    Request::get(path).to(address)
}

/// Escapes a text for use in an address (RFC 3986, section 2.3).
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => write!(escaped, "%{byte:02X}").expect("a text takes anything"),
        }
    }
    escaped
}

/// Pairs as `application/x-www-form-urlencoded`.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}
