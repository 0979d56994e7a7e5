//! What the fuzz targets found once, and what they start from, played through the same functions.
//!
//! `fuzz/artifacts/TARGET/NAME` are inputs that broke something or might, under names that say what they do;
//! `fuzz/seeds/TARGET/NAME` are the small documents with which fuzzing begins.

#[path = "support/feed.rs"]
mod feed;

use std::path::Path;

type Body = fn(&[u8]) -> bool;

const TARGETS: [(&str, Body); 3] = [
    ("read_primary", feed::read_primary),
    ("read_modules", feed::read_modules),
    ("read_repomd", feed::read_repomd),
];

/// Plays every input below `fuzz/FOLDER` and gives how many there are.
fn play(folder: &str, sound: bool) -> usize {
    let mut count = 0;
    for (target, body) in TARGETS {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
        for entry in std::fs::read_dir(&dir).unwrap_or_else(|_| panic!("{}", dir.display())) {
            let path = entry.unwrap().path();
            assert_eq!(body(&std::fs::read(&path).unwrap()), sound, "{}", path.display());
            count += 1;
        }
    }
    count
}

#[test]
fn what_was_found_once_stays_harmless() {
    assert!(play("artifacts", false) >= 6);
}

#[test]
fn what_fuzzing_starts_from_is_sound() {
    assert!(play("seeds", true) >= 3);
}
