//! Scraping, discovery, relabelling, host metrics and metrics derived from spans.

pub mod config;
pub mod discovery;
pub mod fuzz;
pub mod host;
mod names;
pub mod relabel;
pub mod scrape;
pub mod span_metrics;

pub use names::NameScheme;
