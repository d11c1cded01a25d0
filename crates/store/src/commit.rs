//! Acknowledgements.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::AppendError;

/// What became of a batch that was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Records that are stored.
    pub accepted: u64,
    /// Records that were refused, each for itself.
    pub rejected: u64,
    /// Why the first of them was refused.
    pub reason: Option<String>,
}

/// The promise of an acknowledgement: it resolves when the batch is on stable storage and visible
/// to queries. Dropping it does not take the batch back.
#[must_use = "nothing is acknowledged before this resolves"]
pub struct Commit(oneshot::Receiver<Result<Appended, AppendError>>);

/// The storage's end of a [`Commit`].
pub struct CommitSender(oneshot::Sender<Result<Appended, AppendError>>);

impl Commit {
    /// A pair of ends.
    pub fn channel() -> (CommitSender, Commit) {
        let (sender, receiver) = oneshot::channel();
        (CommitSender(sender), Commit(receiver))
    }

    /// One that has resolved already.
    pub fn ready(result: Result<Appended, AppendError>) -> Self {
        let (sender, commit) = Self::channel();
        sender.resolve(result);
        commit
    }

    /// Blocks until it resolves; not for asynchronous code, which awaits it.
    ///
    /// # Errors
    /// When the batch was not stored.
    pub fn wait(self) -> Result<Appended, AppendError> {
        self.0.blocking_recv().unwrap_or(Err(AppendError::Stopping))
    }
}

impl CommitSender {
    /// Resolves the commit, whether or not somebody still waits.
    pub fn resolve(self, result: Result<Appended, AppendError>) {
        let _nobody_waits = self.0.send(result);
    }
}

impl Future for Commit {
    type Output = Result<Appended, AppendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|got| got.unwrap_or(Err(AppendError::Stopping)))
    }
}
