//! Ports that nobody else has: a server's ten, and some for the programs around it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// The server's listeners and their standard ports.
pub const LISTENERS: [(&str, u16); 10] = [
    ("main", 7300),
    ("prometheus", 9090),
    ("alertmanager", 9093),
    ("elasticsearch", 9200),
    ("fluent-forward", 24224),
    ("otlp-grpc", 4317),
    ("otlp-http", 4318),
    ("jaeger-collector", 14268),
    ("jaeger-query", 16686),
    ("zipkin", 9411),
];

/// Ports for other programs. None of these and the above are equal modulo [`STEP`], so that leases
/// never overlap.
const SPARE: [u16; 4] = [4321, 4322, 4324, 4325];

const FIRST: u16 = 1000;
const STEP: u16 = 30;

/// Offsets beyond this reach ports that the system gives to outgoing connections.
const LAST: u16 = 32_767 - 24_224;

/// A set of ports, ours until it is let go.
pub struct Ports {
    offset: u16,
    _lease: File,
}

impl Ports {
    /// Takes ports that neither another test nor anybody else has.
    ///
    /// # Panics
    /// When there are none.
    pub fn lease() -> Ports {
        let folder = std::env::temp_dir().join("sightglass-e2e-ports");
        std::fs::create_dir_all(&folder).expect("a folder in the temporary folder can be made");
        for offset in (FIRST..=LAST).step_by(usize::from(STEP)) {
            let lease = File::create(folder.join(offset.to_string()));
            let lease = lease.expect("a file in the temporary folder can be made");
            if lease.try_lock().is_ok() && all(offset).all(is_free) {
                return Ports { offset, _lease: lease };
            }
        }
        panic!("there are no free ports")
    }

    /// By how much all ports are moved.
    pub fn offset(&self) -> u16 {
        self.offset
    }

    /// The address of a listener.
    ///
    /// # Panics
    /// When there is no such listener.
    pub fn address(&self, listener: &str) -> SocketAddr {
        let found = LISTENERS.iter().find(|(name, _)| *name == listener);
        let (_, port) = found.unwrap_or_else(|| panic!("there is no listener {listener:?}"));
        loopback(port + self.offset)
    }

    /// The address for another program.
    pub fn spare(&self, number: usize) -> SocketAddr {
        loopback(SPARE[number] + self.offset)
    }
}

fn all(offset: u16) -> impl Iterator<Item = SocketAddr> {
    let ports = LISTENERS.iter().map(|(_, port)| *port).chain(SPARE);
    ports.map(move |port| loopback(port + offset))
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn leases_never_overlap() {
        let ports: Vec<u16> = LISTENERS.iter().map(|(_, port)| *port).chain(SPARE).collect();
        let remainders: BTreeSet<u16> = ports.iter().map(|port| port % STEP).collect();
        assert_eq!(remainders.len(), ports.len());
        let [one, other] = [Ports::lease(), Ports::lease()];
        assert_ne!(one.offset(), other.offset());
    }
}
