//! Writes MessagePack: replies, and what tests and seeds send.

/// Values that are being written one behind the other.
#[derive(Debug, Default)]
pub(in super::super) struct MsgpackWriter {
    bytes: Vec<u8>,
}

impl MsgpackWriter {
    pub(in super::super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub(in super::super) fn array(&mut self, len: u8) -> &mut Self {
        self.bytes.push(0x90 | len & 15);
        self
    }

    pub(in super::super) fn map(&mut self, len: u8) -> &mut Self {
        self.bytes.push(0x80 | len & 15);
        self
    }

    pub(in super::super) fn bool(&mut self, value: bool) -> &mut Self {
        self.bytes.push(0xc2 | u8::from(value));
        self
    }

    pub(in super::super) fn str(&mut self, text: &str) -> &mut Self {
        match text.len() {
            len @ 0..32 => self.bytes.push(0xa0 | len as u8),
            len @ 32..256 => self.bytes.extend([0xd9, len as u8]),
            len => {
                self.bytes.push(0xdb);
                self.bytes.extend((len as u32).to_be_bytes());
            }
        }
        self.bytes.extend(text.as_bytes());
        self
    }

    pub(in super::super) fn bin(&mut self, content: &[u8]) -> &mut Self {
        self.bytes.push(0xc6);
        self.bytes.extend((content.len() as u32).to_be_bytes());
        self.bytes.extend(content);
        self
    }
}

#[cfg(test)]
impl MsgpackWriter {
    /// Values that are encoded already.
    pub(in super::super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend(bytes);
        self
    }
}
