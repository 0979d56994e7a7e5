//! Any bytes as module documents, judged lax and strictly, written and read back.
#![no_main]

#[path = "../../tests/support/documents.rs"]
mod documents;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    documents::modulemd_documents(bytes);
});
