//! `alertmanager.yml`: any text is accepted or refused at a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alerting::fuzz::alertmanager_config(data));
