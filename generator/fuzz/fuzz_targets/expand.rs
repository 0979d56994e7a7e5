//! Any bytes as a document to expand and the builds that exist.
#![no_main]

#[path = "../../tests/support/documents.rs"]
#[allow(dead_code, reason = "another target uses the rest")]
mod documents;
#[path = "../../tests/support/sets.rs"]
#[allow(dead_code, reason = "another target uses the rest")]
mod sets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sets::expand_all(bytes);
});
