//! Files of targets: any text is read or refused at a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| collect::fuzz::target_file(data));
