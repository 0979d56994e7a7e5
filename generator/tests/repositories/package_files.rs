//! What package files say that primary.xml does not.

use crate::support::{Files, Repo, package, problems};
use modex_fixtures::Package;
use modex_formats::rpm::Nevra;
use modex_generator::publish::{self, Published};
use modex_generator::{Options, PackageFiles, verify};
use std::fs;
use std::path::PathBuf;

const MODULES: &str = "\
---
document: modulemd
version: 2
data:
  name: tool
  stream: \"1\"
  version: 1
  context: aa
  arch: x86_64
  summary: s
  description: d
  license: {module: [MIT]}
  artifacts: {rpms: [\"tool-0:1-1.noarch\"]}
...
";

/// Packages that a document lists, that carry a label, that carry none, and whose file is not there.
fn repo() -> Repo {
    let packages = ["tool", "lost", "plain", "absent"].map(|name| package(name, "1", "noarch", ""));
    let repo = Repo::of(&packages);
    fs::create_dir(repo.path().join("Packages")).unwrap();
    for (name, label) in
        [("tool", Some("tool:1:1:aa")), ("lost", Some("old:1:1:aa")), ("plain", None)]
    {
        fs::write(file(&repo, name), package_file(name, label)).unwrap();
    }
    repo.with("modules", "modules.yaml", MODULES)
}

/// A package file with a label, or without one.
fn package_file(name: &str, label: Option<&str>) -> Vec<u8> {
    let nevra = format!("{name}-1-1.noarch");
    Package::new(Nevra::parse(&nevra).unwrap()).to_file(label)
}

fn file(repo: &Repo, name: &str) -> PathBuf {
    repo.path().join(format!("Packages/{name}-1-1.noarch.rpm"))
}

fn index(repo: &Repo, package_files: PackageFiles, jobs: usize) -> (Published, Files) {
    let arches = vec!["x86_64".into()];
    let options = Options { arches, jobs, package_files, ..Options::default() };
    let published = publish::index(&[repo.path()], &options).unwrap().remove(0);
    let files = Files::of(&published.folder, &published.content, "x86_64");
    (published, files)
}

fn orphans(files: &Files) -> Vec<String> {
    let hot = files.hot();
    hot.orphans.packages().map(|id| hot.nevra(id).unwrap().to_string()).collect()
}

#[test]
fn labels_of_packages_that_no_document_lists() {
    let repo = repo();
    let (published, read) = index(&repo, PackageFiles::Read, 2);
    assert_eq!(orphans(&read), ["lost-0:1-1.noarch"]);
    assert_eq!((published.indexes[0].orphans, problems(&published)), (1, vec![]));
    // What is listed is not even looked at.
    fs::write(file(&repo, "tool"), "no package").unwrap();
    let (published, again) = index(&repo, PackageFiles::Read, 1);
    assert_eq!((again.hot == read.hot, published.repomd_changed), (true, false));

    let (published, unread) = index(&repo, PackageFiles::Unread, 2);
    assert_eq!((orphans(&unread).len(), published.indexes[0].orphans), (0, 0));
    // The three files belong to each other only.
    assert!(unread.hot().source != read.hot().source && unread.warm != read.warm);
}

/// Where there is nothing to tell, the index is the one of those who did not look.
#[test]
fn without_labels_nothing_changes() {
    let repo = repo();
    fs::write(file(&repo, "lost"), package_file("lost", Some(""))).unwrap();
    let (_, unread) = index(&repo, PackageFiles::Unread, 2);
    let (published, read) = index(&repo, PackageFiles::Read, 2);
    assert!(read.hot == unread.hot && read.warm == unread.warm && read.cold == unread.cold);
    assert!(!published.repomd_changed);
}

#[test]
fn files_that_cannot_be_read_are_doubted() {
    let repo = repo();
    let whole = package_file("lost", Some("old:1:1:aa"));
    fs::write(file(&repo, "lost"), &whole[..whole.len() - 1]).unwrap();
    fs::write(file(&repo, "plain"), "<html>").unwrap();
    fs::create_dir(file(&repo, "absent")).unwrap();
    let (published, read) = index(&repo, PackageFiles::Read, 2);
    assert_eq!(orphans(&read), [""; 0]);
    let says = |name: &str, what: &str| {
        format!(
            "Packages/{name}-1-1.noarch.rpm: {name}-0:1-1.noarch: whether it is of a module is \
             not known: {what}"
        )
    };
    let want = [
        says("lost", "it is cut short"),
        says("plain", "it is no package file"),
        says("absent", "it is no package file"),
    ];
    assert_eq!(problems(&published), want);
}

#[test]
fn verifying_looks_at_the_files_that_are_there() {
    let repo = repo();
    let findings = |repo: &Repo| verify(repo.path(), &Options::default()).unwrap().findings;
    index(&repo, PackageFiles::Read, 2);
    assert_eq!(findings(&repo), []);
    fs::remove_file(file(&repo, "lost")).unwrap();
    assert_eq!(findings(&repo), [], "a mirror may leave packages out");
    fs::write(file(&repo, "lost"), package_file("lost", None)).unwrap();
    let found = findings(&repo);
    assert!(found.iter().any(|it| it.what.contains("no section ORPH")), "{found:?}");
}
