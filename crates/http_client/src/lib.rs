//! Outgoing HTTP as configured by http_config blocks.
