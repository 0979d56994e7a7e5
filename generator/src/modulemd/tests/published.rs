//! Real documents, where they are at hand: libmodulemd 2.14's verdicts on them, and what they hold.

use super::{documents, run_with};
use crate::modulemd::{Document, Mode};
use crate::source::{Limits, Severity};
use std::path::{Path, PathBuf};

/// The rows of a table, and the folder it lies in.
fn table(test: &str, path: &str) -> Option<(PathBuf, Vec<Vec<String>>)> {
    let path = modex_fixtures::shared_or_skip(test)?.join(path);
    let Ok(table) = std::fs::read_to_string(&path) else {
        modex_fixtures::skipped(test, &format!("{} is not here", path.display()));
        return None;
    };
    let rows = table.lines().skip(1);
    let rows = rows.map(|row| row.split('\t').map(str::to_owned).collect()).collect();
    Some((path.parent().unwrap().to_owned(), rows))
}

/// How many documents of a file a repository's index refuses.
fn refused(path: &Path, mode: Mode) -> u64 {
    super::collected(&std::fs::read(path).unwrap(), mode).1.dropped
}

#[test]
fn verdicts_are_libmodulemds() {
    let test = "verdicts_are_libmodulemds";
    let Some((folder, rows)) = table(test, "data/modulemd/verdicts.tsv") else { return };
    // Where this reader means to differ, with the number of documents that it leaves out.
    let exceptions = [
        // The whole file is lost to libmodulemd; here only the document of garbage is.
        ("valid_defaults_with_garbage.yaml", 1),
    ];
    for row in &rows {
        let path = folder.join(&row[0]).join(&row[1]);
        for (mode, verdict) in [(Mode::Strict, &row[5]), (Mode::Lax, &row[6])] {
            let exception = exceptions.iter().find(|(name, _)| *name == row[1]);
            let want = exception.map(|(_, dropped)| *dropped).unwrap_or_else(|| {
                match verdict.strip_prefix("fail:") {
                    Some(count) => count.parse().unwrap(),
                    None if verdict == "ok" => 0,
                    None => panic!("{}: {verdict}", row[1]),
                }
            });
            assert_eq!(refused(&path, mode), want, "{} {mode:?}", path.display());
        }
    }
    assert_eq!(rows.len(), 100);
}

/// An unknown key is reported where it stands in the file. (libmodulemd gives the place in a copy of its own making.)
#[test]
fn unknown_keys_are_found_where_they_stand() {
    let test = "unknown_keys_are_found_where_they_stand";
    let Some((folder, rows)) = table(test, "data/modulemd/verdicts.tsv") else { return };
    let mut seen = 0;
    for row in rows.iter().filter(|row| row[3] == "1" && row[8].starts_with("Unexpected key")) {
        let key = row[8].split_whitespace().nth(4).unwrap();
        let text = std::fs::read_to_string(folder.join(&row[0]).join(&row[1])).unwrap();
        let judged = &documents(text.as_bytes(), Mode::Strict)[0];
        let line = text.lines().nth(judged.line as usize - 1).unwrap();
        let found = &line[judged.column.unwrap() as usize - 1..];
        assert!(found.starts_with(key), "{}: {found:?} {judged:?}", row[1]);
        seen += 1;
    }
    assert_eq!(seen, 3);
}

/// What `modulemd_read_packager_file` takes for the input of a build system is taken here, as the same kind.
#[test]
fn sources_are_read_as_libmodulemd_reads_them() {
    let test = "sources_are_read_as_libmodulemd_reads_them";
    let Some((folder, rows)) = table(test, "data/packager/index.tsv") else { return };
    // libmodulemd checks components, licences and configurations only when a document enters an index. Here a source that can never be
    // one of a repository is refused before it is built.
    let never = [
        "libmodulemd__bad_combo_arches_v2.yaml",
        "libmodulemd__bad_packager_v2.yaml",
        "libmodulemd__mixed_buildorder_v2.yaml",
        "libmodulemd__stream_packager_mix.doc02.yaml",
    ];
    for row in &rows {
        let judged = documents(&std::fs::read(folder.join(&row[0])).unwrap(), Mode::Lax);
        let found = match &judged[..] {
            [one] => match &one.document {
                Ok(Document::Stream(_) | Document::PackagerV2(_)) => "ok:ModuleStreamV2",
                Ok(Document::PackagerV3(_)) => "ok:PackagerV3",
                Ok(_) | Err(_) => "error",
            },
            _ => "error",
        };
        let want = if never.contains(&&row[0][..]) { "error" } else { &row[7] };
        assert_eq!(found, want, "{}: {judged:?}", row[0]);
    }
    assert_eq!(rows.len(), 63);
}

/// What mirrors published.
#[test]
fn published_files_are_read_as_libmodulemd_reads_them() {
    let test = "published_files_are_read_as_libmodulemd_reads_them";
    let Some(shared) = modex_fixtures::shared_or_skip(test) else { return };
    let folder = shared.join("data");
    // Documents left out, defaults, names, names and streams, identities, artifacts; 0 where it is not known.
    for (file, damaged, want) in [
        ("el8/appstream-x86_64-2024-08-20.modules.yaml", 6, [0, 49, 55, 96, 569, 26_942]),
        ("el8/appstream-x86_64-2022-12-19.modules.yaml", 6, [0; 6]),
        ("el8/appstream-x86_64-2023-06-30.modules.yaml", 6, [0; 6]),
        ("el8/appstream-x86_64-2023-12-28.modules.yaml", 6, [0; 6]),
        ("el8/appstream-x86_64-2024-06-19.modules.yaml", 6, [0; 6]),
        ("f29/modules.yaml", 0, [0, 9, 0, 0, 64, 0]),
        ("el8/rejected-by-libmodulemd.yaml", 0, [4, 0, 0, 0, 0, 0]),
    ] {
        let Ok(bytes) = std::fs::read(folder.join(file)) else {
            modex_fixtures::skipped(test, &format!("{file} is not here"));
            continue;
        };
        let (modules, report) = run_with(&bytes, 2, &Limits::default());
        let names: std::collections::BTreeSet<_> =
            modules.streams.iter().map(|s| &s.nsvca.name).collect();
        let streams: std::collections::BTreeSet<_> =
            modules.streams.iter().map(|s| (&s.nsvca.name, &s.nsvca.stream)).collect();
        let artifacts: usize = modules.streams.iter().map(|s| s.artifacts.len()).sum();
        let doubts = report.problems.iter().filter(|problem| problem.severity == Severity::Doubted);
        let dropped = report.dropped as usize;
        let found = [
            dropped,
            modules.defaults.len(),
            names.len(),
            streams.len(),
            modules.streams.len(),
            artifacts,
        ];
        for (found, want) in found.iter().zip(want) {
            assert!(want == 0 || *found == want, "{file}: {found} {want} {:?}", report.problems);
        }
        assert_eq!(report.dropped, want[0] as u64, "{file}: {:?}", report.problems);
        // Nothing else is odd than requirements of a stream whose name was read as a number.
        let (perl, other): (Vec<_>, Vec<_>) =
            doubts.map(|doubt| &doubt.what[..]).partition(|what| what.contains("perl:5.3,"));
        assert_eq!((perl.len(), other), (damaged, vec![]), "{file}");
    }
}
