//! Queries of either language: any text is read or refused at a place, and prints as it is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| logquery::fuzz(data));
