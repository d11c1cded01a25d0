//! An instrumented example application.
