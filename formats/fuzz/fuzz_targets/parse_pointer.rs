//! Any bytes as a pointer.
#![no_main]

#[path = "../../tests/support/pointer.rs"]
mod pointer;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    pointer::parse_pointer(bytes);
});
