//! Files of every version that this crate says it reads, kept as they were written then.
//!
//! `fixtures/golden/v1/` was written by `golden_files` of `sample.rs`. A test writes a golden file only where the current version
//! has none; a file that is there is never written again. Changing one that was published breaks every mirror's index.

use crate::sample::golden_files;
use crate::touch;
use modex_formats::index::{Cold, FORMAT_VERSION, File, Kind, check};
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
        if name == "cold" && zstd::zstd_safe::version_number() != ZSTD {
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
}

#[test]
fn every_version_reads_back() {
    for version in 1..=FORMAT_VERSION {
        for (name, kind) in [("hot", Kind::Hot), ("warm", Kind::Warm), ("cold", Kind::Cold)] {
            let bytes = std::fs::read(folder(version).join(name)).unwrap();
            assert_eq!(check::whole(&bytes), Ok(kind), "version {version}");
            assert!(touch::open_any(&bytes), "version {version}, {name}");
        }
    }
}

/// A section that nothing fills proves nothing.
#[test]
fn the_golden_index_uses_every_section() {
    for (name, bytes) in golden_files() {
        for (tag, required, section) in File::open(&bytes).unwrap().sections() {
            let tag = tag.escape_ascii();
            assert!(required != ["MSLV", "MSLD"].contains(&tag.to_string().as_str()));
            assert!(section.iter().any(|byte| *byte != 0), "{tag} of {name} is empty");
        }
    }
}

/// The index as written does not depend on anything but the statements.
#[test]
fn twice_written_is_the_same() {
    assert_eq!(golden_files(), golden_files());
}
