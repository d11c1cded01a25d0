//! What is answered over HTTP.

/// An answer; the caller turns it into a response of its HTTP library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`, empty when there is no body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Reply { status, content_type: "", body: Vec::new() }
    }

    /// An answer for people.
    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        let content_type = "text/plain; charset=utf-8";
        Reply { status, content_type, body: text.into().into_bytes() }
    }

    /// An answer of compact JSON.
    pub(crate) fn json(status: u16, json: &serde_json::Value) -> Self {
        Reply { status, content_type: "application/json", body: json.to_string().into_bytes() }
    }
}
