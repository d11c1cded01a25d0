//! A rule file: any text is accepted or refused at a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alerting::fuzz::rule_file(data));
