//! Queries: any text is read or refused at a place, prints as it is read, and can be evaluated.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| promql::fuzz::query(data));
