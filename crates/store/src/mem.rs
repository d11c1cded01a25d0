//! The naive stores: plain vectors, scanned whole. They stay for ever as the oracle.

mod documents;
mod logs;
mod metrics;
mod traces;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Exemplar, Labels, Metadata, SampleValue, Span};
use parking_lot::Mutex;
use tokio::sync::broadcast;

use crate::{Document, Found};

/// Everything in memory, nothing clever; it implements every trait of the contract.
pub struct MemStore {
    metrics: Mutex<Metrics>,
    logs: Mutex<Vec<Found>>,
    log_feed: broadcast::Sender<Arc<Vec<Found>>>,
    spans: Mutex<Vec<Span>>,
    documents: Mutex<BTreeMap<(String, String), Document>>,
}

#[derive(Default)]
struct Metrics {
    series: BTreeMap<Labels, BTreeMap<i64, Stored>>,
    exemplars: BTreeMap<Labels, Vec<Exemplar>>,
    metadata: BTreeMap<String, Metadata>,
}

/// What a series has at an instant.
struct Stored {
    start_ms: i64,
    value: SampleValue,
}

impl MemStore {
    /// An empty store.
    pub fn new() -> Self {
        MemStore {
            metrics: Mutex::default(),
            logs: Mutex::default(),
            log_feed: broadcast::channel(64).0,
            spans: Mutex::default(),
            documents: Mutex::default(),
        }
    }
}

impl Default for MemStore {
    fn default() -> Self {
        Self::new()
    }
}
