//! Batches of spans in the write-ahead log.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _either_is_fine = tracestore::decode_batch(bytes);
});
