//! What the fuzz targets found once, and what they start from, played through the same functions.
//!
//! `fuzz/artifacts/TARGET/NAME` are inputs that broke something or might, under names that say what they do;
//! `fuzz/seeds/TARGET/NAME` are the small documents with which fuzzing begins.

#[path = "support/documents.rs"]
mod documents;
#[path = "support/feed.rs"]
mod feed;
#[path = "support/identity.rs"]
mod identity;
#[path = "support/sets.rs"]
mod sets;

use std::path::Path;

/// Whether all of the input is read and nothing in it is dropped.
type Body = fn(&[u8]) -> bool;

/// Readers of one file: all of what is kept of them is unsound.
const READERS: [(&str, Body); 3] = [
    ("read_primary", feed::read_primary),
    ("read_modules", feed::read_modules),
    ("read_repomd", feed::read_repomd),
];

/// Targets that go on with what was read, so that sound inputs break them too.
const MAKERS: [(&str, Body); 4] = [
    ("modulemd_documents", documents::modulemd_documents),
    ("modulemd_merge", sets::modulemd_merge),
    ("expand", sets::expand_all),
    ("nsvca", identity::nsvca),
];

/// Plays every input below `fuzz/FOLDER` and gives how many there are.
fn play(folder: &str, targets: &[(&str, Body)], sound: Option<bool>) -> usize {
    let mut count = 0;
    for (target, body) in targets {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
        let Ok(entries) = std::fs::read_dir(&dir) else {
            assert_eq!(folder, "artifacts", "every target has seeds: {}", dir.display());
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let found = body(&std::fs::read(&path).unwrap());
            assert!(sound.is_none_or(|sound| sound == found), "{}", path.display());
            count += 1;
        }
    }
    count
}

#[test]
fn what_was_found_once_stays_harmless() {
    assert!(play("artifacts", &READERS, Some(false)) >= 6);
    assert!(play("artifacts", &MAKERS, None) >= 4);
}

#[test]
fn what_fuzzing_starts_from_is_sound() {
    assert!(play("seeds", &READERS, Some(true)) >= 3);
    assert!(play("seeds", &MAKERS, Some(true)) >= 20);
}
