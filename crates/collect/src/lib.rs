//! Scraping, discovery, relabelling, host metrics and metrics derived from spans.

pub mod config;
pub mod discovery;
pub mod fuzz;
mod glob;
pub mod host;
mod names;
pub mod relabel;
pub mod scrape;
pub mod span_metrics;
pub mod yaml;

pub use glob::glob;
pub use names::NameScheme;
