//! Authentication with a shared key, and optionally with users and passwords.

use model::Secret;
use sha2::{Digest, Sha512};

use super::msgpack::{MsgpackReader, MsgpackWriter, Token};
use crate::DecodeError;

/// What a client answers to `HELO`: who it is, and that it knows the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ping {
    /// The client's host name.
    pub hostname: String,
    /// The user's name, or the empty string.
    pub username: String,
    salt: Vec<u8>,
    key_digest: String,
    password_digest: String,
}

impl Ping {
    /// Reads the five elements behind `"PING"`.
    pub(super) fn read(reader: &mut MsgpackReader<'_>) -> Result<Self, DecodeError> {
        let mut bytes = || match reader.token()? {
            Token::Str(bytes) | Token::Bin(bytes) => Ok(bytes.to_vec()),
            Token::Nil => Ok(Vec::new()),
            _ => Err(reader.error("an element of PING is not a text")),
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Ping {
            hostname: text(bytes()?),
            salt: bytes()?,
            key_digest: text(bytes()?),
            username: text(bytes()?),
            password_digest: text(bytes()?),
        })
    }
}

/// One connection's handshake. The caller sends [`Handshake::helo`] first, checks the [`Ping`] that
/// comes back, and sends [`Handshake::pong`]; events may come only after a good one.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// The name of this host; clients refuse servers of their own name.
    pub hostname: String,
    /// The key both sides know.
    pub shared_key: Secret,
    /// Random bytes, new for every connection.
    pub nonce: [u8; 16],
    /// More of them when users have to authenticate.
    pub password_salt: Option<[u8; 16]>,
}

impl Handshake {
    /// `["HELO", {nonce, auth, keepalive}]`
    pub fn helo(&self) -> Vec<u8> {
        let mut writer = MsgpackWriter::default();
        writer.array(2).str("HELO").map(3);
        writer.str("nonce").bin(&self.nonce);
        writer.str("auth");
        match &self.password_salt {
            Some(salt) => writer.bin(salt),
            None => writer.str(""),
        };
        writer.str("keepalive").bool(true);
        writer.finish()
    }

    /// Checks what a client answered; `password` finds that of a user.
    ///
    /// # Errors
    /// With the reason, which may be told to the client.
    pub fn check<'s>(
        &self,
        ping: &Ping,
        password: impl FnOnce(&str) -> Option<&'s Secret>,
    ) -> Result<(), &'static str> {
        if !equal(&self.digest(&ping.salt, &ping.hostname), &ping.key_digest) {
            return Err("shared_key mismatch");
        }
        let Some(salt) = &self.password_salt else { return Ok(()) };
        let expected = password(&ping.username).map(|password| {
            hex(Sha512::new()
                .chain_update(salt)
                .chain_update(&ping.username)
                .chain_update(password.expose()))
        });
        match expected {
            Some(expected) if equal(&expected, &ping.password_digest) => Ok(()),
            _ => Err("username/password mismatch"),
        }
    }

    /// `["PONG", ok, reason, hostname, digest]`
    pub fn pong(&self, ping: &Ping, verdict: Result<(), &str>) -> Vec<u8> {
        let digest = match verdict {
            Ok(()) => self.digest(&ping.salt, &self.hostname),
            Err(_) => String::new(),
        };
        let mut writer = MsgpackWriter::default();
        writer.array(5).str("PONG").bool(verdict.is_ok());
        writer.str(verdict.err().unwrap_or_default()).str(&self.hostname).str(&digest);
        writer.finish()
    }

    /// What a host has to know to make: it depends on the key, the connection and the host's name.
    fn digest(&self, salt: &[u8], hostname: &str) -> String {
        hex(Sha512::new()
            .chain_update(salt)
            .chain_update(hostname)
            .chain_update(self.nonce)
            .chain_update(self.shared_key.expose()))
    }
}

fn hex(hasher: Sha512) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not tell where the first difference is.
fn equal(expected: &str, given: &str) -> bool {
    let differences = expected.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    expected.len() == given.len() && differences == 0
}
