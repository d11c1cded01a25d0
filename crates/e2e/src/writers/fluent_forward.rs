//! Fluentd's forward protocol in its forward mode, with acknowledgements:
//! <https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1>.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Batch, Kind, Outcome, Signal, Wire};
use crate::wire::msgpack::Packer;

/// Log records.
pub(super) const KIND: Kind =
    Kind { name: "fluent_forward", signal: Signal::Logs, listener: "fluent-forward", connect };

fn connect(address: SocketAddr) -> Result<Box<dyn Wire>> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.set_nodelay(true)?;
    Ok(Box::new(Forward(stream)))
}

struct Forward(TcpStream);

impl Wire for Forward {
    fn send(&mut self, batch: &Batch) -> Result<Outcome> {
        let chunk = format!("{}-{}", batch.round, batch.numbers.start);
        self.0.write_all(&message(batch, &chunk))?;
        let expected = Packer::new().map(1).text("ack").text(&chunk).finish();
        let mut reply = vec![0; expected.len()];
        self.0.read_exact(&mut reply)?;
        if reply != expected {
            let what = format!("{reply:?} does not acknowledge {chunk}");
            return Err(Error::new(ErrorKind::InvalidData, what));
        }
        Ok(Outcome::Acknowledged)
    }
}

fn message(batch: &Batch, chunk: &str) -> Vec<u8> {
    let numbers = batch.numbers.clone();
    let count = numbers.clone().count();
    let mut message = Packer::new().array(3).text("numbered").array(count);
    for number in numbers {
        message = message.array(2).event_time(batch.time_ms(number) * 1_000_000).map(4);
        message = message.text("message").text(&format!("record {number}"));
        message = message.text("writer").text(batch.writer);
        message = message.text("round").integer(batch.round);
        message = message.text("number").integer(number);
    }
    message.map(1).text("chunk").text(chunk).finish()
}
