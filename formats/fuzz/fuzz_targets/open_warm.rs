//! Any bytes as a warm file. A checksum would stop the fuzzer at the door, so the bytes are also tried with checksums made right.
#![no_main]

#[path = "../../tests/support/seal.rs"]
mod seal;
#[path = "../../tests/support/touch.rs"]
#[allow(dead_code, reason = "the other targets use the rest")]
mod touch;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touch::open_warm(bytes);
    let mut bytes = bytes.to_vec();
    seal::seal(&mut bytes);
    touch::open_warm(&bytes);
});
