//! What can go wrong with a request.

use std::error::Error as _;

/// Why there is no answer. No text contains an address or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The configuration cannot work until somebody changes it.
    #[error("{0}")]
    Config(String),
    /// A file with a secret or a certificate cannot be used; the next request looks again.
    #[error("{0}")]
    Secret(String),
    /// The peer took too long.
    #[error("the request timed out")]
    Timeout,
    /// The peer could not be reached, or broke off.
    #[error("{0}")]
    Transport(String),
    /// The answer is larger than was allowed.
    #[error("the response is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
}

impl From<reqwest::Error> for Error {
    /// Keeps the chain of reasons and drops the address, which may be a secret itself.
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Error::Timeout;
        }
        let error = error.without_url();
        if error.is_builder() {
            return Error::Config(chain(&error));
        }
        Error::Transport(chain(&error))
    }
}

/// The messages of an error and its sources, each once, without those that only say that there was
/// an error.
fn chain(error: &reqwest::Error) -> String {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        let message = error.to_string();
        messages.retain(|outer| !outer.ends_with(&message) && !says_nothing(outer));
        messages.push(message);
        source = error.source();
    }
    messages.join(": ")
}

fn says_nothing(message: &str) -> bool {
    message == "error sending request" || message.starts_with("client error (")
}
