//! MessagePack, as far as the forward protocol needs it:
//! <https://github.com/msgpack/msgpack/blob/master/spec.md>.

/// A value to be.
#[derive(Clone, Debug, Default)]
pub struct Packer(Vec<u8>);

impl Packer {
    /// Nothing yet.
    pub fn new() -> Packer {
        Packer::default()
    }

    /// Begins an array of so many values.
    #[must_use]
    pub fn array(mut self, length: usize) -> Packer {
        self.0.push(0xdd);
        self.0.extend_from_slice(&(length as u32).to_be_bytes());
        self
    }

    /// Begins a map of so many keys, each with its value.
    #[must_use]
    pub fn map(mut self, length: usize) -> Packer {
        assert!(length < 16, "a small map has at most fifteen keys");
        self.0.push(0x80 | length as u8);
        self
    }

    /// A text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Packer {
        match text.len() {
            length @ 0..32 => self.0.push(0xa0 | length as u8),
            length => {
                self.0.push(0xdb);
                self.0.extend_from_slice(&(length as u32).to_be_bytes());
            }
        }
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// An integer.
    #[must_use]
    pub fn integer(mut self, value: u64) -> Packer {
        self.0.push(0xcf);
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Fluentd's time: extension type 0, seconds and nanoseconds.
    #[must_use]
    pub fn event_time(mut self, time_ns: i64) -> Packer {
        let [seconds, nanos] = [time_ns / 1_000_000_000, time_ns % 1_000_000_000];
        self.0.extend_from_slice(&[0xd7, 0]);
        self.0.extend_from_slice(&(seconds as u32).to_be_bytes());
        self.0.extend_from_slice(&(nanos as u32).to_be_bytes());
        self
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}
