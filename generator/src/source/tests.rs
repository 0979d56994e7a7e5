//! Whole repositories as mirrors publish them, where they are at hand.

use super::*;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A place of the reference data; `None`, said on stderr, where it is not here.
fn at_hand(test: &str, place: &str) -> Option<PathBuf> {
    let path = modex_fixtures::shared_or_skip(test)?.join("data").join(place);
    if !path.exists() {
        modex_fixtures::skipped(test, &format!("{} is not here", path.display()));
        return None;
    }
    Some(path)
}

/// Opens a document of a repository, everything that repomd.xml states to be checked.
fn open(folder: &Path, record: &repomd::Record) -> Opened<'static> {
    // The stub of a filelists.xml in one of the repositories has an open checksum of something else.
    let is_stub = record.open_size == Some(126);
    let open_checksum = record.open_checksum.clone().filter(|_| !is_stub);
    let stated = Stated { open_checksum, ..record.stated() };
    Opened::file(&folder.join(&record.location), stated, &Limits::default()).unwrap()
}

#[test]
fn published_repositories() {
    let limits = Limits::default();
    for (name, packages, paths) in
        [("cs9-appstream", 17_649, 0), ("cs9-baseos", 1125, 3), ("filelists", 1055, 0)]
    {
        let Some(folder) = at_hand("published_repositories", name) else { continue };
        let mut report = Report::new(limits.problems);
        let file =
            Opened::file(&folder.join("repodata/repomd.xml"), Stated::default(), &limits).unwrap();
        let repomd = repomd::read(file, &limits, &mut report).unwrap();
        let (mut kinds, mut ids) = (BTreeMap::new(), HashSet::new());
        let primary = open(&folder, repomd.record("primary").unwrap());
        let summary = primary::read(primary, 2, &limits, &mut report, |chunk| {
            for package in chunk.packages() {
                assert!(
                    package.package_bytes() > 0 && package.build_time() > 0 && package.line() > 2
                );
                assert!(
                    !package.licence().is_empty() && !package.source_rpm().is_empty(),
                    "{}",
                    package.nevra()
                );
                ids.insert(package.checksum().1.to_string());
                for entry in package.entries() {
                    *kinds.entry(entry.kind).or_insert(0) += 1;
                    modex_formats::rpm::Dependency::parse(entry.name).unwrap();
                }
            }
            Ok::<_, Error>(())
        });
        assert_eq!(summary.unwrap(), primary::Summary { packages, found: packages }, "{name}");
        assert!(kinds[&primary::EntryKind::Provides] > packages);

        let asked = HashSet::from([
            "/usr/bin/bash",
            "/bin/sh",
            "/usr/sbin/ldconfig",
            "/usr/bin/sh",
            "/usr/bin/mmcli",
        ]);
        let filelists = open(&folder, repomd.record("filelists").unwrap());
        let summary = filelists::read(
            filelists,
            2,
            &limits,
            &mut report,
            &|path| asked.contains(path),
            |hit| {
                assert!(ids.contains(hit.pkgid) && asked.contains(hit.path));
                Ok::<_, Error>(())
            },
        );
        assert_eq!(summary.unwrap().paths, paths, "{name}");

        // One of the repositories lacks its comps.xml.
        if let Some(record) =
            repomd.record("group").filter(|record| folder.join(&record.location).exists())
        {
            assert!(!comps::read(open(&folder, record), &limits, &mut report).unwrap().is_empty());
        }
        if let Some(record) = repomd.record("modules") {
            let modules =
                crate::modulemd::read(open(&folder, record), 2, &limits, &mut report).unwrap();
            assert_eq!((modules.streams.len(), modules.defaults.len()), (31, 8));
            assert!(modules.streams.iter().all(|stream| stream.static_context));
        }
        assert!(report.is_clean(), "{name}: {:#?}", report.problems);
    }
}

#[test]
fn published_comps() {
    let limits = Limits::default();
    for (name, groups) in [("el8-appstream-x86_64.xml", 59), ("fedora.xml", 227)] {
        let Some(path) = at_hand("published_comps", &format!("comps/{name}")) else { continue };
        let mut report = Report::new(limits.problems);
        let file = Opened::file(&path, Stated::default(), &limits).unwrap();
        let found = comps::read(file, &limits, &mut report).unwrap();
        assert_eq!(found.len(), groups, "{:#?}", report.problems);
        assert!(found.iter().all(|group| !group.name.is_empty()), "{name}");
        assert!(report.is_clean(), "{name}: {:#?}", report.problems);
    }
}
