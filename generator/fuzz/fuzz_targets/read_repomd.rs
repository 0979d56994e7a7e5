//! Any bytes as a repomd.xml.
#![no_main]

#[path = "../../tests/support/feed.rs"]
#[allow(dead_code, reason = "the other targets use the rest")]
mod feed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    feed::read_repomd(bytes);
});
