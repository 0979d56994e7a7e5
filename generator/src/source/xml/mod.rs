//! XML as repository metadata uses it: UTF-8, no document type declaration, no entities but the five predefined ones.
//!
//! quick-xml reads it; around it stand what it does not have: cutting a document so that several threads read it, limits,
//! and places for messages. A scanner of our own took 1,140 ms of processor time for a primary.xml of 63,440 packages where
//! quick-xml takes 1,450 (the whole of `modex-publish index`), which was not worth keeping it.

pub(crate) mod cut;
pub(crate) mod head;
pub(crate) mod packages;
pub(crate) mod pipeline;
pub(crate) mod scan;
pub(crate) mod text;
pub(crate) mod walk;

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    match name.as_bytes().iter().position(|byte| *byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// How many lines end in these bytes.
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
