//! Files of every version that this crate says it reads, kept as they were written then.
//!
//! `fixtures/golden/v1/` was written by `golden_files` of `sample.rs`. A test writes a golden file only where the current version
//! has none; a file that is there is never written again. Changing one that was published breaks every mirror's index.

use crate::sample::golden_files;
use crate::touch;
use modex_formats::index::{Cold, FORMAT_VERSION, File, Kind, check};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The zstd that wrote the cold file; another one may find other frames for the same words.
const ZSTD: u32 = 10_507;

pub(crate) fn folder(version: u16) -> PathBuf {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/golden");
    fixtures.join(format!("v{version}"))
}

#[test]
fn bytes_of_today_are_the_committed_ones() {
    let folder = folder(FORMAT_VERSION);
    for (name, bytes) in golden_files() {
        let path = folder.join(name);
        if !path.exists() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        let committed = std::fs::read(&path).unwrap();
        if name.ends_with("cold") && zstd::zstd_safe::version_number() != ZSTD {
            assert_same_words(&bytes, &committed);
            continue;
        }
        let differ = bytes.iter().zip(&committed).position(|(now, then)| now != then);
        assert_eq!(differ, None, "first difference of {name} at this byte");
        assert_eq!(bytes.len(), committed.len(), "{name}");
    }
}

fn assert_same_words(now: &[u8], then: &[u8]) {
    let (now, then) = (Cold::open(now).unwrap(), Cold::open(then).unwrap());
    macro_rules! same {
        ($($pack:ident)*) => {$(
            let read = |cold: &Cold<'_>| cold.$pack.iter().collect::<Result<Vec<_>, _>>().unwrap();
            assert_eq!(read(&now), read(&then));
        )*};
    }
    same!(packages modules groups paths);
    macro_rules! same_optional {
        ($($pack:ident)*) => {$(
            let read = |cold: &Cold<'_>| {
                cold.$pack.map(|pack| pack.iter().collect::<Result<Vec<_>, _>>().unwrap())
            };
            assert_eq!(read(&now), read(&then));
        )*};
    }
    same_optional!(builds translations);
}

#[test]
fn every_version_reads_back() {
    for version in 1..=FORMAT_VERSION {
        for (name, _) in golden_files() {
            let kind = match name.rsplit('-').next() {
                Some("hot") => Kind::Hot,
                Some("warm") => Kind::Warm,
                _ => Kind::Cold,
            };
            let bytes = std::fs::read(folder(version).join(name)).unwrap();
            assert_eq!(check::whole(&bytes), Ok(kind), "version {version}");
            assert!(touch::open_any(&bytes), "version {version}, {name}");
        }
    }
}

#[test]
fn the_golden_indexes_use_every_section() {
    let optional = ["MSLV", "MSLD", "MDIN", "MDIP", "MOBS", "ORPH", "REQI", "MBLD", "MTRN"];
    let (mut seen, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (name, bytes) in golden_files() {
        let kind = name.rsplit('-').next().unwrap();
        for (tag, required, section) in File::open(&bytes).unwrap().sections() {
            let tag = tag.escape_ascii().to_string();
            assert!(required != optional.contains(&tag.as_str()));
            seen.insert((kind, tag.clone()));
            if section.iter().any(|byte| *byte != 0) {
                used.insert((kind, tag));
            }
        }
    }
    assert_eq!(seen, used, "a section that nothing fills proves nothing");
}

/// The index as written does not depend on anything but the statements.
#[test]
fn twice_written_is_the_same() {
    assert_eq!(golden_files(), golden_files());
}
