//! Test scripts: any text is run or refused at a line.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| promql::fuzz::script(data));
