//! The web interface, built by npm and embedded.
