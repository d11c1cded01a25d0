//! Matchers: what is read is printed so that it reads back the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alerting::fuzz::matcher(data));
