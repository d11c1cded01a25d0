//! A small HTTP server in the test's own process: it keeps what it receives, and answers as told.
//!
//! It stands for webhooks, chats, and applications that are scraped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value as Json;

use crate::http::{Headers, read_headers};

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// `POST`, mostly.
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in small letters.
    pub headers: Headers,
    /// As it came.
    pub body: Vec<u8>,
}

impl Received {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The type of its body.
    pub content_type: String,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// A status and nothing else.
    pub fn status(status: u16) -> Answer {
        Answer { status, content_type: "text/plain".to_owned(), body: String::new() }
    }

    /// A body.
    pub fn body(content_type: &str, body: &str) -> Answer {
        let (content_type, body) = (content_type.to_owned(), body.to_owned());
        Answer { status: 200, content_type, body }
    }
}

struct State {
    received: Mutex<Vec<Received>>,
    answer: Mutex<Answer>,
    stopping: AtomicBool,
}

/// The server; it is gone when it is let go.
pub struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Listens on a free port and gives everybody the same answer.
    ///
    /// # Panics
    /// When there is no port.
    pub fn answering(answer: Answer) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State {
            received: Mutex::default(),
            answer: Mutex::new(answer),
            stopping: AtomicBool::new(false),
        });
        let accepting = spawn({
            let state = state.clone();
            move || accept(&listener, &state)
        });
        Receiver { address, state, accepting: Some(accepting) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on answers with this.
    pub fn answer(&self, answer: Answer) {
        *self.state.answer.lock() = answer;
    }

    /// What came to a path so far, in order.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let received = self.state.received.lock();
        received.iter().filter(|request| request.path == path).cloned().collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::SeqCst);
        // Whoever waits for a connection gets one, and sees that it is over.
        let _it_may_be_gone = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _it_ended = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming() {
        if state.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let state = state.clone();
        // A connection ends with its client, or when it is idle.
        spawn(move || {
            let _the_client_went_away = serve(stream, &state);
        });
    }
}

fn serve(mut stream: TcpStream, state: &State) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || state.stopping.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let [method, path] = [words.next(), words.next()].map(Option::unwrap_or_default);
        let headers = read_headers(&mut reader)?;
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        state.received.lock().push(Received { method, path, headers, body });
        let Answer { status, content_type, body } = state.answer.lock().clone();
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
    }
}
