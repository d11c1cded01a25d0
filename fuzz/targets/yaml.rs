//! YAML: any text is refused or read, and shown without its secrets.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| yaml::fuzz::document(data));
