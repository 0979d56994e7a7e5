//! What verify says of whole repositories and of broken ones.

use crate::support::{Repo, index, jobs, package, requires};
use modex_generator::digest::sha256_hex;
use modex_generator::{Error, publish, verify};
use std::fs;
use std::path::PathBuf;

fn findings(repo: &Repo) -> Vec<String> {
    let verdict = verify(repo.path(), &jobs(2)).unwrap();
    verdict.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.what)).collect()
}

fn small() -> Repo {
    Repo::of(&[
        package("a", "1", "x86_64", &requires(&["b", "/usr/bin/b"])),
        package("b", "1", "noarch", "<file>/usr/bin/b</file>"),
    ])
}

fn end(repo: &Repo, end: &str) -> PathBuf {
    let name = repo.files().into_keys().find(|name| name.ends_with(end)).unwrap();
    repo.repodata().join(name)
}

#[test]
fn what_was_published_is_whole() {
    let (one, two) = (small(), Repo::of(&[package("c", "1", "x86_64", &requires(&["/etc/x"]))]));
    index(&[&one, &two]).unwrap();
    // Each knows what the other asked for.
    assert_eq!((findings(&one), findings(&two)), (vec![], vec![]));
    let noarch = Repo::of(&[package("a", "1", "noarch", "")]);
    index(&[&noarch]).unwrap();
    assert_eq!(findings(&noarch), [""; 0]);
}

#[test]
fn shipped_repositories_are_whole_after_indexing() {
    let repos = modex_fixtures::repos_dir();
    if !repos.is_dir() {
        let test = "shipped_repositories_are_whole_after_indexing";
        return modex_fixtures::skipped(test, "fixtures/repos is not here");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut copies = Vec::new();
    for id in ["baseos", "appstream"] {
        let copy = folder.path().join(id);
        fs::create_dir_all(copy.join("repodata")).unwrap();
        for (name, bytes) in crate::support::files(&repos.join(id).join("repodata")) {
            fs::write(copy.join("repodata").join(name), bytes).unwrap();
        }
        copies.push(copy);
    }
    publish::index(&copies, &jobs(2)).unwrap();
    for copy in &copies {
        let verdict = verify(copy, &jobs(2)).unwrap();
        assert!(verdict.findings.is_empty(), "{:?}", verdict.findings);
        assert!(verdict.pointer.unwrap().architectures["x86_64"].packages > 0);
    }
}

#[test]
fn no_index_and_no_repository() {
    assert_eq!(
        findings(&small()),
        ["repomd.xml: there is no record of type modex: it has no index"]
    );
    let folder = tempfile::tempdir().unwrap();
    let error = verify(folder.path(), &jobs(1)).unwrap_err();
    assert!(matches!(error, Error::NoRepository { .. }), "{error}");
}

#[test]
fn every_kind_of_damage_is_named() {
    for (file, want) in [(".hot", "damaged"), (".warm", "damaged"), (".cold", "damaged")] {
        let repo = small();
        index(&[&repo]).unwrap();
        let path = end(&repo, file);
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        for bad in [&flipped[..], &whole[..whole.len() / 2], b""] {
            fs::write(&path, bad).unwrap();
            let found = findings(&repo).join("\n");
            assert!(found.contains(file), "{found}");
            let says =
                [want, "digest", "bytes", "not a modex"].iter().any(|word| found.contains(word));
            assert!(says, "{found}");
        }
        fs::remove_file(&path).unwrap();
        assert!(findings(&repo)[0].contains("it is not there"));
    }
    let repo = small();
    index(&[&repo]).unwrap();
    let pointer = end(&repo, "-modex.json");
    fs::write(&pointer, "{}").unwrap();
    assert!(findings(&repo)[0].contains("not the file that repomd.xml describes"));
    fs::remove_file(&pointer).unwrap();
    assert!(findings(&repo)[0].contains("it is not there"));
}

#[test]
fn newer_documents_than_the_index() {
    let repo = small();
    index(&[&repo]).unwrap();
    let old = fs::read(repo.repodata().join("primary.xml")).unwrap();
    let new = String::from_utf8(old.clone()).unwrap().replace("About a", "About b").into_bytes();
    fs::write(repo.repodata().join("primary.xml"), &new).unwrap();
    let found = findings(&repo);
    assert!(found.len() == 1 && found[0].starts_with("repodata: "), "{found:?}");
    repo.edit_repomd(&sha256_hex(&old), &sha256_hex(&new));
    let found = findings(&repo).join("\n");
    for want in ["another primary document", "another source digest", "another section PTXT"] {
        assert!(found.contains(want), "{found}");
    }
    repo.edit_repomd("<revision>7<", "<revision>8<");
    assert!(findings(&repo).join("\n").contains("revision \"7\""));
}

/// An index that is whole in itself, made from other packages under the same source digest.
#[test]
fn an_index_of_something_else() {
    let (repo, other) = (small(), Repo::of(&[package("evil", "1", "x86_64", "")]));
    let ours = index(&[&repo]).unwrap().remove(0);
    let theirs = index(&[&other]).unwrap().remove(0);
    let hot = &theirs.content.architectures["x86_64"].hot;
    fs::copy(other.repodata().join(&hot.name), repo.repodata().join(&hot.name)).unwrap();
    let mut forged = ours.content.clone();
    forged.architectures.get_mut("x86_64").unwrap().hot = hot.clone();
    let bytes = forged.to_bytes();
    let path = repo.repodata().join(&ours.pointer.name);
    fs::write(&path, &bytes).unwrap();
    repo.edit_repomd(
        &format!("<checksum type=\"sha256\">{}", ours.pointer.sha256),
        &format!("<checksum type=\"sha256\">{}", sha256_hex(&bytes)),
    );
    repo.edit_repomd(&format!("<size>{}<", ours.pointer.size), &format!("<size>{}<", bytes.len()));
    let found = findings(&repo).join("\n");
    assert!(found.contains("made from other documents than the pointer states"), "{found}");
}
