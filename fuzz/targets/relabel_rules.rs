//! Relabelling: any rules are refused or change any labels into labels.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| collect::fuzz::relabel_rules(data));
