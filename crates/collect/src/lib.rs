//! Scraping, discovery, relabelling, host metrics and metrics derived from spans.
