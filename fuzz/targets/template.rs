//! A template: any text is accepted or refused, and executing it ends within limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alerting::fuzz::template(data));
