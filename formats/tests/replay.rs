//! What the fuzz targets found once, and what they start from, played through the same functions.
//!
//! `fuzz/artifacts/TARGET/NAME` are inputs that broke something, under names that say what they do; they stay for ever.
//! `fuzz/seeds/TARGET/NAME` are the small files with which fuzzing begins. A new artifact is a file that cargo-fuzz leaves
//! there; give it a name.

#[path = "index/alloc.rs"]
#[allow(dead_code, reason = "the other test binary uses all of it")]
mod alloc;
#[path = "support/pointer.rs"]
mod pointer;
#[path = "support/touch.rs"]
#[allow(dead_code, reason = "the other test binary uses all of it")]
mod touch;

use std::path::Path;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

type Body = fn(&[u8]) -> bool;

/// The fuzz targets: name, body.
const TARGETS: [(&str, Body); 5] = [
    ("open_hot", touch::open_hot),
    ("open_warm", touch::open_warm),
    ("open_cold", touch::open_cold),
    ("parse_dependency", touch::parse_dependency),
    ("parse_pointer", pointer::parse_pointer),
];

/// Every input below `fuzz/FOLDER/TARGET`, by name.
fn inputs(folder: &str, target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{}", folder.display()));
    let mut inputs: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn what_was_found_once_stays_harmless() {
    let mut count = 0;
    for (target, body) in TARGETS {
        for (name, bytes) in inputs("artifacts", target) {
            let (sound, peak) = alloc::peak_of(|| body(&bytes));
            assert!(!sound, "{target}/{name} passes for a sound input");
            assert!(peak < 32 * bytes.len() + (64 << 20), "{target}/{name} takes {peak} bytes");
            count += 1;
        }
    }
    assert!(count >= 15, "{count} artifacts");
}

#[test]
fn what_fuzzing_starts_from_is_sound() {
    for (target, body) in TARGETS {
        let seeds = inputs("seeds", target);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for (name, bytes) in seeds {
            assert!(body(&bytes), "{target}/{name}");
        }
    }
}
