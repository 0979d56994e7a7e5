//! The bodies of the fuzz targets that read module documents: true where all of them are read.

use modex_generator::modulemd::{Document, Judged, Mode, documents, to_yaml};
use modex_generator::source::{Limits, Opened, Stated};

/// Small enough that a fuzzer finds them.
pub(crate) fn limits() -> Limits {
    Limits { yaml_document_bytes: 64 << 10, yaml_documents: 40, ..Limits::default() }
}

/// The documents of a text; `None` where a limit is exceeded.
pub(crate) fn judged(bytes: &[u8], mode: Mode, jobs: usize) -> Option<Vec<Judged>> {
    let limits = limits();
    let opened = Opened::stream("m", bytes, Stated::default(), &limits).ok()?;
    documents(opened, mode, jobs, &limits).ok().map(|(_, judged)| judged)
}

/// The only document of what we wrote ourselves.
pub(crate) fn read_back(yaml: &str) -> Document {
    let limits = Limits::default();
    let opened = Opened::stream("w", yaml.as_bytes(), Stated::default(), &limits).unwrap();
    let (_, mut judged) = documents(opened, Mode::Strict, 1, &limits).unwrap();
    assert_eq!(judged.len(), 1, "{yaml}");
    let judged = judged.remove(0);
    assert!(judged.unknown.is_empty(), "{:?}\n{yaml}", judged.unknown);
    judged.document.unwrap_or_else(|why| panic!("{why}\n{yaml}"))
}

/// Any bytes as a modules.yaml: lax and strict differ about unknown keys only, and what is read can be written.
pub(crate) fn modulemd_documents(bytes: &[u8]) -> bool {
    let (lax, strict) = (judged(bytes, Mode::Lax, 1), judged(bytes, Mode::Strict, 1));
    assert_eq!(lax, judged(bytes, Mode::Lax, 3));
    let (Some(lax), Some(strict)) = (lax, strict) else { return false };
    assert_eq!(lax.len(), strict.len());
    // To YAML 1.1, U+0085, U+2028 and U+2029 are line ends too.
    let ends = |byte: &&u8| matches!(byte, b'\n' | b'\r' | 0x85 | 0xa8 | 0xa9);
    let lines = bytes.iter().filter(ends).count() as u64;
    let mut sound = true;
    for (lax, strict) in lax.iter().zip(&strict) {
        assert!((1..=lines + 2).contains(&lax.line), "{lax:?}");
        match (&lax.document, &strict.document) {
            (Ok(one), Ok(other)) => {
                assert_eq!(one, other);
                assert!(lax.unknown.is_empty() && lax.doubts == strict.doubts, "{lax:?}");
            }
            (Ok(_), Err(why)) => assert!(!lax.unknown.is_empty(), "{why}: {lax:?}"),
            (Err(why), Ok(_)) => panic!("read strictly, refused otherwise: {why}"),
            (Err(why), Err(_)) => assert!(!why.is_empty()),
        }
        match &lax.document {
            Ok(document) => assert_eq!(read_back(&to_yaml(document)), *document),
            Err(_) => sound = false,
        }
    }
    sound
}
