//! RE2 patterns: any text is compiled or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| promql::fuzz::regexp(data));
