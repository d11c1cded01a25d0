//! Writers of numbered records, one for each protocol and signal.
//!
//! A record's number decides everything in it, so that a batch that is sent again is the same batch,
//! and a record that is found says whether it is what was sent.

mod elasticsearch;
mod fluent_forward;
mod jaeger;
mod otlp;
mod remote_write;
mod zipkin;

use std::net::SocketAddr;
use std::ops::Range;

use crate::http::{Connection, Request, Response};
use crate::server::Server;

/// Which of the three kinds of records a writer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Samples of one series, a millisecond apart.
    Metrics,
    /// Log records.
    Logs,
    /// Spans.
    Traces,
}

/// Records that travel together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The writer's name.
    pub writer: &'static str,
    /// Which run of the writers this is.
    pub round: u64,
    /// When the record with number 0 happened.
    pub base_ms: i64,
    /// The records.
    pub numbers: Range<u64>,
}

/// Spans of one trace: few enough to be shown whole.
pub const TRACE_SPANS: u64 = 1000;

impl Batch {
    /// When a record happened.
    pub fn time_ms(&self, number: u64) -> i64 {
        self.base_ms + number as i64
    }

    /// The upper and lower half of the identifier of the trace a span belongs to.
    pub fn trace_id(&self, number: u64) -> (u64, u64) {
        trace_id(self.writer, self.round, number)
    }
}

/// The upper and lower half of the identifier of the trace a span belongs to.
pub fn trace_id(writer: &str, round: u64, number: u64) -> (u64, u64) {
    let name =
        writer.bytes().fold(0u64, |name, byte| name.wrapping_mul(31).wrapping_add(byte.into()));
    (name | (1 << 63), (round << 32) | (number / TRACE_SPANS))
}

/// What became of a batch.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The server promised to keep it.
    Acknowledged,
    /// The server refused all of it.
    Refused {
        /// The status of the answer.
        status: u16,
        /// When to try again.
        retry_after: Option<String>,
        /// What it said.
        message: String,
    },
    /// There was no answer, or none that can be understood.
    Lost(String),
}

/// A protocol, spoken over a connection that is kept.
pub trait Wire: Send {
    /// Sends a batch and waits for the answer.
    ///
    /// # Errors
    /// When there is none.
    fn send(&mut self, batch: &Batch) -> std::io::Result<Outcome>;
}

/// A writer: how it is called, what it writes, and to which listener.
pub struct Kind {
    /// Its name, which its records carry.
    pub name: &'static str,
    /// What it writes.
    pub signal: Signal,
    listener: &'static str,
    connect: fn(SocketAddr) -> std::io::Result<Box<dyn Wire>>,
}

/// All writers: six protocols, and of OTLP each signal.
pub static WRITERS: [Kind; 8] = [
    otlp::LOGS,
    otlp::METRICS,
    otlp::TRACES,
    remote_write::KIND,
    elasticsearch::KIND,
    fluent_forward::KIND,
    zipkin::KIND,
    jaeger::KIND,
];

/// A writer at work.
pub struct Writer {
    kind: &'static Kind,
    address: SocketAddr,
    wire: Option<Box<dyn Wire>>,
}

impl Writer {
    /// A writer to a server, which need not run yet.
    pub fn to(kind: &'static Kind, server: &Server) -> Writer {
        Writer { kind, address: server.address(kind.listener), wire: None }
    }

    /// Sends a batch; after a broken connection the next one takes a new one.
    pub fn send(&mut self, batch: &Batch) -> Outcome {
        let mut attempt = || {
            let wire = match &mut self.wire {
                Some(wire) => wire,
                None => self.wire.insert((self.kind.connect)(self.address)?),
            };
            wire.send(batch)
        };
        match attempt() {
            Ok(outcome) => outcome,
            Err(error) => {
                self.wire = None;
                Outcome::Lost(error.to_string())
            }
        }
    }
}

/// A protocol over HTTP: how a batch becomes a request, and which answers are acknowledgements.
struct OverHttp {
    connection: Connection,
    request: fn(&Batch) -> Request,
    is_acknowledged: fn(&Response) -> bool,
}

impl Wire for OverHttp {
    fn send(&mut self, batch: &Batch) -> std::io::Result<Outcome> {
        let response = self.connection.exchange(&(self.request)(batch))?;
        Ok(match response.status {
            200..300 if (self.is_acknowledged)(&response) => Outcome::Acknowledged,
            200..300 => Outcome::Lost(format!("only a part was taken: {}", response.text())),
            status => {
                let retry_after = response.header("retry-after").map(str::to_owned);
                Outcome::Refused { status, retry_after, message: response.text() }
            }
        })
    }
}

/// Connects a writer that speaks over HTTP.
fn over_http(
    address: SocketAddr,
    request: fn(&Batch) -> Request,
    is_acknowledged: fn(&Response) -> bool,
) -> std::io::Result<Box<dyn Wire>> {
    let connection = Connection::open(address)?;
    Ok(Box::new(OverHttp { connection, request, is_acknowledged }))
}
