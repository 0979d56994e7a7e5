//! Any bytes as the text of a dependency, a version and a package's identity.
#![no_main]

#[path = "../../tests/support/touch.rs"]
#[allow(dead_code, reason = "the other targets use the rest")]
mod touch;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touch::parse_dependency(bytes);
});
