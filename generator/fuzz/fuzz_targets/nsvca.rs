//! Any bytes as the text of an identity or of a module argument.
#![no_main]

#[path = "../../tests/support/identity.rs"]
mod identity;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    identity::nsvca(bytes);
});
